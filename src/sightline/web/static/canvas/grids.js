// Grids in perspective: the cells of a shelf, the metres of a floor, and the points that fix it.

import { tag } from "./shapes.js";

/** The places between four corners (top left, top right, lower right, lower left), as the square
 *  from (0, 0) to (1, 1) looks when its corners are there. */
export function square([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]) {
  const [dx, dy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const [ax, ay, bx, by] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2];
  const whole = ax * by - bx * ay || 1e-9;
  const [g, k] = [(dx * by - bx * dy) / whole, (ax * dy - dx * ay) / whole];
  return ([u, v]) => {
    const depth = g * u + k * v + 1;
    return [((x1 - x0 + g * x1) * u + (x3 - x0 + k * x3) * v + x0) / depth, ((y1 - y0 + g * y1) * u + (y3 - y0 + k * y3) * v + y0) / depth];
  };
}

/** The lines between a shelf's cells. */
export function cells({ context, at }, { polygon, rows, columns }, colour) {
  const place = square(polygon);
  const lines = [
    ...Array.from({ length: Math.max(rows - 1, 0) }, (_, row) => [[0, (row + 1) / rows], [1, (row + 1) / rows]]),
    ...Array.from({ length: Math.max(columns - 1, 0) }, (_, column) => [[(column + 1) / columns, 0], [(column + 1) / columns, 1]]),
  ];
  context.strokeStyle = colour;
  context.lineWidth = 1.2;
  context.beginPath();
  for (const [from, to] of lines) {
    context.moveTo(...at(...place(from)));
    context.lineTo(...at(...place(to)));
  }
  context.stroke();
}

/** How full each cell is, as a bar in it from below; what is out of stock is crossed. `levels` are
 *  0..1 row by row, null where nobody knows. */
export function fills({ context, at }, { polygon, rows, columns, empty = 0.1 }, levels) {
  const place = square(polygon);
  const spot = (u, v) => at(...place([u / columns, v / rows]));
  levels.slice(0, rows * columns).forEach((level, cell) => {
    if (level === null) return;
    const [left, top] = [cell % columns, Math.floor(cell / columns)];
    const out = level <= empty;
    const from = out ? 0.12 : 0.96 - 0.9 * Math.min(level, 1);
    const corners = [[0.1, from], [0.9, from], [0.9, 0.96], [0.1, 0.96]].map(([u, v]) => spot(left + u, top + v));
    context.beginPath();
    if (out) [corners[0], corners[2], corners[1], corners[3]].forEach(([x, y], number) => context[number % 2 ? "lineTo" : "moveTo"](x, y));
    else corners.forEach(([x, y], number) => context[number ? "lineTo" : "moveTo"](x, y));
    if (out) {
      context.strokeStyle = "#ff6a3d";
      context.lineWidth = 2.2;
      context.stroke();
    } else {
      context.fillStyle = "rgb(47 191 148 / 50%)";
      context.fill();
    }
  });
}

const PLAIN = [["rgb(8 16 24 / 60%)", 3], ["rgb(255 255 255 / 80%)", 1]];
const FAINT = [["rgb(130 150 166 / 45%)", 1]];

/** The floor's metres, each line as places on the picture; faint while something else is drawn. */
export function metres({ context, at }, lines, { faint = false } = {}) {
  for (const [style, width] of faint ? FAINT : PLAIN) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.beginPath();
    for (const line of lines) line.forEach(([x, y], number) => (number ? context.lineTo(...at(x, y)) : context.moveTo(...at(x, y))));
    context.stroke();
  }
}

/** Points whose places on the floor are known, with what they are. */
export function marks(pen, points, texts) {
  const { context, at } = pen;
  points.forEach(([x, y], number) => {
    const [px, py] = at(x, y);
    for (const [style, width] of [["#15202a", 4.5], ["#ffffff", 2]]) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(px - 9, py);
      context.lineTo(px + 9, py);
      context.moveTo(px, py - 9);
      context.lineTo(px, py + 9);
      context.stroke();
    }
    tag(pen, texts[number], px + 8, py - 22);
  });
}
