// How a camera was in the last hours, as lines.

import { t } from "../strings.js";
import { chart } from "./chart.js";
import { panel } from "./panel.js";

const HEIGHT = 180;
const SILENT = 330e3; // ms: reports come every few minutes at least

// Title of the chart, and its lines: name and number of a health report.
const CHARTS = [
  ["camera.pace", [["health.fps", (one) => one.fps]]],
  [
    "camera.lateness",
    [
      ["health.median", (one) => one.latency_ms?.median ?? null],
      ["health.p95", (one) => one.latency_ms?.p95 ?? null],
    ],
  ],
  ["camera.waiting", [["health.outbox", (one) => (one.outbox?.bytes ?? 0) / 1000]]],
  [
    "camera.machine",
    [
      ["health.memory.mb", (one) => one.memory_mb],
      ["health.temperature", (one) => one.temperature_c ?? null],
    ],
  ],
];

/** Panels of `reports`, the newest first; {panels, set(reports), close}. */
export function healthCharts(reports) {
  const charts = CHARTS.map(([title, lines]) => ({ title, lines, drawn: chart(t(title), option(reports, lines), { height: HEIGHT }) }));
  return {
    panels: charts.map(({ title, drawn }) => panel(t(title), drawn.node)),
    set: (list) => charts.forEach(({ lines, drawn }) => drawn.set(option(list, lines))),
    close: () => charts.forEach(({ drawn }) => drawn.close()),
  };
}

/** A camera that said nothing for long draws no line over that time. */
const broken = (rows) => rows.flatMap((row, at) => (at && row[0] - rows[at - 1][0] > SILENT ? [[row[0] - 1, null], row] : [row]));

function option(list, lines) {
  const rows = (of) => broken(list.map(({ health }) => [health.time_ns / 1e6, of(health)]).reverse());
  const series = lines
    .map(([name, of]) => ({ name: t(name), type: "line", showSymbol: list.length < 3, data: rows(of) }))
    .filter((one, at) => !at || one.data.some(([, value]) => value !== null));
  return { xAxis: { type: "time" }, yAxis: { type: "value", min: 0 }, series };
}
