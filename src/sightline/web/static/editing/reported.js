// What a camera says that it looks for. That is a stranger's word: places that nobody could draw
// are left out, so that one camera cannot spoil a page that shows others as well.

import { KINDS } from "./kinds.js";

const CELLS = 100; // rows or columns of a shelf

/** The configuration that the camera of a twin reported. */
export function reported(twin) {
  const config = twin?.reported?.config ?? {};
  const places = Object.entries(KINDS).map(([kind, { one }]) => [kind, one ? only(kind, config[kind]) : list(config[kind]).filter((value) => isSound(kind, value))]);
  return { ...config, ...Object.fromEntries(places.filter(([kind]) => config[kind])) };
}

const only = (kind, value) => (isSound(kind, value) ? value : null);
const list = (value) => (Array.isArray(value) ? value : []);
const isPlace = (value) => Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
const isCount = (value) => Number.isInteger(value) && value > 0 && value <= CELLS;

function isSound(kind, value) {
  const { points, least, most, one, headed } = KINDS[kind];
  const places = list(value?.[points]);
  if (places.length < least || (least === most && places.length > most) || !places.every(isPlace)) return false;
  if (!one && typeof value.name !== "string") return false;
  if (headed && !(list(value.path).length && value.path.every(isPlace))) return false;
  if (kind === "ground") return list(value.floor).length === places.length && value.floor.every(isPlace);
  return kind !== "shelves" || (isCount(value.rows) && isCount(value.columns));
}
