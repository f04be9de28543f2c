// How long queues are, how long people wait, and how often another counter was called for.

import { chart } from "../components/chart.js";
import { tile } from "../components/panel.js";
import { h } from "../dom.js";
import { asColumns, band, endsOf, inWords } from "../analytics/sure.js";
import { line, mean, meanOverTime, named, rowsOf, shift, sum, versus } from "../analytics/numbers.js";
import { compact, duration, number, t } from "../strings.js";

export const id = "queues";
export const kinds = ["queue.waiting", "queue.wait", "queue.left"];
const KINDS = ["queue.waiting", "queue.wait", "queue.left", "queue.open_counter"];

export async function show({ sides, onLeave }) {
  const [told, together] = await Promise.all([
    Promise.all(sides.map((side) => side.series({ kind: KINDS, over: ["camera"] }))),
    Promise.all(sides.map((side) => side.series({ kind: "queue.wait", over: ["camera", "name"] }))),
  ]);
  const of = (at, kind) => told[at].series.filter((one) => one.kind === kind);
  const columns = (kind) =>
    sides.flatMap((side, at) => {
      const queues = of(at, kind);
      // One by one where nothing stands beside them and they are a handful.
      const apart = sides.length === 1 && queues.length <= 6 ? queues.map((one) => [one]) : [queues];
      const by = shift(sides, side);
      const ends = (list) => (list.length > 1 && kind === "queue.wait" ? endsOf(together[at], together[at].series, by) : endsOf(told[at], list, by));
      return apart.filter((list) => list.length).map((list) => [named(list.length === 1 ? list[0].name : t("analytics.queues.all"), side), meanOverTime(told[at], list, by), at, ends(list)]);
    });
  const lengths = columns("queue.waiting");
  const waits = columns("queue.wait");
  const drawing = (label, lines, format, more = {}) =>
    chart(label, {
      xAxis: { type: "time" },
      yAxis: { type: "value", min: 0, axisLabel: { formatter: format } },
      series: lines.flatMap(([name, data, at, ends]) => [line(name, data, at, { tooltip: inWords(ends, format), ...more }), ...(at ? [] : band(name, ends))]),
    }, { height: 200 });
  const waiting = drawing(t("analytics.queues.waiting"), lengths, (value) => number(value, 1), { step: "middle" });
  const wait = drawing(t("analytics.queues.wait"), waits, duration);
  onLeave(() => (waiting.close(), wait.close()));
  const means = sides.map((_, at) => mean(of(at, "queue.wait")));
  const left = sides.map((_, at) => sum(of(at, "queue.left")));
  const called = sum(of(0, "queue.open_counter"));
  return {
    title: t("analytics.queues"),
    nothing: told.every(({ series }) => !series.length),
    tiles: [
      tile(t("analytics.queues.wait"), means[0] === null ? t("none") : duration(means[0]), sides[1] ? versus(means[0], means[1], sides[1]) : {}),
      tile(t("analytics.queues.left"), compact(left[0]), sides[1] ? versus(left[0], left[1], sides[1]) : {}),
    ],
    content: h("div", h("h3", t("analytics.queues.waiting")), waiting.node, h("h3", t("analytics.queues.wait")), wait.node, called > 0 && h("p.hint", t("analytics.queues.calls", { n: called }))),
    image: waiting.image,
    rows: () => rowsOf([[lengths, t("analytics.queues.waiting")], [waits, `${t("analytics.queues.wait")} (s)`]].flatMap(([lines, what]) => lines.flatMap(([name, data, , ends]) => [[`${what}: ${name}`, data], ...asColumns(`${what}: ${name}`, ends)]))),
  };
}
