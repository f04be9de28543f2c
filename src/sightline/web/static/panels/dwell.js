// How long people stay in zones.

import { chart } from "../components/chart.js";
import { tile } from "../components/panel.js";
import { h } from "../dom.js";
import { asColumns, band, endsOf, inWords } from "../analytics/sure.js";
import { line, meanOverTime, named, rowsOf, shift, versus } from "../analytics/numbers.js";
import { duration, number, t } from "../strings.js";

export const id = "dwell";
export const kinds = ["zone.left", "zone.dwell"];
const EDGES = [0, 5, 10, 20, 30, 60, 120, 300, 600, 1800, Infinity]; // s

export async function show({ sides, onLeave }) {
  const told = await Promise.all(
    sides.map(async (side) => ({
      stays: await side.ask("events/spread", { kind: "zone.left", of: "dwell_s", edge: EDGES.slice(1, -1) }),
      means: await side.series({ kind: "zone.dwell", over: ["camera", "name"] }),
    })),
  );
  const bins = told.map(({ stays }) => stays.counts);
  const columns = sides.flatMap((side, at) => (told[at].means.series.length ? [[named(t("analytics.dwell.mean"), side), meanOverTime(told[at].means, told[at].means.series, shift(sides, side)), at, endsOf(told[at].means, told[at].means.series, shift(sides, side))]] : []));
  const long = chart(t("analytics.dwell"), {
    xAxis: { type: "category", data: names() },
    yAxis: { type: "value", minInterval: 1 },
    series: sides.flatMap((side, at) => (at && !told[at].stays.n ? [] : [{ name: named(t("analytics.visits"), side), type: "bar", data: bins[at] }])),
  }, { height: 220 });
  const over = chart(t("analytics.dwell.mean"), {
    xAxis: { type: "time" },
    yAxis: { type: "value", min: 0, axisLabel: { formatter: duration } },
    series: columns.flatMap(([name, data, at, ends]) => [line(name, data, at, { tooltip: inWords(ends, duration) }), ...(at ? [] : band(name, ends))]),
  }, { height: 200 });
  onLeave(() => (long.close(), over.close()));
  const middle = told.map(({ stays }) => (stays.n ? stays.middle : null));
  const counted = t("analytics.stay.note", { n: number(told[0].stays.n) });
  return {
    title: t("analytics.dwell"),
    nothing: told.every(({ stays, means }) => !stays.n && !means.series.length),
    tiles: [tile(t("analytics.stay"), middle[0] === null ? t("none") : duration(middle[0]), sides[1] && middle[1] ? versus(middle[0], middle[1], sides[1]) : { note: counted })],
    content: h("div", long.node, h("p.hint", told[0].stays.complete ? counted : t("analytics.dwell.newest", { n: number(told[0].stays.n) })), over.node),
    image: long.image,
    rows: () => [...rowsOf(columns.flatMap(([name, data, , ends]) => [[name, data], ...asColumns(name, ends)])), [], [t("analytics.dwell.of"), ...sides.map((side) => named(t("analytics.visits"), side))], ...names().map((name, at) => [name, ...bins.map((one) => one[at])])],
  };
}

const names = () => EDGES.slice(0, -1).map((from, at) => (EDGES[at + 1] === Infinity ? `> ${duration(from)}` : `${duration(from)}–${duration(EDGES[at + 1])}`));
