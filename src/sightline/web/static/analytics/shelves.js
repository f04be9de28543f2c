// A shelf's story as the hub tells it, made into stretches of time.

import { t } from "../strings.js";

const NS = 1e6;
const STEPS = 120; // across a range

/** Which shelf it is, of which camera. */
export const name = (one) => `${one.name} · ${one.camera}`;

const cellName = ([row, column]) => t("analytics.shelf.cell.name", { row: row + 1, column: column + 1 });

/** The names of a shelf's cells row by row, how full they were by stretches of the range, and when
 *  they were out of stock: {cells, filled: [{cell, from, to, fill}], outs: [{cell, from, to}]}. */
export async function storyOf(side, { camera, name: shelf }) {
  const told = await side.ask(`cameras/${encodeURIComponent(camera)}/shelves`, { shelf, steps: STEPS });
  const outs = told.outs.map((one) => ({ cell: cellName(one.cell), from: one.from_ns / NS, to: one.to_ns / NS }));
  const cells = told.cells
    ? Array.from({ length: told.cells }, (_, at) => cellName([Math.floor(at / told.columns), at % told.columns]))
    : [...new Set(outs.map((one) => one.cell))].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  const width = (side.to - side.from) / STEPS;
  const filled = told.fill.flatMap((row, step) =>
    row.flatMap((fill, at) => (fill === null ? [] : [{ cell: cells[at], from: side.from + step * width, to: side.from + (step + 1) * width, fill }])),
  );
  return { cells, filled, outs: outs.filter((one) => cells.includes(one.cell)), complete: told.complete };
}
