// What is being edited: the shapes of one camera's configuration, with their history. No page,
// no pointer: only values.

import { around, KINDS, middleOf, pointsOf, rounded, shapesOf, withPoints } from "./kinds.js";
import { merge, same } from "./merging.js";

export { KINDS, pointsOf } from "./kinds.js";

const MOST = 200; // steps that can be undone

export class Document {
  #past = [];
  #future = [];
  #saved;

  constructor(config) {
    this.shapes = shapesOf(config);
    this.#saved = this.shapes;
  }

  get changed() {
    return this.shapes !== this.#saved && !same(this.shapes, this.#saved);
  }

  get undoable() {
    return this.#past.length > 0;
  }

  get redoable() {
    return this.#future.length > 0;
  }

  /** Those that can be drawn on the picture. */
  get drawn() {
    return this.shapes.filter((one) => !one.fixed);
  }

  /** Make `shapes` the present; with `joined` it replaces the step before (a drag is one step). */
  commit(shapes, { joined = false } = {}) {
    if (!joined) {
      this.#past.push(this.shapes);
      if (this.#past.length > MOST) this.#past.shift();
    }
    this.#future = [];
    this.shapes = shapes;
  }

  undo() {
    if (!this.undoable) return;
    this.#future.push(this.shapes);
    this.shapes = this.#past.pop();
  }

  redo() {
    if (!this.redoable) return;
    this.#past.push(this.shapes);
    this.shapes = this.#future.pop();
  }

  /** Go on where another document of this camera stopped: its `base`, and the patch of it. */
  resume({ base, patch }) {
    this.shapes = this.#saved = shapesOf(base);
    this.commit(shapesOf({ ...base, ...patch }, this.shapes));
  }

  /** What was saved is `config` now. */
  saved(config) {
    this.#saved = shapesOf(config, this.shapes);
    if (same(this.#saved, this.shapes)) this.shapes = this.#saved;
  }

  /** Take in what somebody else saved. What both changed stays as `prefer` has it ("mine" or
   *  "theirs") and is returned; every step of the history gets it too. */
  rebase(config, prefer = "mine") {
    const theirs = shapesOf(config, this.#saved);
    const { shapes, conflicts } = merge(this.#saved, this.shapes, theirs, prefer);
    const onto = (step) => merge(this.#saved, step, theirs, prefer).shapes;
    this.#past = this.#past.map(onto);
    this.#future = this.#future.map(onto);
    this.#saved = theirs;
    this.shapes = shapes;
    return conflicts;
  }

  /** What both of us changed, if somebody else's is `config`. */
  conflicts(config) {
    return merge(this.#saved, this.shapes, shapesOf(config, this.#saved)).conflicts;
  }

  /** Move one corner. */
  move(shape, corner, place, options) {
    this.commit(this.#with(shape, (one) => withPoints(one, pointsOf(one).map((held, at) => (at === corner ? rounded(place) : held)))), options);
  }

  /** Move a whole shape by (dx, dy), as far as the picture goes. */
  shift(shape, from, dx, dy, options) {
    const spread = (axis) => {
      const values = from.map((point) => point[axis]);
      return [-Math.min(...values), 1 - Math.max(...values)];
    };
    const [x, y] = [dx, dy].map((by, axis) => Math.min(Math.max(by, spread(axis)[0]), spread(axis)[1]));
    const moved = ([px, py]) => rounded([px + x, py + y]);
    // How far it has come by now says how far what goes with it still has to.
    const [[hereX, hereY], [toX, toY]] = [pointsOf(this.find(shape))[0], moved(from[0])];
    const along = ([px, py]) => rounded([px + toX - hereX, py + toY - hereY]);
    this.commit(this.#with(shape, (one) => withPoints(one, from.map(moved), one.value.path ? { path: one.value.path.map(along) } : {})), options);
  }

  /** Where a queue begins. */
  head(shape, place, options) {
    this.set(shape, { path: [rounded(place), ...this.find(shape).value.path.slice(1)] }, options);
  }

  add(kind, points, value = {}) {
    const { stem, one, fresh, headed, points: key } = KINDS[kind];
    const corners = (kind === "shelves" ? around(points) : points).map(rounded);
    const named = one ? { floor: corners.map(() => null) } : { name: this.freeName(stem), ...(headed ? { path: [rounded(middleOf(corners, 0))] } : {}) };
    const shape = { id: crypto.randomUUID(), kind, value: { ...named, ...fresh, ...value, [key]: corners } };
    this.commit([...this.shapes.filter((held) => !one || held.kind !== kind), shape]);
    return shape.id;
  }

  remove(shape) {
    this.commit(this.shapes.filter((one) => one.id !== shape));
  }

  /** Other values of a shape; undefined takes one away. */
  set(shape, values, options) {
    this.commit(this.#with(shape, (one) => ({ ...one, value: kept({ ...one.value, ...values }) })), options);
  }

  /** A new corner between two others. */
  split(shape, after, place) {
    this.commit(this.#with(shape, (one) => withPoints(one, inserted(pointsOf(one), after + 1, rounded(place)), measured(one, (floor) => inserted(floor, after + 1, null)))));
  }

  dropCorner(shape, corner) {
    const one = this.find(shape);
    if (pointsOf(one).length <= KINDS[one.kind].least) return this.remove(shape);
    const without = (list) => list.filter((_, at) => at !== corner);
    return this.commit(this.#with(shape, () => withPoints(one, without(pointsOf(one)), measured(one, without))));
  }

  /** A line the other way round: in and out change places. */
  turn(shape) {
    this.commit(this.#with(shape, (one) => withPoints(one, [...pointsOf(one)].reverse())));
  }

  find(shape) {
    return this.shapes.find((one) => one.id === shape);
  }

  freeName(stem) {
    const taken = new Set(this.shapes.map((one) => one.value.name));
    let count = 1;
    while (taken.has(`${stem} ${count}`)) count += 1;
    return `${stem} ${count}`;
  }

  /** `config` with these shapes in it; everything else as it was. */
  into(config) {
    const next = { ...config, ...this.patch(config) };
    return kept(Object.fromEntries(Object.entries(next).map(([key, value]) => [key, value ?? undefined])));
  }

  /** What changes `config` into that, as a merge patch. */
  patch(config) {
    const patch = {};
    for (const [kind, { one }] of Object.entries(KINDS)) {
      const mine = this.shapes.filter((shape) => shape.kind === kind).map((shape) => shape.value);
      if (one && (mine.length || config[kind])) patch[kind] = mine[0] ?? null;
      else if (!one && (mine.length || config[kind]?.length)) patch[kind] = mine;
    }
    return patch;
  }

  #with(shape, change) {
    return this.shapes.map((one) => (one.id === shape ? change(one) : one));
  }
}

const inserted = (list, at, one) => [...list.slice(0, at), one, ...list.slice(at)];

/** The places in metres that go with the points of a floor; nothing for what has none. */
const measured = ({ kind, value }, change) => (kind === "ground" ? { floor: change(value.floor) } : {});

const kept = (value) => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
