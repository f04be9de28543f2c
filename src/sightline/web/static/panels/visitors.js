// Who came in and who went out, by the lines that they crossed.

import { chart } from "../components/chart.js";
import { tile } from "../components/panel.js";
import { h } from "../dom.js";
import { between, line, named, overTime, rowsOf, shift, sum, total, versus } from "../analytics/numbers.js";
import { lazyTable } from "../analytics/lazytable.js";
import { compact, number, t } from "../strings.js";

export const id = "visitors";
export const kinds = ["line.crossed"];
const WAYS = ["in", "out"];
const MOST = 200; // lines in the table

export async function show({ sides, onLeave }) {
  const [counted, ...told] = await Promise.all([
    sides[0].series({ kind: "line.count", over: ["camera", "name"] }),
    ...sides.map((side) => side.series({ kind: "line.crossed", over: ["camera", "name"] })),
  ]);
  const of = (at, way) => told[at].series.filter((one) => one.part === way);
  const columns = sides.filter((_, at) => !at || told[at].series.length).flatMap((side, at) => WAYS.map((way) => [named(t(`direction.${way}`), side), overTime(told[at], of(at, way), { by: shift(sides, side) }), at, way]));
  const drawn = chart(t("analytics.visitors"), {
    xAxis: { type: "time" },
    yAxis: { type: "value", minInterval: 1 },
    series: columns.map(([name, data, at, way]) =>
      at === 0 ? { name, type: "bar", barMaxWidth: 14, data } : line(name, data, at, { itemStyle: { color: way === "in" ? "#56b4e9" : "#d55e00" } }),
    ),
  });
  onLeave(drawn.close);
  const tiles = WAYS.map((way) => {
    const beside = sides[1] ? versus(sum(of(0, way)), sum(of(1, way)), sides[1]) : {};
    const ends = between(counted.series.filter((one) => one.part === way));
    const sure = ends && t("analytics.between", { low: compact(ends[0]), high: compact(ends[1]) });
    return tile(t(`analytics.${way}`), compact(sum(of(0, way))), { ...beside, note: [beside.note, sure].filter(Boolean).join(" · ") || null });
  });
  return {
    title: t("analytics.visitors"),
    nothing: told.every(({ series }) => !series.length),
    tiles,
    content: h("div", drawn.node, lazyTable(t("analytics.visitors"), [t("events.camera"), t("analytics.line"), t("analytics.way"), t("analytics.n")], () => byLine(sides[0]))),
    image: drawn.image,
    rows: () => rowsOf(columns),
  };
}

async function byLine(side) {
  const { series } = await side.series({ kind: "line.crossed", resolution: "day" });
  const rows = series.map((one) => [one.camera, one.name, t(`direction.${one.part}`), total(one.n)]);
  return rows.sort((a, b) => b[3] - a[3]).slice(0, MOST).map(([camera, line, way, n]) => [camera, line, way, number(n)]);
}
