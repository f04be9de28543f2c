// Sums as the hub tells them, made into what charts draw.

import { percent, t } from "../strings.js";

export const total = (list) => list.reduce((sum, one) => sum + one, 0);

/** All that the series hold of `key`. */
export const sum = (series, key = "n") => series.reduce((all, one) => all + total(one[key]), 0);

/** The mean over series and time; null where nothing was. */
export function mean(series) {
  const count = sum(series);
  return count ? sum(series, "total") / count : null;
}

/** How far the times of a side are moved so that it lies over the first one, in ms. */
export const shift = (sides, side) => sides[0].from - side.from;

/** [time in ms, value] by step: `of(series, at)` of each series, added up. */
export const overTime = (told, series, { of = (one, at) => one.n[at], by = 0 } = {}) =>
  told.starts.map((start, at) => [start * 1000 + by, series.reduce((all, one) => all + of(one, at), 0)]);

/** The mean by step, with a gap where nothing was. */
export const meanOverTime = (told, series, by = 0) =>
  told.starts.map((start, at) => {
    const n = series.reduce((all, one) => all + one.n[at], 0);
    const value = n ? series.reduce((all, one) => all + one.total[at], 0) / n : null;
    return [start * 1000 + by, value === null ? null : Math.round(value * 100) / 100];
  });

/** A line of a chart; where most steps say nothing, what there is is joined and marked. */
export function line(name, data, at = 0, more = {}) {
  const said = data.filter(([, value]) => value !== null).length;
  const sparse = said < data.length / 2;
  return { name, type: "line", showSymbol: sparse && said < 30, symbolSize: 5, connectNulls: sparse, lineStyle: { type: at ? "dashed" : "solid", width: 1.8 }, data, ...more };
}

/** Between what a count truly is in 95 of 100 cases, as [low, high]; null where nobody told its
 *  errors. The same as the hub's `analytics.doubt`: a gamma distribution, by Wilson and Hilferty. */
export function between(series) {
  const told = series.filter((one) => one.doubt?.length === 3);
  if (!told.length) return null;
  const [expected, variance] = [0, 1].map((at) => told.reduce((all, one) => all + total(one.doubt[at]), 0));
  const common = told.reduce((all, one) => Math.hypot(all, total(one.doubt[2])), 0);
  const share = Math.min(Math.hypot(Math.sqrt(variance), common) / Math.max(expected, 1e-9), 2.94);
  const end = (z) => expected * Math.max(0, 1 - share ** 2 / 9 + (z * share) / 3) ** 3;
  return [Math.max(0, Math.ceil(end(-1.96) - 0.5)), Math.floor(end(1.96) + 0.5)];
}

/** How a number compares, for a tile. */
export const versus = (now, then, side) => (then && now !== null ? { change: percent(now / then - 1), note: t("analytics.than", { name: side.name }) } : {});

/** A name for a chart's legend: what it is, and of which side where there are two. */
export const named = (what, side) => (side.name ? `${what} · ${side.name}` : what);

/** Rows of a CSV: an instant, and a column for each of some [[time, value], …]. */
export function rowsOf(columns) {
  const times = [...new Set(columns.flatMap(([, data]) => data.map(([at]) => at)))].sort((a, b) => a - b);
  const maps = columns.map(([, data]) => new Map(data));
  return [["time", ...columns.map(([name]) => name)], ...times.map((at) => [new Date(at).toISOString(), ...maps.map((one) => one.get(at) ?? "")])];
}
