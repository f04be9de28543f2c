// Who came in and who went out, by the lines that they crossed.

import { chart } from "../components/chart.js";
import { tile } from "../components/panel.js";
import { h } from "../dom.js";
import { between, line, named, overTime, rowsOf, shift, sum, total, versus } from "../analytics/numbers.js";
import { asColumns, BARS, endsOf, inWords, whiskers } from "../analytics/sure.js";
import { lazyTable } from "../analytics/lazytable.js";
import { compact, number, t } from "../strings.js";

export const id = "visitors";
export const kinds = ["line.crossed"];
const WAYS = ["in", "out"];
const WIDEST = 14; // px of a bar
const MOST = 200; // lines in the table

export async function show({ sides, onLeave }) {
  const ask = (kind) => Promise.all(sides.map((side) => side.series({ kind, over: ["camera", "name"] })));
  const [told, counted] = await Promise.all([ask("line.crossed"), ask("line.count")]);
  const of = (at, way) => told[at].series.filter((one) => one.part === way);
  const columns = sides.filter((_, at) => !at || told[at].series.length).flatMap((side, at) => WAYS.map((way) => [named(t(`direction.${way}`), side), overTime(told[at], of(at, way), { by: shift(sides, side) }), at, way, endsOf(counted[at], counted[at].series.filter((one) => one.part === way), shift(sides, side))]));
  const drawn = chart(t("analytics.visitors"), {
    xAxis: { type: "time" },
    yAxis: { type: "value", minInterval: 1 },
    series: columns.flatMap(([name, data, at, way, ends]) => {
      const tooltip = inWords(ends, (value) => number(value));
      if (at) return [line(name, data, at, { tooltip, itemStyle: { color: way === "in" ? "#56b4e9" : "#d55e00" } })];
      const bar = { name, type: "bar", barMaxWidth: WIDEST, ...BARS, data, tooltip };
      return [bar, ...whiskers(name, ends, { which: WAYS.indexOf(way), count: WAYS.length, widest: WIDEST })];
    }),
  });
  onLeave(drawn.close);
  const tiles = WAYS.map((way) => {
    const beside = sides[1] ? versus(sum(of(0, way)), sum(of(1, way)), sides[1]) : {};
    const ends = between(counted[0].series.filter((one) => one.part === way));
    const sure = ends && t("analytics.between", { low: compact(ends[0]), high: compact(ends[1]) });
    return tile(t(`analytics.${way}`), compact(sum(of(0, way))), { ...beside, note: [beside.note, sure].filter(Boolean).join(" · ") || null });
  });
  return {
    title: t("analytics.visitors"),
    nothing: told.every(({ series }) => !series.length),
    tiles,
    content: h("div", drawn.node, lazyTable(t("analytics.visitors"), [t("events.camera"), t("analytics.line"), t("analytics.way"), t("analytics.n")], () => byLine(sides[0]))),
    image: drawn.image,
    rows: () => rowsOf(columns.flatMap(([name, data, , , ends]) => [[name, data], ...asColumns(name, ends)])),
  };
}

async function byLine(side) {
  const { series } = await side.series({ kind: "line.crossed", resolution: "day" });
  const rows = series.map((one) => [one.camera, one.name, t(`direction.${one.part}`), total(one.n)]);
  return rows.sort((a, b) => b[3] - a[3]).slice(0, MOST).map(([camera, line, way, n]) => [camera, line, way, number(n)]);
}
