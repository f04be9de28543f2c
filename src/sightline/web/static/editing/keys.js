// What keys do on the picture. Drawing: arrows aim, Space sets a corner, Enter finishes. Else:
// arrows move what is chosen, Space goes from corner to corner, Delete removes.

import { KINDS, pointsOf } from "./kinds.js";

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const AIM = 0.01; // of the picture a press; five times that with Shift
const NUDGE = 0.002; // ten times that with Shift

/** True where the key meant something to the board. */
export function pressed(event, board) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const way = WAYS[event.key];
  return board.tool === "select" ? choosing(event, board, way) : drawing(event, board, way);
}

function drawing({ key, shiftKey }, board, way) {
  const step = AIM * (shiftKey ? 5 : 1);
  if (way) board.aim(way[0] * step, way[1] * step);
  else if (key === " ") board.point();
  else if (key === "Enter") board.sketching ? board.finish() : board.point();
  else if (key === "Backspace" && board.sketching) board.unpoint();
  else if (key === "Escape") board.use("select");
  else return false;
  return true;
}

function choosing({ key, shiftKey }, board, way) {
  const shape = board.document.find(board.selected());
  if (!shape) return false;
  const points = pointsOf(shape);
  const corner = board.corner ?? board.hovered();
  if (way) move(board, shape, way.map((by) => by * NUDGE * (shiftKey ? 10 : 1)));
  else if (key === " ") board.corner = board.corner === null ? 0 : board.corner + 1 < points.length ? board.corner + 1 : null;
  else if (key === "Delete" || key === "Backspace") {
    if (corner === undefined || corner === null) board.document.remove(shape.id);
    else board.document.dropCorner(shape.id, corner);
    board.corner = null;
    if (!board.document.find(shape.id)) board.choose(null);
    board.changed();
  } else if (key === "Escape") board.choose(null);
  else return false;
  return true;
}

function move({ document, corner, changed }, shape, [dx, dy]) {
  const points = pointsOf(shape);
  if (corner !== null) document.move(shape.id, corner, [points[corner][0] + dx, points[corner][1] + dy]);
  else if (!KINDS[shape.kind].loose) document.shift(shape.id, points, dx, dy);
  else return;
  changed();
}
