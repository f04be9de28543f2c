// What a rule can be put together from: each phrase writes a condition, and knows its own again.
// Slots: n, a number; place, a name; span, a time such as 2 min; danger, a kind of event.

export const PHRASES = {
  silent: { text: "offline() for {span}", usual: { span: "5 min" } },
  slow: { text: "health.fps < {n} for {span}", usual: { n: "5", span: "1 min" } },
  hot: { text: "health.temperature > {n} for {span}", usual: { n: "75", span: "5 min" } },
  crowded: { text: "count(zone={place}) > {n} for {span}", usual: { n: "5", span: "2 min" }, kinds: ["zone.occupancy", "zone.dwell"] },
  waiting: { text: "queue({place}).waiting > {n} for {span}", usual: { n: "4", span: "1 min" }, kinds: ["queue.waiting"] },
  crossed: { text: 'event("line.crossed", line={place})', usual: {}, kinds: ["line.crossed"] },
  often: { text: 'events("line.crossed", line={place}, within={span}) > {n}', usual: { n: "20", span: "10 min" }, kinds: ["line.crossed"] },
  entered: { text: 'event("zone.entered", zone={place})', usual: {}, kinds: ["zone.entered"] },
  danger: { text: "event({danger})", usual: { danger: "hazard.person_down" } },
};

export const UNITS = ["s", "min", "h"];
export const DANGERS = ["person_down", "person_in_zone", "running", "wrong_way", "closing", "unprotected"].map((one) => `hazard.${one}`);

const FORMS = {
  n: "(\\d+(?:\\.\\d+)?)",
  place: `("[^"\\n]*"|'[^'\\n]*')`,
  span: `(\\d+(?:\\.\\d+)?\\s*(?:${UNITS.join("|")}))`,
  danger: `"(${DANGERS.join("|").replaceAll(".", "\\.")})"`,
};

/** Which values a phrase asks for, in order. */
export const slotsOf = (key) => [...PHRASES[key].text.matchAll(/\{(\w+)\}/g)].map(([, slot]) => slot);

/** The condition as text. */
export const written = (key, values) => PHRASES[key].text.replace(/\{(\w+)\}/g, (_, slot) => said(slot, values[slot] ?? ""));

/** {key, values} of a text that a phrase could have written; null for any other. */
export function read(text) {
  for (const [key, phrase] of Object.entries(PHRASES)) {
    const found = pattern(phrase.text).exec(text.trim());
    if (!found) continue;
    const slots = slotsOf(key);
    return { key, values: Object.fromEntries(slots.map((slot, at) => [slot, heard(slot, found[at + 1])])) };
  }
  return null;
}

const said = (slot, value) => (slot === "place" ? quoted(value) : slot === "danger" ? `"${value}"` : value);

const quoted = (name) => (name.includes('"') ? `'${name}'` : `"${name}"`);

const heard = (slot, text) => (slot === "place" ? text.slice(1, -1) : slot === "span" ? text.replace(/\s*([a-z]+)$/, " $1") : text);

/** As the camera's grammar has it: blanks mean nothing around signs. */
function pattern(text) {
  const parts = text.split(/(\{\w+\}|\s+|[(),=<>])/).filter(Boolean);
  const source = parts.map((part) => {
    const slot = /^\{(\w+)\}$/.exec(part);
    if (slot) return FORMS[slot[1]];
    if (/^\s+$/.test(part)) return "\\s*";
    const literal = part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return /^[(),=<>]$/.test(part) ? `\\s*${literal}\\s*` : literal;
  });
  return new RegExp(`^${source.join("")}$`);
}
