// What is known of the chosen shape, to change by mouse, touch or keys alike: its name, what it
// counts, its corners one by one.

import { field } from "../components/field.js";
import { icon } from "../components/icon.js";
import { h } from "../dom.js";
import { t } from "../strings.js";
import { KINDS, middleOf, pointsOf } from "./kinds.js";

const SIZES = { rows: 20, columns: 40 };

/** The form of one shape. `edit` is {document, changed, board}; `numbers` and `floor` are built by
 *  the page: what it would have counted, and what a floor needs beside. */
export function properties(shape, edit, { fault, numbers, floor }) {
  const { one, points: key } = KINDS[shape.kind];
  const set = (values, options) => (edit.document.set(shape.id, values, options), edit.changed());
  return h(
    "div.properties",
    { data: { shape: shape.id } },
    h("div.row.between", h("strong.kind", icon(KINDS[shape.kind].sign), t(`tool.${shape.kind}`)), h("button.quiet", { type: "button", onclick: () => edit.board.choose(null) }, t("editor.back"))),
    fault,
    !one && field(t("editor.name"), "name", { value: shape.value.name, maxlength: 64, required: true, oninput: joined((event, more) => set({ name: event.target.value }, more)) }),
    shape.kind === "shelves" && shelf(shape, set),
    !one && shape.kind !== "shelves" && field(t("editor.classes"), "classes", { value: (shape.value.classes ?? []).join(", "), placeholder: t("editor.classes.all"), onchange: (event) => set({ classes: words(event.target.value) }) }),
    limit(shape, set),
    KINDS[shape.kind].headed && h("div.row.between", h("span.soft", t("editor.head.how")), h("button", { type: "button", onclick: () => nextHead(shape, edit) }, t("editor.head.next"))),
    numbers,
    floor,
    corners(shape, edit, key),
    h(
      "div.actions",
      shape.kind === "lines" && h("button", { type: "button", onclick: () => (edit.document.turn(shape.id), edit.changed()) }, t("editor.turn")),
      h("button.danger", { type: "button", onclick: () => (edit.document.remove(shape.id), edit.board.choose(null), edit.changed()) }, icon("trash"), t("editor.remove")),
    ),
  );
}

/** A handler for typing: all that is typed until one leaves the field is one step to undo. */
export function joined(change) {
  let typing = false;
  return (event) => {
    change(event, { joined: typing });
    if (!typing) event.target.addEventListener("change", () => (typing = false), { once: true });
    typing = true;
  };
}

/** The number from which on it calls for attention. */
function limit({ kind, value }, set) {
  const { limit: key } = KINDS[kind];
  const change = (event) => set({ [key]: event.target.value === "" ? undefined : Math.max(Number(event.target.value), 1) });
  return key && field(t(`editor.${key}`), key, { type: "number", min: 1, value: value[key] ?? "", placeholder: t("editor.limit.none"), onchange: change });
}

/** The head of a queue to the middle of the next side, for those who do not drag it. */
function nextHead({ id }, { document, changed }) {
  const { path, polygon } = document.find(id).value;
  const off = polygon.map((_, side) => Math.hypot(...middleOf(polygon, side).map((value, axis) => value - path[0][axis])));
  document.head(id, middleOf(polygon, (off.indexOf(Math.min(...off)) + 1) % polygon.length));
  changed();
}

function shelf({ value }, set) {
  const size = (key) => (event) => {
    const count = Math.min(Math.max(Math.round(Number(event.target.value)) || 1, 1), SIZES[key]);
    event.target.value = String(count);
    set({ [key]: count, ...(value.plan?.length ? { plan: undefined } : {}) });
  };
  return [
    h("div.pair", Object.keys(SIZES).map((key) => field(t(`editor.${key}`), key, { type: "number", min: 1, max: SIZES[key], value: String(value[key]), onchange: size(key) }))),
    field(t("editor.by"), "by", { options: ["picture", "detections"].map((by) => [by, t(`editor.by.${by}`)]), value: value.by ?? "picture", onchange: (event) => set({ by: event.target.value }) }),
    value.by === "detections" && field(t("editor.products"), "products", { value: (value.products ?? []).join(", "), placeholder: t("editor.products.all"), onchange: (event) => set({ products: words(event.target.value) }) }),
  ];
}

/** Each corner in numbers; a floor's points have their metres beside. */
function corners(shape, { document, changed }, key) {
  const points = pointsOf(shape);
  const spare = points.length > KINDS[shape.kind].least;
  const move = (corner, axis) => (event) => {
    const point = [...pointsOf(document.find(shape.id))[corner]];
    point[axis] = Number(event.target.value);
    document.move(shape.id, corner, point);
    changed();
  };
  const number = (corner, axis) =>
    h("input", { type: "number", min: 0, max: 1, step: 0.001, value: String(points[corner][axis]), "aria-label": t("editor.corner", { n: corner + 1, axis: "xy"[axis] }), onchange: move(corner, axis) });
  const gone = (corner) =>
    h("button.quiet", { type: "button", "aria-label": t("editor.corner.remove", { n: corner + 1 }), title: t("editor.corner.remove", { n: corner + 1 }), onclick: () => (document.dropCorner(shape.id, corner), changed()) }, icon("close"));
  return h(
    "details.corners",
    h("summary", t(key === "picture" ? "editor.points" : "editor.corners")),
    h("ol", points.map((_, corner) => h("li", number(corner, 0), number(corner, 1), spare && gone(corner)))),
  );
}

const words = (text) => text.split(",").map((word) => word.trim()).filter(Boolean);
