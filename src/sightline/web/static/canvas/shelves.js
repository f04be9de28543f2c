// How full the cells of shelves are: the newest look at each, and what has changed since.

const NS = 1e6;
const LEVELS = { "shelf.out_of_stock": 0, "shelf.restocked": 1 };

export class Shelves {
  #looks = new Map(); // by shelf: {at, columns, cells}

  /** Take in looks (measures of the kind shelf.fill), in any order. */
  take(measures) {
    for (const { name, end_ns, data } of measures) {
      const at = end_ns / NS;
      if (!Array.isArray(data?.cells) || this.#looks.get(name)?.at > at) continue;
      this.#looks.set(name, { at, columns: data.columns, cells: data.cells.map((one) => (Number.isFinite(one) ? one : null)) });
    }
    return this;
  }

  /** Take in an event; true where it changed a cell. */
  hear({ kind, name, time_ns, data }) {
    const look = this.#looks.get(name);
    if (!(kind in LEVELS) || !look?.columns || !Array.isArray(data?.cell) || time_ns / NS < look.at) return false;
    const cell = data.cell[0] * look.columns + data.cell[1];
    if (!(cell in look.cells)) return false;
    look.cells[cell] = LEVELS[kind];
    return true;
  }

  /** Levels of a shelf's cells, row by row; null before anybody has looked. */
  of = (name) => this.#looks.get(name)?.cells ?? null;
}

/** Shelves as they were at a moment (ms), by the looks and events that were stored. */
export function shelvesAt(measures, events, ms) {
  const shelves = new Shelves().take(measures.filter((one) => one.end_ns / NS <= ms));
  for (const one of [...events].sort((a, b) => a.time_ns - b.time_ns)) if (one.time_ns / NS <= ms) shelves.hear(one);
  return shelves;
}

/** The mean of what is known, 0..1; null where nothing is. */
export function mean(levels) {
  const known = (levels ?? []).filter((one) => one !== null);
  return known.length ? known.reduce((sum, one) => sum + one, 0) / known.length : null;
}
