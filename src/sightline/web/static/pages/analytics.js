// How was last Tuesday? Visitors, presence and dwelling over any range, beside the one before.

import { all, get, url } from "../api.js";
import { asTable, chart } from "../components/chart.js";
import { toast } from "../components/dialog.js";
import { head, panel, tile } from "../components/panel.js";
import { before, rangeOf, rangePicker, stepOf } from "../components/range.js";
import { empty } from "../components/states.js";
import { h } from "../dom.js";
import { go, query, remember } from "../router.js";
import { compact, day, dayAndTime, duration, number, percent, t } from "../strings.js";
import { chooser } from "./events.js";

const NS = 1e6;

export default async function analytics({ onLeave }) {
  const asked = query();
  const range = rangeOf(asked);
  const past = before(range);
  const camera = asked.camera;
  const span = ({ from, to }) => ({ from: String(Math.round(from) * NS), to: String(Math.round(to) * NS), camera });
  const resolution = stepOf(range);
  const [cameras, first, second, dwell] = await Promise.all([
    all("cameras"),
    get("series", { ...span(range), resolution }),
    get("series", { ...span(past), resolution }),
    get("events", { ...span(range), kind: "zone.left", limit: 1000 }),
  ]);
  const again = (values) => {
    remember(values);
    go(location.pathname + location.search, { replace: true });
  };
  const filters = h(
    "div.toolbar",
    rangePicker(range, again),
    chooser(t("events.camera"), "camera", [["", t("events.camera.all")], ...cameras.map((one) => [one.name, one.name])], camera ?? "", again),
    h("a.button", { href: url("exports/events.csv", span(range)), download: "" }, t("export.csv")),
    h("button", { type: "button", onclick: copy }, t("analytics.link")),
  );
  const title = head(t("place.analytics"), { sub: t("analytics.sub", { from: dayAndTime(range.from), to: dayAndTime(range.to), before: day(past.from) }) });
  if (!first.series.length) return h("div", title, filters, empty(t("analytics.empty"), t("analytics.empty.text"), null, "analytics"));

  const [now, then] = [first, second].map(numbers);
  const stays = dwell.items.map((one) => one.data?.dwell_s).filter(Number.isFinite).sort((a, b) => a - b);
  const charts = [visitors(first), compared(first, second), presence(first), histogram(stays)];
  onLeave(() => charts.forEach((one) => one.close()));
  const [visits, beside, inside, staying] = charts;
  const save = (one, name) => h("button.quiet", { type: "button", onclick: () => download(one, name) }, t("export.png"));
  const lines = first.series.filter((one) => one.kind === "line.crossed");
  return h(
    "div",
    title,
    filters,
    h(
      "div.tiles",
      tile(t("analytics.in"), compact(now.in), versus(now.in, then.in)),
      tile(t("analytics.out"), compact(now.out), versus(now.out, then.out)),
      tile(t("analytics.mean"), number(now.mean, 1), versus(now.mean, then.mean)),
      tile(t("analytics.peak"), number(now.peak), versus(now.peak, then.peak)),
      tile(t("analytics.stay"), stays.length ? duration(stays[Math.floor(stays.length / 2)]) : t("none"), { note: t("analytics.stay.note", { n: stays.length }) }),
    ),
    h(
      "div.grid",
      panel(t("analytics.visitors"), [visits.node, lines.length ? asTable(t("analytics.visitors"), [t("events.camera"), t("analytics.line"), t("analytics.way"), t("analytics.n")], lines.map((one) => [one.camera, one.name, t(`direction.${one.part}`), total(one.n)])) : null], { actions: [save(visits, "visitors")] }),
      panel(t("analytics.compared"), beside.node, { actions: [save(beside, "compared")] }),
      panel(t("analytics.presence"), inside.node, { actions: [save(inside, "presence")] }),
      panel(t("analytics.dwell"), stays.length ? staying.node : h("p.soft", t("analytics.dwell.none"))),
    ),
  );
}

async function copy() {
  await navigator.clipboard?.writeText(location.href);
  toast(t("copied"));
}

function download(one, name) {
  const link = h("a", { href: one.image(), download: `sightline-${name}.png` });
  link.click();
}

const total = (list) => list.reduce((sum, one) => sum + one, 0);
const crossings = ({ series }, part) => series.filter((one) => one.kind === "line.crossed" && one.part === part);
const seen = ({ series }) => series.filter((one) => one.subject === "objects" && one.name === "");

function numbers(told) {
  const people = seen(told);
  const frames = people.reduce((sum, one) => sum + total(one.n), 0);
  return {
    in: crossings(told, "in").reduce((sum, one) => sum + total(one.n), 0),
    out: crossings(told, "out").reduce((sum, one) => sum + total(one.n), 0),
    mean: frames ? people.reduce((sum, one) => sum + total(one.total), 0) / frames : 0,
    peak: Math.max(0, ...people.flatMap((one) => one.high)),
  };
}

const versus = (now, then) => (then ? { change: percent(now / then - 1), note: t("analytics.before") } : {});

const overTime = (told, list, of = (one, at) => one.n[at]) =>
  told.starts.map((start, at) => [start * 1000, list.reduce((sum, one) => sum + of(one, at), 0)]);

const visitors = (told) =>
  chart(t("analytics.visitors"), {
    xAxis: { type: "time" },
    yAxis: { type: "value", minInterval: 1 },
    series: ["in", "out"].map((part) => ({ name: t(`direction.${part}`), type: "bar", barMaxWidth: 16, data: overTime(told, crossings(told, part)) })),
  });

function compared(now, then) {
  const shift = now.starts.length && then.starts.length ? (now.starts[0] - then.starts[0]) * 1000 : 0;
  const both = (told) => [...crossings(told, "in"), ...crossings(told, "out")];
  return chart(t("analytics.compared"), {
    xAxis: { type: "time" },
    yAxis: { type: "value", minInterval: 1 },
    series: [
      { name: t("analytics.now"), type: "line", showSymbol: false, data: overTime(now, both(now)) },
      { name: t("analytics.then"), type: "line", showSymbol: false, lineStyle: { type: "dashed" }, data: overTime(then, both(then)).map(([at, value]) => [at + shift, value]) },
    ],
  });
}

function presence(told) {
  const cameras = seen(told).slice(0, 7);
  return chart(t("analytics.presence"), {
    xAxis: { type: "time" },
    yAxis: { type: "value", name: t("analytics.people") },
    series: cameras.map((one) => ({
      name: one.camera,
      type: "line",
      showSymbol: false,
      data: told.starts.map((start, at) => [start * 1000, one.n[at] ? Math.round((one.total[at] / one.n[at]) * 100) / 100 : null]),
    })),
  });
}

function histogram(stays) {
  const edges = [0, 5, 10, 20, 30, 60, 120, 300, 600, 1800, Infinity];
  const counts = edges.slice(0, -1).map((from, at) => stays.filter((one) => one >= from && one < edges[at + 1]).length);
  const names = edges.slice(0, -1).map((from, at) => (edges[at + 1] === Infinity ? `> ${duration(from)}` : `${duration(from)}–${duration(edges[at + 1])}`));
  return chart(t("analytics.dwell"), { xAxis: { type: "category", data: names }, yAxis: { type: "value", minInterval: 1 }, series: [{ name: t("analytics.visits"), type: "bar", data: counts }] });
}
