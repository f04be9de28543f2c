// A shelf on a picture: its cells, and how full each is where that is known.

import { cells, fills } from "../canvas/grids.js";
import { mean } from "../canvas/shelves.js";
import * as draw from "../canvas/shapes.js";
import { number, t } from "../strings.js";

const COLOUR = "#ff8552";

export function paintShelf(pen, shelf, levels, { bold = false } = {}) {
  const full = mean(levels);
  const text = full === null ? shelf.name : t("live.shelf", { name: shelf.name, n: number(100 * full) });
  if (levels) fills(pen, shelf, levels);
  cells(pen, shelf, COLOUR);
  draw.zone(pen, shelf, { colour: COLOUR, bold, text });
}
