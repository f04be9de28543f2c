// The window in which a rule is written: what it watches, for which cameras, and who is told.

import { get, put, remove } from "../api.js";
import { attempt, confirm, dialog } from "../components/dialog.js";
import { field, form } from "../components/field.js";
import { h } from "../dom.js";
import { t } from "../strings.js";
import { builder } from "./builder.js";

export const LEVELS = ["info", "warning", "critical"];
const COOL_DOWN_S = 300;

/** Open it for a rule, or for a new one; `again` is called once something has changed. */
export async function editRule(rule, again) {
  const { items: channels } = await get("channels");
  dialog(
    rule ? rule.name : t("rules.add"),
    (close) => {
      const built = builder(rule?.condition ?? "");
      const parts = [
        !rule && field(t("settings.name"), "name", { required: true, maxlength: 64, autofocus: true }),
        built.node,
        h(
          "div.pair",
          field(t("rules.target"), "target", { value: rule?.target ?? "", placeholder: "site=oslo", hint: t("settings.scope.hint") }),
          field(t("alerts.level"), "level", { options: LEVELS.map((level) => [level, t(`alerts.level.${level}`)]), value: rule?.level ?? "warning" }),
        ),
        field(t("rules.message"), "message", { value: rule?.message ?? "", maxlength: 500 }),
        told(channels, rule),
        field(t("rules.enabled"), "enabled", { type: "checkbox", checked: rule?.enabled ?? true }),
      ];
      const send = async (values) => {
        try {
          await put(`rules/${encodeURIComponent(rule?.name ?? values.name)}`, body(values, channels, rule));
        } catch (error) {
          built.wrong(error.message ?? "");
          throw error;
        }
        close();
        await again();
      };
      return form(parts, send, { extra: rule && h("button.danger", { type: "button", onclick: () => drop(rule, again, close) }, t("rules.remove")) });
    },
    { wide: true },
  );
}

const told = (channels, rule) =>
  channels.length
    ? h("fieldset", h("legend", t("rules.tell")), channels.map(({ name }) => field(name, `channel:${name}`, { type: "checkbox", checked: rule?.channels.includes(name) })))
    : h("p.hint", t("rules.tell.none"));

function body({ condition, target, level, message, enabled, ...values }, channels, rule) {
  const { cool_down_s = COOL_DOWN_S, escalate_s = 0, escalate_to = [] } = rule ?? {};
  const names = channels.map((one) => one.name).filter((one) => values[`channel:${one}`]);
  return { condition, target, level, message, enabled: Boolean(enabled), channels: names, cool_down_s, escalate_s, escalate_to };
}

async function drop(rule, again, close) {
  if (!(await confirm(t("rules.remove"), t("rules.remove.text", { name: rule.name })))) return;
  await attempt(() => remove(`rules/${encodeURIComponent(rule.name)}`), t("done"));
  close();
  await again();
}
