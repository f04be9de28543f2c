// Shelves as the hub tells them: looks at cells, and changes of cells, made into stretches of time.

import { t } from "../strings.js";

const NS = 1e6;
const BUCKETS = 120; // across a range

/** Which shelf it is, of which camera. */
export const name = (one) => `${one.name} · ${one.camera}`;

const cellName = ([row, column]) => t("analytics.shelf.cell.name", { row: row + 1, column: column + 1 });

/** When cells were out of stock: {cell, from, to} in ms, cut to the range. */
export function spans(changes, { from, to }) {
  const open = new Map();
  const found = [];
  for (const one of [...changes].sort((a, b) => a.time_ns - b.time_ns)) {
    const cell = cellName(one.data.cell);
    const at = one.time_ns / NS;
    if (one.kind === "shelf.out_of_stock") open.set(cell, at);
    else {
      // Who was out before the range began says when, as it comes back.
      found.push({ cell, at: one.data.cell, from: Math.max(from, open.get(cell) ?? at - (one.data.out_s ?? 0) * 1000), to: at });
      open.delete(cell);
    }
  }
  const now = Math.min(to, Date.now());
  return [...found, ...[...open].map(([cell, at]) => ({ cell, from: at, to: now }))];
}

/** The names of all cells, row by row; looks have them by number, with the shelf's own width. */
export function cellsOf(looks, outs) {
  const most = Math.max(0, ...looks.map((one) => one.data.cells?.length ?? 0));
  if (!most) return [...new Set(outs.map((one) => one.cell))].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  const columns = looks[0].data.columns ?? widthOf(outs, most);
  return Array.from({ length: most }, (_, at) => cellName([Math.floor(at / columns), at % columns]));
}

/** How many columns a shelf has, by the cells that changed, where its looks do not say. */
function widthOf(outs, cells) {
  const seen = outs.filter((one) => one.at).map((one) => one.at);
  const least = Math.max(1, ...seen.map(([, column]) => column + 1));
  for (let columns = least; columns <= cells; columns += 1) {
    const rows = cells / columns;
    if (Number.isInteger(rows) && seen.every(([row]) => row < rows)) return columns;
  }
  return cells;
}

/** How full cells were, by equal stretches of the range: {cell, from, to, fill}. */
export function buckets(looks, cells, { from, to }) {
  if (!looks.length) return [];
  const width = (to - from) / BUCKETS;
  const sums = new Map();
  for (const one of looks) {
    const first = Math.floor((one.start_ns / NS - from) / width);
    const last = Math.max(first, Math.ceil((one.end_ns / NS - from) / width) - 1);
    for (let bucket = Math.max(0, first); bucket <= Math.min(BUCKETS - 1, last); bucket += 1) {
      (one.data.cells ?? []).forEach((value, cell) => {
        if (value === null) return;
        const key = bucket * cells.length + cell;
        const [n, all] = sums.get(key) ?? [0, 0];
        sums.set(key, [n + 1, all + value]);
      });
    }
  }
  return [...sums].map(([key, [n, all]]) => {
    const bucket = Math.floor(key / cells.length);
    return { cell: cells[key % cells.length], from: from + bucket * width, to: from + (bucket + 1) * width, fill: all / n };
  });
}
