// Floor plans: every place at a glance, and a way to begin one.

import { get, Refused, request } from "../api.js";
import { dialog } from "../components/dialog.js";
import { field, form } from "../components/field.js";
import { icon } from "../components/icon.js";
import { head } from "../components/panel.js";
import { empty } from "../components/states.js";
import { planCard } from "../floor/card.js";
import { h } from "../dom.js";
import { go } from "../router.js";
import { mayAll } from "../session.js";
import { t } from "../strings.js";

const NEW = '"0"'; // the version of what is not there yet

export default async function plans({ onLeave }) {
  const { items } = await get("plans");
  const cards = items.map((plan) => planCard(plan));
  onLeave(() => cards.forEach((one) => one.close()));
  const begin = mayAll("operator") && h("button.primary", { type: "button", onclick: add }, icon("plus"), t("plans.add"));
  return h(
    "div",
    head(t("plans.title"), { sub: t("plans.sub"), actions: items.length ? [begin] : [] }),
    items.length ? h("div.plans", cards.map((one) => one.node)) : empty(t("plans.empty"), t(mayAll("operator") ? "plans.empty.text" : "plans.empty.viewer"), begin || null, "zone"),
  );
}

function add() {
  dialog(t("plans.add"), (close) =>
    form(
      [
        field(t("plan.name"), "name", { required: true, maxlength: 64, placeholder: t("plan.name.example") }),
        field(t("plan.site"), "site", { maxlength: 256, placeholder: "oslo", hint: t("plan.site.hint") }),
        h("div.pair", field(t("plan.width"), "width", size(20)), field(t("plan.height"), "height", size(12))),
        h("p.hint", t("plan.size.hint")),
      ],
      async ({ name, site, width, height }) => {
        const body = { site: site.trim(), size: [Number(width), Number(height)] };
        await request("PUT", `plans/${encodeURIComponent(name.trim())}`, { body, etag: NEW }).catch((error) => {
          throw error.status === 412 ? new Refused(412, { detail: t("plans.taken") }) : error;
        });
        close();
        go(`/plans/${encodeURIComponent(name.trim())}`);
      },
      { submit: t("plans.begin") },
    ),
  );
}

const size = (value) => ({ type: "number", value: String(value), min: 0.5, max: 10000, step: "any", required: true });
