// Today against the same day a week ago, by the clock of whoever looks on.

import { daysBefore, midnight } from "../components/range.js";

const HOUR = 3600e3;
const WEEK = 7; // days, which are not always of 24 hours

/** What to ask the hub for: [from, to, resolution] for today until now, and a list of such for as much of
 *  the day a week ago. Sums of hours are quick, but begin where whole hours do in Greenwich: of days that
 *  begin elsewhere, and of the hour that is not over, minutes are asked for. */
export function spans(now) {
  const start = midnight(now);
  const until = Math.max(now, start + 60e3);
  const hours = start % HOUR === 0;
  return { start, today: [start, until, hours ? "hour" : "minute"], before: pieces(daysBefore(start, WEEK), daysBefore(until, WEEK)) };
}

function pieces(from, to) {
  if (from % HOUR) return [[from, to, "minute"]];
  const hour = to - (to % HOUR);
  return [[from, hour, "hour"], [hour, to, "minute"]].filter(([begin, end]) => begin < end);
}

/** How many went which way in all of some answers. */
export const count = (answers, way) => answers.flatMap(({ series }) => series).filter((one) => one.part === way).reduce((all, one) => all + one.n.reduce((sum, n) => sum + n, 0), 0);

/** [time in ms, how many] by hour of a day that began at `start`. */
export function hourly({ starts, series }, start, way) {
  const bars = new Map();
  const mine = series.filter((one) => one.part === way);
  starts.forEach((at, step) => {
    const hour = start + Math.floor((at * 1000 - start) / HOUR) * HOUR;
    bars.set(hour, mine.reduce((sum, one) => sum + one.n[step], bars.get(hour) ?? 0));
  });
  return [...bars];
}
