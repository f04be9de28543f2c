// What can be drawn, by the key of the configuration. Each kind has a form of its own on the
// picture (colour, dashes, a word), so that colour alone never tells two apart.

/** points: the key of the places; least, most: how many; closed: a polygon; loose: single points;
 *  one: there is one a camera, without a name; fresh: what a new one holds beside; limit: the key
 *  of the number above which it calls for attention; headed: its `path` begins at a head. */
export const KINDS = {
  lines: { points: "points", least: 2, most: 2, stem: "line", sign: "line", colour: "#f0e442" },
  zones: { points: "polygon", least: 3, most: 64, closed: true, stem: "zone", sign: "zone", colour: "#56b4e9", limit: "capacity" },
  dwell: { points: "polygon", least: 3, most: 64, closed: true, stem: "stay", sign: "clock", colour: "#2fbf94", dash: [10, 5], limit: "loiter_s" },
  queues: { points: "polygon", least: 3, most: 64, closed: true, stem: "queue", sign: "events", colour: "#e58bc0", dash: [2, 6], limit: "max_waiting", headed: true },
  shelves: { points: "polygon", least: 4, most: 4, closed: true, stem: "shelf", sign: "shelf", colour: "#ff8552", fresh: { rows: 3, columns: 4 } },
  ground: { points: "picture", least: 4, most: 16, loose: true, one: true, sign: "floor", colour: "#ffffff", fresh: { error: 0.005, relative: 0 } },
};

export const pointsOf = (shape) => shape.value[KINDS[shape.kind].points];

/** The same shape with other points; what belongs to each point goes with it. */
export const withPoints = (shape, points, more = {}) => ({
  ...shape,
  value: { ...shape.value, ...more, [KINDS[shape.kind].points]: points },
});

/** The middle of a side. */
export const middleOf = (points, side) => points[side].map((value, axis) => (value + points[(side + 1) % points.length][axis]) / 2);

/** Into the picture, and no finer than anybody can point. */
export const rounded = ([x, y]) => [x, y].map((value) => Math.round(Math.min(Math.max(value, 0), 1) * 1e4) / 1e4);

/** Shapes of a configuration. Names that `before` has keep its ids; what is given in metres is
 *  carried along and cannot be drawn. */
export function shapesOf(config, before = []) {
  const ids = new Map(before.map((one) => [keyOf(one), one.id]));
  return Object.entries(KINDS).flatMap(([kind, { one }]) => {
    const values = one ? [config[kind]].filter(Boolean) : (config[kind] ?? []);
    return values.map((value) => ({
      id: ids.get(keyOf({ kind, value })) ?? crypto.randomUUID(),
      kind,
      value,
      ...(value.unit === "metres" ? { fixed: true } : {}),
    }));
  });
}

/** What makes a shape itself to the camera: its kind and name. */
export const keyOf = ({ kind, value }) => (KINDS[kind].one ? kind : `${kind}/${value.name}`);

/** Corners of four points in the order that a shelf has: top left, top right, lower right, lower left. */
export function around(points) {
  const [x, y] = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  const turned = [...points].sort((a, b) => Math.atan2(a[1] - y, a[0] - x) - Math.atan2(b[1] - y, b[0] - x));
  const first = turned.reduce((best, point, at) => (point[0] + point[1] < turned[best][0] + turned[best][1] ? at : best), 0);
  return [...turned.slice(first), ...turned.slice(0, first)];
}
