// Which pixels each camera lets out, and what it did let out; changed for many at once.

import { all, patch } from "../api.js";
import { asQuestion, cameraLink } from "../components/cameras.js";
import { dialog, toast } from "../components/dialog.js";
import { field, form } from "../components/field.js";
import { sentence } from "../components/states.js";
import { table } from "../components/table.js";
import { fill, h, settled } from "../dom.js";
import { query, remember } from "../router.js";
import { may } from "../session.js";
import { number, t } from "../strings.js";

const POLICIES = ["none", "redacted", "roi", "full"];

export async function privacy() {
  let asked = query().q ?? "";
  const wrong = h("p.wrong", { role: "alert", hidden: true });
  const chosen = h("div.toolbar", { hidden: true });
  const rows = table(
    t("settings.privacy"),
    [
      { title: t("events.camera"), cell: (one) => cameraLink(one.camera), sort: (one) => one.camera },
      { title: t("privacy.policy"), cell: policy, sort: (one) => POLICIES.indexOf(one.policy) },
      { title: t("privacy.classes"), cell: (one) => (["redacted", "roi"].includes(one.policy) ? one.classes.join(", ") : t("none")), narrow: false },
      { title: t("privacy.left"), cell: (one) => number(one.pictures), sort: (one) => -one.pictures, number: true },
    ],
    { choose: may("operator"), key: (one) => one.camera },
  );
  rows.node.addEventListener("chosen", ({ detail }) => {
    chosen.hidden = !detail;
    fill(chosen, h("strong", t("fleet.chosen", { n: detail })), h("button", { type: "button", onclick: set }, t("privacy.set")));
  });

  async function load() {
    try {
      rows.rows(await all("privacy", { q: asQuestion(asked) }));
      wrong.hidden = true;
    } catch (error) {
      wrong.textContent = sentence(error);
      wrong.hidden = false;
    }
  }

  function set() {
    const picked = rows.chosen();
    dialog(t("privacy.set"), (close) =>
      form(
        [
          field(t("privacy.policy"), "policy", { options: POLICIES.map((key) => [key, `${t(`privacy.${key}`)}: ${t(`privacy.${key}.text`)}`]), value: "none" }),
          field(t("privacy.classes"), "classes", { value: "person", hint: t("privacy.classes.hint") }),
        ],
        async ({ policy, classes }) => {
          const named = classes.split(",").map((one) => one.trim()).filter(Boolean);
          const body = { privacy: { policy, ...(named.length ? { classes: named } : {}) } };
          for (const one of picked) await patch(`cameras/${encodeURIComponent(one.camera)}/twin`, body);
          toast(t("privacy.set.done", { n: picked.length }));
          close();
          rows.clear();
          await load();
        },
      ),
    );
  }

  const search = h("input", { type: "search", value: asked, placeholder: t("fleet.search"), "aria-label": t("fleet.search"), oninput: settled(find, 250) });

  async function find() {
    asked = search.value.trim();
    remember({ q: asked });
    await load();
  }

  await load();
  return h("div.stack", h("p.soft", t("privacy.text")), h("div.toolbar", h("div.grow", search)), wrong, chosen, rows.node);
}

function policy(one) {
  if (!one.policy && !one.asked) return h("span.soft", t("privacy.unknown"));
  const now = one.policy ? t(`privacy.${one.policy}`) : t("privacy.unknown");
  const title = one.policy ? t(`privacy.${one.policy}.text`) : null;
  return [h("span", { title }, now), one.asked && h("span.soft", ` ${t("privacy.asked", { policy: t(`privacy.${one.asked}`) })}`)];
}
