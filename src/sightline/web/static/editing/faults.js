// What the camera would refuse, found while it is drawn.

import { KINDS, pointsOf } from "./kinds.js";
import { crossesItself } from "./snapping.js";

const THIN = 1e-4; // of the picture's area

/** What is wrong with a shape, as {key, values} of the catalogue, or null. */
export function faultOf(shape, shapes) {
  if (shape.fixed) return null;
  const { kind, value } = shape;
  const points = pointsOf(shape);
  const name = value.name?.trim();
  const told = (key, values = {}) => ({ key: `fault.${key}`, values: { name: value.name || "?", ...values } });
  if (!KINDS[kind].one) {
    if (!name) return told("nameless");
    if (shapes.some((one) => one !== shape && one.kind === kind && one.value.name === value.name)) return told("twice");
  }
  if (points.length < KINDS[kind].least) return told("few", { n: KINDS[kind].least });
  const twice = points.findIndex((one, at) => points.some((other, after) => after > at && same(one, other)));
  if (twice >= 0) return told("double", { n: twice + 1 });
  if (KINDS[kind].closed) {
    if (crossesItself(points)) return told("crosses");
    if (Math.abs(area(points)) < THIN) return told("thin");
  }
  if (kind === "shelves" && !convex(points)) return told("dented");
  if (kind === "ground" && value.floor.some((place) => !place || place.some((metres) => !Number.isFinite(metres)))) return told("unmeasured");
  return null;
}

const same = ([ax, ay], [bx, by]) => ax === bx && ay === by;

/** Twice the area; its sign is the way round. */
const area = (points) => points.reduce((sum, [x, y], at) => sum + x * points[(at + 1) % points.length][1] - points[(at + 1) % points.length][0] * y, 0);

function convex(points) {
  const turns = points.map((one, at) => {
    const [next, after] = [points[(at + 1) % points.length], points[(at + 2) % points.length]];
    return Math.sign((next[0] - one[0]) * (after[1] - next[1]) - (next[1] - one[1]) * (after[0] - next[0]));
  });
  return turns.every((turn) => turn === turns[0]);
}
