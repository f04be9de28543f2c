// Pictures of a camera, where its policy lets any out: asked for with a reason, and looked at.

import { get, post, url } from "../api.js";
import { fill, h } from "../dom.js";
import { ago, t } from "../strings.js";
import { dialog } from "./dialog.js";
import { field, form } from "./field.js";

/** The list, and a way to ask for one; `lay(image)` puts one behind the live view. */
export async function pictures(name, policy, lay) {
  const path = `cameras/${encodeURIComponent(name)}/pictures`;
  if (policy === "none") return h("p.soft", t("pictures.none"));
  const list = h("ul.list");

  async function load() {
    const { items } = await get(path, { limit: 6 });
    fill(
      list,
      items.length
        ? items.map((one) =>
            h(
              "li",
              h("span.grow", one.reason, h("br"), h("span.soft", `${one.asked_by} · ${ago(one.asked_ns / 1e6)}`)),
              one.bytes ? h("button", { type: "button", onclick: () => look(one, lay) }, t("pictures.look")) : h("span.soft", t("pictures.waiting")),
            ),
          )
        : h("li", h("span.soft", t("pictures.empty"))),
    );
  }

  function ask() {
    dialog(t("pictures.ask"), (close) =>
      form([h("p.soft", t("pictures.ask.text", { policy })), field(t("pictures.reason"), "reason", { required: true, minlength: 3, maxlength: 200 })], async (values) => {
        await post(path, values);
        close();
        setTimeout(load, 2500);
        await load();
      }, { submit: t("pictures.ask") }),
    );
  }

  await load();
  return h("div", list, h("div.actions", h("button", { type: "button", onclick: ask }, t("pictures.ask"))));
}

function look(picture, lay) {
  const image = h("img.picture", { src: url(`pictures/${picture.id}/image`), alt: t("pictures.alt", { policy: picture.policy }) });
  const behind = (close) => h("button", { type: "button", onclick: () => (lay(image), close()) }, t("pictures.behind"));
  dialog(picture.reason, (close) => [image, h("p.soft", t("pictures.logged")), h("div.actions", behind(close))], { wide: true });
}
