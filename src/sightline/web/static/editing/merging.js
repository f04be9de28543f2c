// Two people, one camera: what each changed since both began is put together, and what both
// changed is named.

import { KINDS, keyOf } from "./kinds.js";

/** {shapes, conflicts}: `mine` and `theirs` both come from `base`. `mine` and `base` share ids;
 *  `theirs` shares them where the name is the same. A conflict is {kind, name, mine, theirs}, a
 *  side being null where it was removed; `prefer` says which side the shapes then hold. */
export function merge(base, mine, theirs, prefer = "mine") {
  const [was, told] = [new Map(base.map((one) => [one.id, one])), new Map(theirs.map((one) => [keyOf(one), one]))];
  const known = new Set(base.map(keyOf));
  const [shapes, conflicts] = [[], []];
  const disagree = (one, my, their) => {
    conflicts.push({ kind: one.kind, name: one.value.name ?? "", mine: my, theirs: their });
    const kept = prefer === "mine" ? my : their;
    if (kept) shapes.push({ ...kept, id: one.id });
  };

  for (const my of mine) {
    const before = was.get(my.id);
    const their = told.get(keyOf(before ?? my));
    if (!before) {
      if (!their || known.has(keyOf(my))) shapes.push(my);
      else if (KINDS[my.kind].one) same(my, their) ? shapes.push(my) : disagree(my, my, their);
      else if (!same(my, their)) shapes.push({ ...my, value: { ...my.value, name: free(my, [...mine, ...theirs]) } });
    } else if (!their) {
      if (!same(my, before)) disagree(before, my, null);
    } else if (same(my, before)) shapes.push({ ...my, value: their.value });
    else if (same(their, before) || same(their, my)) shapes.push(my);
    else disagree(before, my, their);
  }
  const kept = new Set(mine.map((one) => one.id));
  for (const before of base.filter((one) => !kept.has(one.id))) {
    const their = told.get(keyOf(before));
    if (their && !same(their, before)) disagree(before, null, their);
  }
  const there = new Set([...shapes.filter((one) => KINDS[one.kind].one).map(keyOf), ...conflicts.map((one) => one.kind)]);
  shapes.push(...theirs.filter((one) => !known.has(keyOf(one)) && !(KINDS[one.kind].one && there.has(one.kind))));
  return { shapes, conflicts };
}

/** Whether two shapes, or two lists of them, say the same. */
export const same = (a, b) => text(a) === text(b);

const text = (one) => JSON.stringify(Array.isArray(one) ? one.map(({ kind, value }) => [kind, sorted(value)]) : sorted(one.value));

const sorted = (value) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
    : value;

function free({ kind, value }, shapes) {
  const taken = new Set(shapes.filter((one) => one.kind === kind).map((one) => one.value.name));
  let count = 2;
  while (taken.has(`${value.name} ${count}`)) count += 1;
  return `${value.name} ${count}`;
}
