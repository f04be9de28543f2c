// The floor in metres: where the known points are, what follows from them, and how sure it is.

import { post } from "../api.js";
import { field } from "../components/field.js";
import { sentence } from "../components/states.js";
import { fill, h, settled } from "../dom.js";
import { number, t } from "../strings.js";
import { joined } from "./properties.js";

const PAUSE_MS = 350;

/** Works the floor of one camera out. `told()` is called when an answer has come; `document` and
 *  `changed` are the editor's. Returns {lines, check(), form(shape), people()}. */
export function floor(path, { document, changed, told }) {
  let answer = null; // of the hub, for the ground that `asked` says
  let asked = "";
  let wrong = "";
  const place = h("div", { role: "status" });

  const ground = () => document.shapes.find((one) => one.kind === "ground");

  /** Ask again where the floor has changed. */
  function check() {
    const value = ground()?.value;
    const key = value ? JSON.stringify([value.picture, value.floor, value.error]) : "";
    if (key === asked) return;
    asked = key;
    answer = null;
    wrong = "";
    if (value && complete(value)) ask(value, key);
    draw();
  }

  const ask = settled(async ({ picture, floor: metres, error }, key) => {
    try {
      const found = await post(`${path}/calibrate/points`, { picture, floor: metres, error: error || 0.005 });
      if (key !== asked) return;
      answer = found;
    } catch (refused) {
      if (key !== asked) return;
      wrong = sentence(refused);
    }
    draw();
    told();
  }, PAUSE_MS);

  /** The floor by people's heights, in the document at once. */
  async function people(button) {
    button.disabled = true;
    fill(place, h("p.soft", t("floor.working")));
    try {
      const found = await post(`${path}/calibrate/people`, {});
      const { picture, floor: metres, error, relative } = found.ground;
      const held = ground();
      const values = { picture, floor: metres, error, relative };
      if (held) document.set(held.id, values);
      else document.add("ground", picture, values);
      answer = found;
      wrong = "";
      asked = JSON.stringify([ground().value.picture, metres, error]);
      draw();
      changed();
    } catch (refused) {
      wrong = sentence(refused);
      draw();
    }
    button.disabled = false;
  }

  function draw() {
    const relative = ground()?.value.relative;
    fill(
      place,
      wrong && h("p.wrong", wrong),
      answer?.mounting && h("p", t("floor.mounting", mounted(answer.mounting))),
      answer && h("p", t("floor.sure", { best: metre(answer.accuracy.best_m), worst: metre(answer.accuracy.worst_m), share: number(Math.max(answer.accuracy.distance, relative || 0) * 100, 0) })),
      answer?.accuracy.residual_m > 0.005 && h("p", t("floor.residual", { n: metre(answer.accuracy.residual_m) })),
      answer && h("p.soft", t("floor.grid")),
    );
  }

  /** What a floor's form has beside its points. */
  function form(shape) {
    const measure = (at, axis) =>
      joined((event, more) => {
        const metres = shape.value.floor.map((one) => [...(one ?? [NaN, NaN])]);
        metres[at][axis] = event.target.value === "" ? NaN : Number(event.target.value);
        document.set(shape.id, { floor: metres.map((one) => (one.every(Number.isNaN) ? null : one)), relative: 0 }, more);
        shape = document.find(shape.id);
        changed();
      });
    const metres = (at, axis) => {
      const held = shape.value.floor[at]?.[axis];
      return h("input", { type: "number", step: "any", inputmode: "decimal", value: Number.isFinite(held) ? String(held) : "", "aria-label": t("floor.metres.at", { n: at + 1, axis: "XY"[axis] }), oninput: measure(at, axis) });
    };
    return [
      h("p.soft", t("floor.measure")),
      h("table.measured", { "aria-label": t("floor.metres") }, h("thead", h("tr", ["floor.point", "floor.x", "floor.y"].map((key) => h("th", { scope: "col" }, t(key))))), h("tbody", shape.value.floor.map((_, at) => h("tr", h("th", { scope: "row" }, String(at + 1)), h("td", metres(at, 0)), h("td", metres(at, 1)))))),
      place,
      byPeople(),
    ];
  }

  const byPeople = () => h("div.actions", h("button", { type: "button", onclick: (event) => people(event.currentTarget) }, t("floor.people")));

  return { check, form, people: () => h("div", byPeople(), place), get lines() { return answer?.lines ?? []; }, get wrong() { return wrong; } };
}

const complete = ({ picture, floor: metres }) => metres.length === picture.length && metres.every((one) => one?.every(Number.isFinite));

const metre = (value) => (value < 0.1 ? `${number(value * 100, 0)} cm` : `${number(value, 2)} m`);

const mounted = ({ height_m, height_error_m, down_degrees, people, scatter }) => ({
  height: number(height_m, 1),
  error: number(height_error_m, 1),
  down: number(down_degrees, 0),
  n: number(people),
  scatter: number(scatter * 100, 0),
});
