// All cameras: found, chosen, tagged, let in and shut out.

import { all, patch, remove } from "../api.js";
import { asQuestion, cameraLink, cameraState, seen, tags } from "../components/cameras.js";
import { attempt, confirm, dialog } from "../components/dialog.js";
import { field, form } from "../components/field.js";
import { icon } from "../components/icon.js";
import { head } from "../components/panel.js";
import { empty, sentence } from "../components/states.js";
import { table } from "../components/table.js";
import { fill, h, settled } from "../dom.js";
import { go, query, remember } from "../router.js";
import { may, mayAll } from "../session.js";
import { t } from "../strings.js";
import { enrol } from "../components/enrol.js";

const EVERY = 5000;

export default async function fleet({ onLeave, alive }) {
  let asked = query().q ?? "";
  const wrong = h("p.wrong", { role: "alert", hidden: true });
  const search = h("input", { type: "search", value: asked, placeholder: t("fleet.search"), "aria-label": t("fleet.search"), oninput: settled(find, 250) });
  const rows = table(
    t("place.fleet"),
    [
      { title: t("camera.name"), cell: (one) => cameraLink(one.name), sort: (one) => one.name },
      { title: t("camera.state"), cell: cameraState, sort: (one) => one.state },
      { title: t("camera.tags"), cell: tags, narrow: false },
      { title: t("camera.model"), cell: (one) => one.model || t("none"), sort: (one) => one.model, narrow: false },
      { title: t("camera.seen"), cell: (one) => seen(one.seen_ns), sort: (one) => -one.seen_ns },
      { title: t("camera.version"), cell: (one) => one.version || t("none"), sort: (one) => one.version, narrow: false },
    ],
    { choose: may("operator"), onOpen: (one) => go(`/cameras/${encodeURIComponent(one.name)}`) },
  );
  const place = h("div");
  const chosen = h("div.toolbar", { hidden: true });
  rows.node.addEventListener("chosen", ({ detail }) => {
    chosen.hidden = !detail;
    fill(
      chosen,
      h("strong", t("fleet.chosen", { n: detail })),
      h("button", { type: "button", onclick: tag }, t("fleet.tag")),
      h("button", { type: "button", onclick: () => roll(rows.chosen()) }, t("fleet.roll")),
      may("admin") && h("button.danger", { type: "button", onclick: revoke }, t("fleet.revoke")),
    );
  });

  async function find() {
    asked = search.value.trim();
    remember({ q: asked });
    await load();
  }

  async function load() {
    try {
      const cameras = await all("cameras", { q: asQuestion(asked) });
      if (!alive()) return;
      wrong.hidden = true;
      if (!cameras.length && !asked) fill(place, nobody());
      else {
        if (!rows.node.isConnected) fill(place, rows.node);
        rows.rows(cameras);
      }
    } catch (error) {
      wrong.textContent = sentence(error);
      wrong.hidden = false;
    }
  }

  function tag() {
    const picked = rows.chosen();
    dialog(t("fleet.tag"), (close) =>
      form(
        [field(t("fleet.tag.key"), "key", { required: true, placeholder: "site" }), field(t("fleet.tag.value"), "value", { placeholder: "oslo", hint: t("fleet.tag.hint") })],
        async ({ key, value }) => {
          for (const one of picked) {
            const { [key]: _, ...others } = one.tags;
            await patch(`cameras/${encodeURIComponent(one.name)}`, { tags: value ? { ...others, [key]: value } : others });
          }
          close();
          rows.clear();
          await load();
        },
      ),
    );
  }

  async function revoke() {
    const picked = rows.chosen();
    if (!(await confirm(t("fleet.revoke"), t("fleet.revoke.text", { n: picked.length })))) return;
    await attempt(async () => {
      for (const one of picked) await remove(`cameras/${encodeURIComponent(one.name)}`);
    }, t("done"));
    rows.clear();
    await load();
  }

  const nobody = () =>
    empty(t("fleet.empty"), t("fleet.empty.text"), mayAll("operator") && h("a.button.primary", { href: "/welcome" }, t("enrol.title")), "camera");

  await load();
  const timer = setInterval(load, EVERY);
  onLeave(() => clearInterval(timer));
  return h(
    "div",
    head(t("place.fleet"), { actions: [mayAll("operator") && h("button.primary", { type: "button", onclick: () => enrol(load) }, icon("plus"), t("enrol.title"))] }),
    h("div.toolbar", h("div.grow", search)),
    wrong,
    chosen,
    place,
  );
}

const roll = (cameras) => go(`/deployments?to=${encodeURIComponent(cameras.map((one) => `name=${one.name}`).join(" or "))}`);
