// A rule put together from what one means, and its text beside it: either may be changed, and the
// other follows.

import { get } from "../api.js";
import { field } from "../components/field.js";
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { DANGERS, PHRASES, UNITS, read, slotsOf, written } from "./phrases.js";

const OWN = "own"; // a text that no phrase writes
const LATELY = "-7d"; // whose places are offered

/** {node, wrong(message)}: the text is the field `condition` of the form around it. */
export function builder(text) {
  let { key, values } = read(text) ?? { key: text ? OWN : "crossed", values: {} };
  const condition = field(t("rules.condition"), "condition", { type: "area", required: true, value: text, spellcheck: "false", hint: t("rules.condition.hint"), oninput: follow });
  const area = condition.querySelector("textarea");
  const mistake = h("pre.wrong-rule", { hidden: true, role: "alert" });
  const slots = h("div.slots");
  const names = Object.keys(PHRASES).map((one) => [one, t(`rules.phrase.${one}`)]);
  const what = field(t("rules.what"), "", { options: [...names, [OWN, t("rules.phrase.own")]], value: key, onchange: (event) => choose(event.target.value) });
  const chooser = what.querySelector("select");

  function choose(next) {
    key = next;
    if (key !== OWN) values = { ...PHRASES[key].usual, ...(PHRASES[key].kinds && values.place ? { place: values.place } : {}) };
    draw();
    write();
    if (key === OWN) area.focus();
  }

  function write() {
    if (key === OWN) return;
    area.value = written(key, values);
    mistake.hidden = true;
  }

  /** What is typed is known again where a phrase could have written it. */
  function follow() {
    const found = read(area.value);
    mistake.hidden = true;
    const next = found?.key ?? OWN;
    if (found) values = found.values;
    if (!found && key === OWN) return;
    key = next;
    chooser.value = key;
    draw();
  }

  function draw() {
    fill(slots, key === OWN ? h("p.hint", t("rules.own.how")) : slotsOf(key).map(slot));
  }

  function slot(name) {
    const set = (value) => ((values[name] = value), write());
    if (name === "span") return span(set);
    if (name === "danger") return field(t("rules.slot.danger"), "", { options: DANGERS.map((one) => [one, t(`event.${one}`)]), value: values.danger, onchange: (event) => set(event.target.value) });
    if (name === "place") return place(set);
    return field(t(`rules.slot.${key}`), "", { type: "number", min: 0, step: "any", required: true, value: values.n, oninput: (event) => set(event.target.value) });
  }

  function span(set) {
    const [n, unit] = values.span.split(" ");
    const number = h("input", { type: "number", min: 0, step: "any", required: true, value: n, "aria-label": t("rules.slot.span.n"), oninput: say });
    const units = h("select", { "aria-label": t("rules.slot.span.unit"), onchange: say }, UNITS.map((one) => h("option", { value: one, selected: one === unit }, t(`rules.unit.${one}`))));
    function say() {
      set(`${number.value} ${units.value}`);
    }
    return h("fieldset.plain", h("legend", t(key === "often" ? "rules.slot.within" : "rules.slot.span")), h("div.pair", number, units));
  }

  function place(set) {
    const known = h("datalist", { id: "known-places" });
    offer(PHRASES[key].kinds, known);
    const given = field(t(key === "waiting" ? "rules.slot.queue" : PHRASES[key].kinds.includes("line.crossed") ? "rules.slot.line" : "rules.slot.zone"), "", { required: true, maxlength: 64, list: "known-places", autocomplete: "off", value: values.place ?? "", hint: t("rules.slot.place.hint"), oninput: (event) => set(event.target.value.trim()) });
    return [given, known];
  }

  draw();
  if (!text) write();
  return {
    node: h("div.builder", h("fieldset", h("legend", t("rules.build")), what, slots), h("div.stack", condition, mistake)),
    /** A rule that is wrong comes back with a mark under the place. */
    wrong(message) {
      mistake.textContent = message;
      mistake.hidden = !message.includes("\n");
    },
  };
}

/** Names of what was counted lately; without them one types the name. */
async function offer(kinds, list) {
  const told = await get("series", { kind: kinds, over: ["camera", "part"], from: LATELY, resolution: "day" }).catch(() => ({ series: [] }));
  fill(list, [...new Set(told.series.map((one) => one.name))].filter(Boolean).sort().map((name) => h("option", { value: name })));
}
