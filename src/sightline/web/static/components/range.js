// Which stretch of time a page is about: today, the last days, or any two instants.

import { h } from "../dom.js";
import { t } from "../strings.js";
import { choice } from "./field.js";

const MINUTE = 60e3;
const DAY = 1440 * MINUTE;
const SPANS = { hour: 60 * MINUTE, day: DAY, week: 7 * DAY, month: 30 * DAY };

/** The start of the day that `ms` is in, where the person is. */
export function midnight(ms) {
  const day = new Date(ms);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

/** The same time of day so many days before, where the person is: days in which clocks are changed are
 *  longer or shorter than others. */
export function daysBefore(ms, days) {
  const day = new Date(ms);
  day.setDate(day.getDate() - days);
  return day.getTime();
}

/** {from, to} in ms of what the address says: a span's name, or two instants. */
export function rangeOf({ span, from, to }, now = Date.now()) {
  if (from && to && Number(from) < Number(to)) return { span: "own", from: Number(from), to: Number(to) };
  if (span === "today") return { span, from: midnight(now), to: now };
  const known = SPANS[span] ? span : "day";
  return { span: known, from: now - SPANS[known], to: now };
}

const BACK = { today: 7, day: 7, week: 7, month: 30 }; // days: a Tuesday is compared with a Tuesday

/** What stands before it: {from, to}. Days are compared with days, other ranges are as long. */
export function before({ from, to, span }) {
  const back = (ms) => (BACK[span] ? daysBefore(ms, BACK[span]) : ms - (to - from));
  return { from: back(from), to: back(to) };
}

/** The resolution that shows a range in some hundred steps. */
export function stepOf({ from, to }) {
  const span = to - from;
  if (span <= 6 * SPANS.hour) return "minute";
  return span <= 14 * DAY ? "hour" : "day";
}

/** A picker: `pick(values for the address)` is called with {span, from, to}. */
export function rangePicker(range, pick) {
  const own = h(
    "span.own-range",
    { hidden: range.span !== "own" },
    instant(t("range.from"), range.from, (from) => pick({ span: null, from, to: range.to })),
    instant(t("range.to"), range.to, (to) => pick({ span: null, from: range.from, to })),
  );
  const choices = ["hour", "today", "day", "week", "month", "own"].map((key) => [key, t(`range.${key}`)]);
  const picker = choice(t("range"), choices, range.span, (key) => {
    own.hidden = key !== "own";
    if (key !== "own") pick({ span: key, from: null, to: null });
  });
  return h("div.range", picker, own);
}

/** Two instants of one's own: `pick(from, to)`. */
export const rangesOf = ({ from, to }, pick) =>
  h("span.own-range", instant(t("range.from"), from, (next) => pick(next, to)), instant(t("range.to"), to, (next) => pick(from, next)));

function instant(label, ms, change) {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
  return h("input", {
    type: "datetime-local",
    "aria-label": label,
    value: local,
    onchange: (event) => Number.isFinite(event.target.valueAsNumber) && change(new Date(event.target.value).getTime()),
  });
}
