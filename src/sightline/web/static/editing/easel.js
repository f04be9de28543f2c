// The picture that one draws on: pointer and touch become changes of the document.

import { stage } from "../canvas/stage.js";
import * as draw from "../canvas/shapes.js";
import { KINDS, pointsOf } from "./document.js";
import { snapped, under } from "./snapping.js";

const COLOURS = { lines: "#f0e442", zones: "#56b4e9", dwell: "#2fbf94", queues: "#e58bc0" };
const CLOSE = 14; // px from the first corner at which a polygon is finished

/** `changed()` is told of each change, `chosen(id)` of what was taken hold of; `behind(pen)`
 *  draws what is under the shapes. */
export function easel(label, aspect, document_, { changed, chosen, behind, caption }) {
  let tool = "select";
  let sketch = null; // {kind, points} of what is being drawn
  let hold = null;
  let selected = null;
  let hover = null;
  const view = stage(label, aspect, paint);
  const { canvas } = view;
  canvas.tabIndex = 0;

  const size = () => [canvas.clientWidth, canvas.clientHeight];
  const outlines = () => document_.shapes.map((one) => ({ id: one.id, points: pointsOf(one), closed: one.kind !== "lines" }));
  const cornersBut = (shape) => document_.shapes.filter((one) => one.id !== shape).flatMap(pointsOf);

  function paint(pen) {
    behind(pen);
    for (const shape of document_.shapes) {
      const options = { colour: COLOURS[shape.kind], bold: shape.id === selected, text: caption(shape) };
      (shape.kind === "lines" ? draw.line : draw.zone)(pen, shape.value, options);
      if (shape.id === selected) {
        pointsOf(shape).forEach((point, corner) => draw.handle(pen, point, { active: hold?.corner === corner || hover?.corner === corner }));
      }
    }
    if (sketch?.points.length) {
      const shown = [...sketch.points, ...(sketch.next ? [sketch.next] : [])];
      if (sketch.kind === "lines" && shown.length > 1) draw.line(pen, { name: "", points: shown.slice(0, 2) }, { bold: true });
      else if (shown.length > 1) draw.zone(pen, { name: "", polygon: shown }, { colour: COLOURS[sketch.kind], bold: true });
      sketch.points.forEach((point) => draw.handle(pen, point));
    }
  }

  function choose(id) {
    selected = id;
    chosen(id);
    view.again();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    const place = view.place(event);
    if (tool !== "select") return begin(place, event);
    const found = under(place, outlines(), { size: size(), reach: event.pointerType === "touch" ? 22 : 12 });
    choose(found?.shape ?? null);
    if (!found) return;
    const shape = document_.find(found.shape);
    if (found.side !== undefined && shape.kind !== "lines" && event.altKey) {
      document_.split(found.shape, found.side, place);
      hold = { shape: found.shape, corner: found.side + 1, moved: true };
      changed();
    } else {
      hold = { ...found, from: place, points: pointsOf(shape), moved: false };
    }
  });

  canvas.addEventListener("pointermove", (event) => {
    const place = view.place(event);
    if (sketch) {
      sketch.next = meant(place, event, sketch.points.at(-1), cornersBut(null));
      return view.again();
    }
    if (!hold) {
      hover = tool === "select" ? under(place, outlines(), { size: size() }) : null;
      canvas.style.cursor = tool !== "select" ? "crosshair" : hover ? (hover.corner === undefined ? "grab" : "move") : "default";
      return view.again();
    }
    const joined = hold.moved;
    hold.moved = true;
    if (hold.corner !== undefined) {
      const points = pointsOf(document_.find(hold.shape));
      const before = points[(hold.corner + points.length - 1) % points.length];
      document_.move(hold.shape, hold.corner, meant(place, event, before, cornersBut(hold.shape)), { joined });
    } else {
      document_.shift(hold.shape, hold.points, place[0] - hold.from[0], place[1] - hold.from[1], { joined });
    }
    changed();
    return view.again();
  });

  canvas.addEventListener("pointerup", () => {
    hold = null;
    view.again();
  });
  canvas.addEventListener("dblclick", () => sketch && finish());
  canvas.addEventListener("keydown", keys);

  const meant = (place, event, from, others) => snapped(place, { others, from, straight: event.shiftKey, size: size() });

  function begin(place, event) {
    const corner = meant(place, event, sketch?.points.at(-1), cornersBut(null));
    sketch ??= { kind: tool, points: [], next: null };
    const [first] = sketch.points;
    const [width, height] = size();
    const closing = sketch.points.length >= 3 && Math.hypot((corner[0] - first[0]) * width, (corner[1] - first[1]) * height) < CLOSE;
    if (closing) return finish();
    const last = sketch.points.at(-1);
    if (!last || last[0] !== corner[0] || last[1] !== corner[1]) sketch.points.push(corner);
    if (sketch.points.length === KINDS[sketch.kind].most) return finish();
    return view.again();
  }

  function finish() {
    const done = sketch;
    sketch = null;
    if (done.points.length >= KINDS[done.kind].least) {
      choose(document_.add(done.kind, done.points));
      changed();
    }
    use("select");
  }

  function keys(event) {
    if (event.key === "Escape" && (sketch || tool !== "select")) {
      sketch = null;
      use("select");
      event.preventDefault();
    } else if (event.key === "Enter" && sketch) {
      finish();
      event.preventDefault();
    } else if ((event.key === "Delete" || event.key === "Backspace") && selected) {
      if (hover?.shape === selected && hover.corner !== undefined) document_.dropCorner(selected, hover.corner);
      else document_.remove(selected);
      if (!document_.find(selected)) choose(null);
      changed();
      event.preventDefault();
    } else if (event.key.startsWith("Arrow") && selected) {
      const step = event.shiftKey ? 0.02 : 0.002;
      const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
      document_.shift(selected, pointsOf(document_.find(selected)), dx, dy);
      changed();
      event.preventDefault();
    }
    view.again();
  }

  function use(next) {
    tool = next;
    sketch = null;
    canvas.style.cursor = tool === "select" ? "default" : "crosshair";
    view.node.dispatchEvent(new CustomEvent("tool", { detail: tool }));
    view.again();
  }

  return { ...view, use, choose, selected: () => selected };
}
