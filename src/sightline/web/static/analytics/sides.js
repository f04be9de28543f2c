// What is compared: some cameras over a stretch of time, and beside them others, or another time.

import { get } from "../api.js";
import { before, rangeOf, stepOf } from "../components/range.js";
import { day, t } from "../strings.js";
import { quoted } from "./who.js";

const NS = 1e6;
export const BESIDE = ["before", "range", "cameras", "none"];

/** The sides that an address asks for: one or two, the first being what the page is about. */
export function sidesOf(asked, now = Date.now()) {
  const range = rangeOf(asked, now);
  const first = { q: asked.q ?? (asked.camera ? `name=${quoted(asked.camera)}` : ""), from: range.from, to: range.to };
  const beside = BESIDE.includes(asked.vs) ? asked.vs : "before";
  const other = second(beside, first, range, asked);
  const sides = [new Side(first, beside === "cameras" ? meant(first) : beside === "none" ? "" : t("analytics.now"))];
  if (other) sides.push(new Side(other, beside === "cameras" ? meant(other) : beside === "range" ? day(other.from) : t("analytics.then")));
  // Steps are those of the longer one, so that both have as many to the eye.
  const step = stepOf(sides.reduce((longest, one) => (one.to - one.from > longest.to - longest.from ? one : longest)));
  sides.forEach((side) => (side.step = step));
  return { range, beside, sides };
}

function second(beside, first, range, asked) {
  if (beside === "before") return { ...first, ...before(range) };
  if (beside === "cameras") return { ...first, q: asked.q2 ?? "" };
  if (beside !== "range") return null;
  const length = range.to - range.from;
  const from = Number(asked.from2) || range.from - length;
  return { ...first, from, to: Number(asked.to2) > from ? Number(asked.to2) : from + length };
}

/** The cameras of a side in words. */
export const meant = ({ q }) => q.replace(/^(site|name)=/, "") || t("events.camera.all");

class Side {
  #asked = new Map();

  constructor({ q, from, to }, name) {
    Object.assign(this, { q, from, to, name, step: "hour" });
  }

  /** What every question about this side says. */
  get span() {
    return { from: String(Math.round(this.from) * NS), to: String(Math.round(this.to) * NS), q: this.q };
  }

  /** A question about this side, asked once however often it is needed. */
  ask(path, query) {
    const key = JSON.stringify([path, query]);
    if (!this.#asked.has(key)) this.#asked.set(key, get(path, { ...this.span, ...query }));
    return this.#asked.get(key);
  }

  series = (query) => this.ask("series", { resolution: this.step, ...query });

  /** At most so many events of these kinds, the newest first. */
  events = async (kind, limit = 1000) => (await this.ask("events", { kind, limit })).items;
}
