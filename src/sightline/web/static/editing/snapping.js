// Where a pointer means to be: at a corner of something else, at the picture's edge, or straight
// across from the corner before.

const NEAR = 9; // px

/** The place (fractions) that `place` means. `others` are corners to snap to, `from` the corner
 *  before, which Shift keeps level or upright. `size` is [width, height] in px. */
export function snapped(place, { others = [], from = null, straight = false, size }) {
  const [width, height] = size;
  const away = ([x, y]) => Math.hypot((x - place[0]) * width, (y - place[1]) * height);
  const nearest = others.reduce((best, one) => (away(one) < away(best ?? [9, 9]) ? one : best), null);
  if (nearest && away(nearest) <= NEAR) return [...nearest];
  let [x, y] = place;
  if (straight && from) {
    if (Math.abs((x - from[0]) * width) > Math.abs((y - from[1]) * height)) y = from[1];
    else x = from[0];
  }
  return [edge(x, width), edge(y, height)];
}

function edge(value, extent) {
  if (value * extent <= NEAR) return 0;
  if ((1 - value) * extent <= NEAR) return 1;
  return value;
}

/** Which corner, side or inside of the shapes a pointer is over: {shape, corner} or
 *  {shape, side} or {shape, inside: true}, or null. `shapes` are {id, points, closed, loose}: loose
 *  points have no sides. */
export function under(place, shapes, { size, reach = 12 }) {
  const [width, height] = size;
  const px = ([x, y]) => [x * width, y * height];
  const at = px(place);
  const back = [...shapes].reverse();
  for (const { id, points } of back) {
    const corner = points.findIndex((one) => distance(at, px(one)) <= reach);
    if (corner >= 0) return { shape: id, corner };
  }
  for (const { id, points, closed } of back.filter(({ loose }) => !loose)) {
    const sides = closed ? points.length : points.length - 1;
    for (let side = 0; side < sides; side += 1) {
      const [a, b] = [points[side], points[(side + 1) % points.length]].map(px);
      if (fromSegment(at, a, b) <= reach * 0.7) return { shape: id, side };
    }
  }
  for (const { id, points, closed } of back) {
    if (closed && inside(place, points)) return { shape: id, inside: true };
  }
  return null;
}

/** How far two places (fractions) are apart, in px. */
export const apart = ([ax, ay], [bx, by], [width, height]) => Math.hypot((ax - bx) * width, (ay - by) * height);

const distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

function fromSegment(at, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const square = dx * dx + dy * dy;
  const share = square ? Math.min(Math.max(((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / square, 0), 1) : 0;
  return distance(at, [a[0] + share * dx, a[1] + share * dy]);
}

/** Even-odd membership, as the camera itself decides it. */
export function inside([x, y], points) {
  let odd = false;
  points.forEach(([ax, ay], at) => {
    const [bx, by] = points[(at + 1) % points.length];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  });
  return odd;
}

/** Whether a polygon crosses itself, which no zone may. */
export function crossesItself(points) {
  const count = points.length;
  const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  const meet = (a, b, c, d) => turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
  for (let one = 0; one < count; one += 1) {
    for (let two = one + 1; two < count; two += 1) {
      if (meet(points[one], points[(one + 1) % count], points[two], points[(two + 1) % count])) return true;
    }
  }
  return false;
}
