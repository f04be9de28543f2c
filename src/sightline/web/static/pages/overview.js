// The place at a glance: what is live, how today compares, what wants attention.

import { BARS, endsOf, inWords, whiskers } from "../analytics/sure.js";
import { count, hourly, spans } from "../analytics/today.js";
import { get } from "../api.js";
import { cameraLink, cameraState } from "../components/cameras.js";
import { chart } from "../components/chart.js";
import { icon } from "../components/icon.js";
import { live } from "../components/live.js";
import { liveView } from "../components/liveview.js";
import { head, panel, tile } from "../components/panel.js";
import { empty } from "../components/states.js";
import { fill, h } from "../dom.js";
import { fleetMap } from "../floor/map.js";
import { mayAll } from "../session.js";
import { ago, compact, number, percent, t, time } from "../strings.js";
import { enrol } from "../components/enrol.js";
import { eventWords } from "./camera.js";

const EVERY = 15000;
const SHOWN = 20; // live pictures at once
const ALERTS = 99; // open ones that are counted
const NS = 1e6; // in a millisecond
const HOUR = 3600e3;
const WAYS = ["in", "out"];
const WIDEST = 14; // px of a bar

export default async function overview({ onLeave, alive }) {
  // Of a large fleet those that are there; the whole of it is told in numbers alone.
  const there = () => get("cameras", { q: "state=online", limit: SHOWN });
  const away = () => get("cameras", { q: "not state=online", limit: SHOWN });
  const some = async () => (await Promise.all([there(), away()])).flatMap((told) => told.items).slice(0, SHOWN);
  const ask = () => Promise.all([get("fleet"), some()]);
  let newest = await ask();
  if (!newest[0].cameras) return nobody();
  const views = new Map();
  const grid = h("div.views");
  const shown = newest[1];
  for (const one of shown) {
    const view = liveView(one.name, { names: false });
    const label = h("figcaption", cameraLink(one.name), cameraState(one));
    views.set(one.name, { view, label });
    grid.append(h("figure", h("a", { href: `/cameras/${encodeURIComponent(one.name)}`, tabindex: "-1", "aria-hidden": "true" }, view.node), label));
  }
  const map = fleetMap();
  const tiles = h("div.tiles");
  const happened = h("ul.list");
  let counted = null; // how sure the hub is of them
  const hours = chart(t("overview.hours"), bars({ starts: [], series: [] }, 0, null), { height: 220 });

  const end = live(shown.map((one) => one.name), {
    fps: 5,
    heard(message) {
      if (message.type === "frame") {
        views.get(message.camera)?.view.hear(message);
        map.hear(message);
      }
      if (message.type === "event") note(message);
      if (message.type === "presence") refresh();
    },
  });
  onLeave(() => {
    end();
    views.forEach(({ view }) => view.close());
    map.close();
    hours.close();
  });

  function note(event) {
    happened.querySelector(".soft.none")?.remove();
    happened.prepend(h("li", h("span.grow", eventWords(event), h("br"), h("span.soft", event.camera)), h("span.soft", time(event.time_ns / NS))));
    while (happened.children.length > 9) happened.lastChild.remove();
  }

  async function refresh() {
    const { start, ...asked } = spans(Date.now());
    const sums = ([from, to, resolution], kind = "line.crossed") => get("series", { from: String(from * NS), to: String(to * NS), kind, over: ["camera", "name"], resolution });
    const [[told, fresh], alerts, today, before] = await Promise.all([
      newest ?? ask(),
      get("alerts", { state: "open", limit: ALERTS }),
      sums(asked.today),
      Promise.all(asked.before.map((one) => sums(one))),
      map.refresh(),
    ]);
    if (!alive()) return;
    newest = null;
    for (const one of fresh) views.get(one.name)?.label.lastChild.replaceWith(cameraState(one));
    const cameIn = count([today], "in");
    const missing = ["offline", "failed", "degraded"].reduce((sum, state) => sum + (told.states[state] ?? 0), 0);
    fill(
      tiles,
      tile(t("overview.in"), compact(cameIn), change(cameIn, count(before, "in"))),
      tile(t("overview.out"), compact(count([today], "out"))),
      tile(t("overview.cameras"), `${number(told.cameras - missing)}/${number(told.cameras)}`, { note: missing ? t("overview.away", { n: missing }) : t("overview.all"), href: "/fleet" }),
      tile(t("overview.alerts"), alerts.items.length ? `${alerts.items.length}${alerts.next ? "+" : ""}` : t("overview.alerts.none"), { href: "/alerts" }),
      tile(t("overview.fresh"), told.seen_ns ? ago(told.seen_ns / NS) : t("never")),
    );
    hours.set(bars(today, start, counted));
    // How sure they are is added once they are there; of hours as the hub has them.
    if (today.resolution_s * 1000 !== HOUR) return;
    sums(asked.today, "line.count").then((told) => {
      counted = told;
      if (alive()) hours.set(bars(today, start, counted));
    }, () => {});
  }

  async function latest() {
    const { items } = await get("events", { limit: 9, from: "-1d" });
    if (items.length) items.reverse().forEach(note);
    else happened.append(h("li.soft.none", t("overview.none")));
  }

  await Promise.all([latest(), refresh()]);
  const timer = setInterval(refresh, EVERY);
  onLeave(() => clearInterval(timer));
  return h(
    "div",
    head(t("place.overview"), { sub: t("overview.sub"), actions: [h("a.button", { href: "/plans" }, icon("zone"), t("plans.title"))] }),
    tiles,
    h("div.grid.side", h("div.stack", map.node, h("section", { "aria-label": t("overview.live") }, grid)), h("div.stack", panel(t("overview.happened"), happened, { actions: [h("a", { href: "/events" }, t("overview.more"))] }), panel(t("overview.hours"), hours.node))),
  );
}

function change(now, before) {
  if (!before) return { note: t("overview.nothing") };
  return { change: percent(now / before - 1), note: t("overview.week"), good: null };
}

function bars(today, start, counted) {
  const series = WAYS.flatMap((way, which) => {
    const name = t(`direction.${way}`);
    const sure = counted && counted.starts[0] === today.starts[0] ? counted.series.filter((one) => one.part === way) : [];
    const ends = endsOf(counted, sure);
    const bar = { name, type: "bar", barMaxWidth: WIDEST, ...BARS, data: hourly(today, start, way), tooltip: inWords(ends, (value) => number(value)) };
    return [bar, ...whiskers(name, ends, { which, count: WAYS.length, widest: WIDEST })];
  });
  return { xAxis: { type: "time" }, yAxis: { type: "value", minInterval: 1 }, series };
}

const nobody = () =>
  h(
    "div",
    head(t("place.overview")),
    empty(
      t("overview.empty"),
      t("overview.empty.text"),
      mayAll("operator") ? h("button.primary", { type: "button", onclick: () => enrol(() => location.reload()) }, t("enrol.title")) : null,
      "camera",
    ),
  );
