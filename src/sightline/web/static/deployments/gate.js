// The gate of a rollout: what a camera has to keep to, or everybody goes back.

import { field } from "../components/field.js";
import { h } from "../dom.js";
import { known, number, t } from "../strings.js";

/** As the hub has them where a plan names none: at least so much, or at most. */
export const LIMITS = {
  agreement: { least: 0.5 },
  counts: { least: 0.5 },
  fps: { least: 0.8 },
  latency_ratio: { most: 2 },
  heat_c: { most: 15 },
  errors: { most: 2 },
  restarts: { most: 2 },
};

const usual = ({ least, most }) => least ?? most;

/** Fields of a form, folded; `asked` picks what was changed in them. */
export const gateFields = () =>
  h(
    "details",
    h("summary", t("gate.title")),
    h("p.hint", t("gate.text")),
    h("div.triple", Object.entries(LIMITS).map(([name, limit]) => field(t(`gate.${name}`), `gate:${name}`, { type: "number", min: 0, step: "any", required: true, value: String(usual(limit)), hint: limit.least ? t("gate.least") : t("gate.most") }))),
  );

/** [the gate that is asked for, the other values] of such a form. */
export function gateOf(values) {
  const names = Object.keys(LIMITS).filter((name) => Number(values[`gate:${name}`]) !== usual(LIMITS[name]));
  const rest = Object.fromEntries(Object.entries(values).filter(([key]) => !key.startsWith("gate:")));
  return [Object.fromEntries(names.map((name) => [name, Number(values[`gate:${name}`])])), rest];
}

/** The limits of a plan, in words. */
export const limitRows = (gate = {}) =>
  Object.entries(LIMITS).map(([name, limit]) => [
    h("dt", t(`gate.${name}`)),
    h("dd", t(limit.least ? "gate.from" : "gate.to", { limit: number(gate[name] ?? usual(limit), 2) })),
  ]);

/** What a trial measured, each beside what it has to keep to. */
export const trialWords = (trial) => Object.entries(trial).map(([name, value]) => `${known(`gate.${name}`) ? t(`gate.${name}`) : name} ${number(value, 2)}`).join(", ");
