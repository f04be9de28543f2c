// The picture that one draws on: pointer, touch and keys become changes of the document.

import { cells, marks } from "../canvas/grids.js";
import * as draw from "../canvas/shapes.js";
import { stage } from "../canvas/stage.js";
import { KINDS, middleOf, pointsOf } from "./kinds.js";
import { pressed } from "./keys.js";
import { apart, snapped, under } from "./snapping.js";

const WRONG = "#ff6a3d";
const REACH = { mouse: 12, pen: 14, touch: 24 }; // px around a corner that still mean it
const CLOSE = { mouse: 14, pen: 16, touch: 26 }; // px from the first corner at which a polygon is finished

/** `changed()` is told of each change, `chosen(id)` of what was taken hold of, `said(key, values)`
 *  what a person should know; `behind(pen)` draws what is under the shapes, `caption(shape)` and
 *  `wrong(shape)` say what stands at one and whether it is sound. */
export function easel(label, aspect, document_, { changed, chosen, said, behind, caption, wrong }) {
  let tool = "select";
  let sketch = null; // {kind, points, next} of what is being drawn
  let hold = null;
  let selected = null;
  let corner = null; // of the selected shape, taken by key
  let cursor = null; // where keys point
  let hover = null;
  const view = stage(label, aspect, paint);
  const { canvas } = view;
  view.node.classList.add("easel");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");

  const size = () => [canvas.clientWidth, canvas.clientHeight];
  const outlines = () => document_.drawn.map((one) => ({ id: one.id, points: pointsOf(one), closed: KINDS[one.kind].closed, loose: KINDS[one.kind].loose }));
  const cornersBut = (shape) => document_.drawn.filter((one) => one.id !== shape).flatMap(pointsOf);
  const meant = (place, { shiftKey = false } = {}, from = null, others = cornersBut(null)) => snapped(place, { others, from, straight: shiftKey, size: size() });

  function paint(pen) {
    behind(pen);
    for (const shape of document_.drawn) paintShape(pen, shape, shape.id === selected);
    if (sketch?.points.length) paintSketch(pen);
    if (cursor && tool !== "select") marks(pen, [cursor], [""]);
  }

  function paintShape(pen, shape, bold) {
    const { colour: own, dash, loose } = KINDS[shape.kind];
    const colour = wrong(shape) ? WRONG : own;
    const options = { colour, bold, dash, text: caption(shape) };
    if (shape.kind === "lines") draw.line(pen, shape.value, options);
    else if (loose) marks(pen, pointsOf(shape), pointsOf(shape).map((_, at) => (bold || tool === shape.kind ? caption(shape, at) : "")));
    else draw.zone(pen, shape.value, options);
    if (shape.kind === "shelves" && !wrong(shape)) cells(pen, shape.value, colour);
    if (shape.value.path) draw.way(pen, shape.value.path, colour, bold);
    if (!bold) return;
    for (const { place } of middles(shape)) draw.handle(pen, place, { small: true });
    pointsOf(shape).forEach((point, at) => draw.handle(pen, point, { active: [hold?.corner, hover?.corner, corner].includes(at) }));
  }

  function paintSketch(pen) {
    const { colour, loose, closed } = KINDS[sketch.kind];
    const shown = [...sketch.points, ...(sketch.next ? [sketch.next] : [])];
    if (loose) marks(pen, sketch.points, sketch.points.map((_, at) => String(at + 1)));
    else if (closed && shown.length > 1) draw.zone(pen, { name: "", polygon: shown }, { colour, bold: true });
    else if (shown.length > 1) draw.line(pen, { name: "", points: shown.slice(0, 2) }, { bold: true });
    if (!loose) sketch.points.forEach((point) => draw.handle(pen, point));
  }

  /** Where a side of the selected shape can be pulled out into a corner. */
  function middles(shape) {
    const points = pointsOf(shape);
    if (!KINDS[shape.kind].closed || points.length >= KINDS[shape.kind].most) return [];
    return points.map((_, side) => ({ side, place: middleOf(points, side) }));
  }

  function choose(id, { tell = true } = {}) {
    if (id !== selected) corner = null;
    selected = id;
    if (tell) chosen(id);
    view.again();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    cursor = null;
    const place = view.place(event);
    if (tool !== "select") return point(place, event);
    return grab(place, event);
  });

  function grab(place, event) {
    const reach = REACH[event.pointerType] ?? REACH.mouse;
    const mine = selected && document_.find(selected);
    const middle = mine && middles(mine).find((one) => apart(one.place, place, size()) <= reach * 0.8);
    const found = under(place, outlines(), { size: size(), reach });
    const onCorner = found?.corner !== undefined;
    if (mine?.value.path && apart(mine.value.path[0], place, size()) <= reach) return void (hold = { shape: selected, head: true, moved: false });
    if (middle && !onCorner) return pull(selected, middle.side, place);
    choose(found?.shape ?? null);
    if (!found) return undefined;
    const shape = document_.find(found.shape);
    if (found.side !== undefined && event.altKey && middles(shape).length) return pull(found.shape, found.side, place);
    hold = { ...found, from: place, points: pointsOf(shape), moved: false };
    return undefined;
  }

  function pull(shape, side, place) {
    document_.split(shape, side, place);
    hold = { shape, corner: side + 1, moved: true };
    changed();
  }

  canvas.addEventListener("pointermove", (event) => {
    const place = view.place(event);
    if (sketch) sketch.next = event.pointerType === "touch" ? null : meant(place, event, sketch.points.at(-1));
    else if (hold) drag(place, event);
    else {
      hover = tool === "select" ? under(place, outlines(), { size: size() }) : null;
      canvas.style.cursor = tool !== "select" ? "crosshair" : hover ? (hover.corner === undefined ? "grab" : "move") : "default";
    }
    view.again();
  });

  function drag(place, event) {
    const shape = document_.find(hold.shape);
    if (!shape) return;
    const joined = hold.moved;
    hold.moved = true;
    if (hold.head) document_.head(hold.shape, meant(place, event), { joined });
    else if (hold.corner !== undefined) {
      const points = pointsOf(shape);
      const before = points[(hold.corner + points.length - 1) % points.length];
      document_.move(hold.shape, hold.corner, meant(place, event, before, cornersBut(hold.shape)), { joined });
    } else if (!KINDS[shape.kind].loose) {
      document_.shift(hold.shape, hold.points, place[0] - hold.from[0], place[1] - hold.from[1], { joined });
    }
    changed();
  }

  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      hold = null;
      view.again();
    });
  }
  canvas.addEventListener("dblclick", () => sketch && finish());
  canvas.addEventListener("keydown", (event) => {
    if (pressed(event, self)) event.preventDefault();
    view.again();
  });

  /** One more corner of what is being drawn. */
  function point(place, event = {}) {
    const at = meant(place, event, sketch?.points.at(-1));
    sketch ??= { kind: tool, points: [], next: null };
    const { least, most } = KINDS[sketch.kind];
    const near = (other, px) => other && apart(at, other, size()) < px;
    if (sketch.points.length >= Math.max(least, 3) && KINDS[sketch.kind].closed && near(sketch.points[0], CLOSE[event.pointerType] ?? CLOSE.mouse)) return finish();
    if (!near(sketch.points.at(-1), 3)) sketch.points.push(at);
    if (sketch.points.length === most) return finish();
    sketched();
    return undefined;
  }

  function finish() {
    const { kind, points } = sketch;
    const { least } = KINDS[kind];
    if (points.length < least) return said("fault.unfinished", { least, n: points.length });
    sketch = null;
    const id = document_.add(kind, points);
    use("select");
    choose(id);
    changed();
    return undefined;
  }

  function sketched() {
    if (sketch) said(`tool.${sketch.kind}.next`, { n: sketch.points.length, least: KINDS[sketch.kind].least });
    view.node.dispatchEvent(new CustomEvent("sketch", { detail: sketch?.points.length ?? 0 }));
    view.again();
  }

  function use(next) {
    tool = next;
    sketch = null;
    cursor = null;
    canvas.style.cursor = tool === "select" ? "default" : "crosshair";
    view.node.dispatchEvent(new CustomEvent("tool", { detail: tool }));
    view.again();
  }

  const self = {
    ...view,
    use,
    choose,
    finish,
    document: document_,
    changed,
    get tool() { return tool; },
    get sketching() { return sketch?.points.length ?? 0; },
    selected: () => selected,
    get corner() { return corner; },
    set corner(at) { corner = at; },
    point: () => point(cursor ?? [0.5, 0.5]),
    unpoint() {
      sketch.points.pop();
      if (!sketch.points.length) sketch = null;
      sketched();
    },
    /** Move where keys point. */
    aim(dx, dy) {
      const [x, y] = cursor ?? sketch?.points.at(-1) ?? [0.5, 0.5];
      cursor = [x + dx, y + dy].map((value) => Math.min(Math.max(value, 0), 1));
      if (sketch) sketch.next = cursor;
    },
    hovered: () => (hover?.shape === selected ? hover.corner : undefined),
  };
  return self;
}
