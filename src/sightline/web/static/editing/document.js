// What is being edited: the shapes of one camera's configuration, with their history. No page,
// no pointer: only values.

const MOST = 200; // steps that can be undone

/** Kinds of shapes: the key of the configuration, the key of the points, and how many there are. */
export const KINDS = {
  lines: { points: "points", least: 2, most: 2 },
  zones: { points: "polygon", least: 3, most: 64 },
  dwell: { points: "polygon", least: 3, most: 64 },
  queues: { points: "polygon", least: 3, most: 64 },
};

export class Document {
  #past = [];
  #future = [];
  #saved;

  constructor(config) {
    this.shapes = shapesOf(config);
    this.#saved = this.shapes;
  }

  get changed() {
    return this.shapes !== this.#saved;
  }

  get undoable() {
    return this.#past.length > 0;
  }

  get redoable() {
    return this.#future.length > 0;
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

  saved() {
    this.#saved = this.shapes;
  }

  /** Move one corner. */
  move(shape, corner, place, options) {
    this.commit(this.#with(shape, (one) => withPoints(one, pointsOf(one).map((held, at) => (at === corner ? round(place) : held)))), options);
  }

  /** Move a whole shape by (dx, dy), as far as the picture goes. */
  shift(shape, from, dx, dy, options) {
    const spread = (axis) => {
      const values = from.map((point) => point[axis]);
      return [-Math.min(...values), 1 - Math.max(...values)];
    };
    const [x, y] = [dx, dy].map((by, axis) => Math.min(Math.max(by, spread(axis)[0]), spread(axis)[1]));
    this.commit(this.#with(shape, (one) => withPoints(one, from.map(([px, py]) => round([px + x, py + y])))), options);
  }

  add(kind, points, value = {}) {
    const name = value.name ?? this.freeName(kind === "lines" ? "line" : kind === "queues" ? "queue" : "zone");
    const shape = { id: crypto.randomUUID(), kind, value: { ...value, name, [KINDS[kind].points]: points.map(round) } };
    this.commit([...this.shapes, shape]);
    return shape.id;
  }

  remove(shape) {
    this.commit(this.shapes.filter((one) => one.id !== shape));
  }

  set(shape, key, to) {
    this.commit(this.#with(shape, (one) => ({ ...one, value: { ...one.value, [key]: to } })));
  }

  /** A new corner between two others. */
  split(shape, after, place) {
    this.commit(
      this.#with(shape, (one) => withPoints(one, [...pointsOf(one).slice(0, after + 1), round(place), ...pointsOf(one).slice(after + 1)])),
    );
  }

  dropCorner(shape, corner) {
    const one = this.find(shape);
    if (pointsOf(one).length <= KINDS[one.kind].least) return this.remove(shape);
    return this.commit(this.#with(shape, () => withPoints(one, pointsOf(one).filter((_, at) => at !== corner))));
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
    const next = { ...config };
    for (const kind of Object.keys(KINDS)) {
      const mine = this.shapes.filter((one) => one.kind === kind).map((one) => one.value);
      if (mine.length || config[kind]?.length) next[kind] = mine;
    }
    return next;
  }

  #with(shape, change) {
    return this.shapes.map((one) => (one.id === shape ? change(one) : one));
  }
}

export const pointsOf = (shape) => shape.value[KINDS[shape.kind].points];

const withPoints = (shape, points) => ({ ...shape, value: { ...shape.value, [KINDS[shape.kind].points]: points } });

const round = ([x, y]) => [x, y].map((value) => Math.round(Math.min(Math.max(value, 0), 1) * 1e4) / 1e4);

const shapesOf = (config) =>
  Object.keys(KINDS).flatMap((kind) =>
    (config[kind] ?? []).map((value) => ({ id: crypto.randomUUID(), kind, value })),
  );
