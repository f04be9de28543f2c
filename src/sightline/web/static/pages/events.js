// What happened, and the minute around it as moving boxes.

import { all, get, url } from "../api.js";
import { cameraLink } from "../components/cameras.js";
import { chart } from "../components/chart.js";
import { replay } from "../components/replay.js";
import { field } from "../components/field.js";
import { icon } from "../components/icon.js";
import { head } from "../components/panel.js";
import { rangeOf, rangePicker, stepOf } from "../components/range.js";
import { busy, empty, failure } from "../components/states.js";
import { table } from "../components/table.js";
import { fill, h } from "../dom.js";
import { go, query, remember } from "../router.js";
import { duration, moment, number, t } from "../strings.js";
import { eventWords } from "./camera.js";

const MOST = 500;
const isNumber = Number.isFinite;
const isCell = (value) => Array.isArray(value) && value.length === 2 && value.every(isNumber);
const SAID = {
  dwell_s: [isNumber, duration], wait_s: [isNumber, duration], out_s: [isNumber, duration], for_s: [isNumber, duration],
  waiting: [isNumber, number], present: [isNumber, number],
  cell: [isCell, ([row, column]) => t("analytics.shelf.cell.name", { row: row + 1, column: column + 1 })],
  message: [(value) => typeof value === "string", String],
};
const NS = 1e6;

export default async function events({ onLeave, alive }) {
  const asked = query();
  const range = rangeOf(asked);
  const again = (values) => {
    remember(values);
    go(location.pathname + location.search, { replace: true });
  };
  const page = h("div", head(t("place.events")), h("div.toolbar", rangePicker(range, again)), busy());
  happened({ asked, range, again, onLeave, alive }).then(
    (content) => alive() && fill(page, content),
    (error) => alive() && fill(page, failure(error, () => go(location.pathname + location.search, { replace: true }))),
  );
  return page;
}

/** What the page holds once the hub has answered. */
async function happened({ asked, range, again, onLeave, alive }) {
  const span = { from: String(range.from * NS), to: String(range.to * NS) };
  const wanted = { ...span, camera: asked.camera, kind: asked.kind };
  const [cameras, series, page] = await Promise.all([
    all("cameras"),
    get("series", { ...wanted, subject: "event", over: ["camera", "name", "part"], resolution: stepOf(range) }),
    get("events", { ...wanted, limit: MOST }),
  ]);
  if (!alive()) return [];
  const kinds = [...new Set([...series.series.map((one) => one.kind), asked.kind].filter(Boolean))].sort();
  const filters = h(
    "div.toolbar",
    rangePicker(range, again),
    chooser(t("events.camera"), "camera", [["", t("events.camera.all")], ...cameras.map((one) => [one.name, one.name])], asked.camera ?? "", again),
    chooser(t("events.kind"), "kind", [["", t("events.kind.all")], ...kinds.map((kind) => [kind, kindWord(kind)])], asked.kind ?? "", again),
  );
  const csv = h("a.button", { href: url("exports/events.csv", wanted), download: "" }, icon("download"), t("export.csv"));
  const line = chart(t("events.over"), overTime(series), { height: 160 });
  onLeave(line.close);
  const rows = table(
    t("place.events"),
    [
      { title: t("events.when"), cell: (one) => moment(one.time_ns / NS), sort: (one) => one.time_ns },
      { title: t("events.what"), main: true, cell: (one) => eventWords(one), sort: (one) => one.kind },
      { title: t("events.camera"), cell: (one) => cameraLink(one.camera), sort: (one) => one.camera },
      { title: t("events.who"), cell: (one) => (one.label ? `${one.label} ${one.track ?? ""}` : t("none")), narrow: false },
      { title: t("events.more"), cell: (one) => details(one.data), narrow: false },
      { title: "", end: true, cell: (one) => h("button", { type: "button", onclick: () => replay(one) }, t("replay.open")) },
    ],
    { key: (one) => one.id, cards: true, onOpen: replay },
  );
  const place = h("div", page.items.length ? rows.node : empty(t("events.empty"), t("events.empty.text"), null, "events"));
  rows.rows(page.items);
  return [
    head(t("place.events"), { sub: page.next ? t("events.first", { n: number(MOST) }) : t("events.count", { n: number(page.items.length) }), actions: [csv] }),
    filters,
    h("section.panel", { "aria-label": t("events.over") }, line.node),
    h("div.gap"),
    place,
  ];
}

const kindWord = (kind) => {
  const word = t(`event.${kind}`);
  return word === `event.${kind}` ? kind : word;
};

/** What else an event tells that a person asks for; the API tells all of it. */
const details = (data) =>
  Object.entries(SAID)
    .filter(([key, [is]]) => is(data?.[key]))
    .map(([key, [, say]]) => t(`event.data.${key}`, { v: say(data[key]) }))
    .join(", ") || t("none");

/** A choice of many that changes the address. */
export const chooser = (label, key, options, value, again) =>
  field(label, key, { options, value, onchange: (event) => again({ [key]: event.target.value || null }) });

function overTime({ starts, series }) {
  const kinds = [...new Set(series.map((one) => one.kind))].slice(0, 7);
  return {
    xAxis: { type: "time" },
    yAxis: { type: "value", minInterval: 1 },
    series: kinds.map((kind) => ({
      name: kindWord(kind),
      type: "bar",
      stack: "all",
      barMaxWidth: 12,
      data: starts.map((start, at) => [start * 1000, series.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.n[at], 0)]),
    })),
  };
}
