// One camera: what it sees now, how it is, what it is told, and what left it.

import { get, post } from "../api.js";
import { cameraState, seen, tags } from "../components/cameras.js";
import { attempt } from "../components/dialog.js";
import { healthCharts } from "../components/healthcharts.js";
import { icon } from "../components/icon.js";
import { live } from "../components/live.js";
import { liveView } from "../components/liveview.js";
import { cameraLog } from "../components/log.js";
import { Shelves } from "../canvas/shelves.js";
import { head, panel, tile } from "../components/panel.js";
import { pictures } from "../components/pictures.js";
import { fill, h } from "../dom.js";
import { reported } from "../editing/reported.js";
import { may } from "../session.js";
import { ago, bytes, compact, duration, number, t, time } from "../strings.js";

const EVERY = 10000;

export default async function camera({ parameters: { name }, onLeave, alive }) {
  const path = `cameras/${encodeURIComponent(name)}`;
  const [view, twin, reports] = await Promise.all([get(path), get(`${path}/twin`), get(`${path}/health`, { from: "-6h", limit: 720 })]);
  const config = Object.keys(twin.desired).length ? twin.desired : reported(twin);
  let health = reports.items[0]?.health ?? null;
  let behind = null; // a picture that the policy let out, under the boxes
  const shelves = new Shelves();
  const seenLive = liveView(name, { config, counts: () => health?.counts, levels: shelves.of, behind: () => behind });
  const happened = h("ul.list.events-live");
  const nothing = h("p.soft", t("camera.happened.text"));
  const tiles = h("div.tiles");
  const connection = h("p.soft", { role: "status" });
  const away = h("button.quiet", { type: "button", hidden: true, onclick: () => lay(null) }, t("pictures.away"));
  const charts = healthCharts(reports.items);
  const sub = h("span");

  const end = live([name], {
    fps: 25,
    heard(message) {
      if (message.type === "frame") seenLive.hear(message);
      else if (message.type === "event") note(message);
    },
    state: (word) => (connection.textContent = word === "lost" ? t("live.lost") : ""),
  });

  /** How full shelves are is said now and then, not with each picture. */
  async function look() {
    if (!config.shelves?.length) return;
    const { items } = await get("measures", { camera: name, kind: "shelf.fill", from: "-1d", limit: 4 * config.shelves.length });
    shelves.take(items);
    seenLive.redraw();
  }

  function note(event) {
    nothing.remove();
    if (shelves.hear(event)) seenLive.redraw();
    happened.prepend(h("li", h("span.grow", eventWords(event)), h("span.soft", time(event.time_ns / 1e6))));
    while (happened.children.length > 8) happened.lastChild.remove();
  }

  function lay(image) {
    behind = image;
    away.hidden = !image;
    if (image) seenLive.node.scrollIntoView({ block: "center" });
    seenLive.redraw();
  }

  function numbers() {
    fill(
      tiles,
      tile(t("health.fps"), health ? number(health.fps, 1) : t("none")),
      tile(t("health.latency"), health?.latency_ms?.median === undefined ? t("none") : `${number(health.latency_ms.median, 0)} ms`, { note: t("health.latency.note") }),
      tile(t("health.uptime"), health ? duration(health.uptime_s) : t("none")),
      tile(t("health.dropped"), health ? compact(health.dropped) : t("none")),
      tile(t("health.outbox"), health ? bytes(health.outbox.bytes ?? 0) : t("none"), { note: t("health.outbox.note", { n: health?.outbox?.parcels ?? 0 }) }),
      tile(t("health.memory"), health ? `${number(health.memory_mb)} MB` : t("none"), { note: health?.temperature_c ? `${number(health.temperature_c)} °C` : null }),
    );
  }

  function about(now) {
    fill(sub, cameraState(now), " · ", now.model || t("none"), " · ", t("camera.seen.sub", { ago: seen(now.seen_ns) }), " ", tags(now));
  }

  /** What happened lately, so that a quiet camera does not look like a broken one. */
  async function latest() {
    const { items } = await get("events", { camera: name, from: "-1h", limit: 8 });
    if (alive() && !happened.children.length) items.reverse().forEach(note);
  }

  async function refresh() {
    const asked = [get(path), get(`${path}/health`, { from: "-6h", limit: 720 })];
    const [now, newest] = await Promise.all(asked).catch(() => []);
    if (!alive() || !newest) return;
    about(now);
    health = newest.items[0]?.health ?? health;
    charts.set(newest.items);
    look().catch(() => {});
    numbers();
    seenLive.redraw();
  }

  about(view);
  look().catch(() => {});
  latest().catch(() => {});
  numbers();
  const timer = setInterval(refresh, EVERY);
  onLeave(() => {
    clearInterval(timer);
    end();
    seenLive.close();
    charts.close();
  });
  return h(
    "div",
    head(name, {
      sub,
      actions: [
        h("a.button", { href: `/analytics?camera=${encodeURIComponent(name)}` }, icon("analytics"), t("place.analytics")),
        may("operator") && h("a.button.primary", { href: `/cameras/${encodeURIComponent(name)}/edit` }, icon("line"), t("editor.title")),
      ],
    }),
    h(
      "div.grid.side",
      h("div", seenLive.node, away, connection),
      panel(t("camera.happened"), h("div", happened, nothing)),
    ),
    h("div.gap"),
    tiles,
    h(
      "div.grid",
      charts.panels,
      h(
        "div.stack",
        panel(t("egress.title"), await left(path), { id: "egress" }),
        panel(t("camera.log"), h("div.stack", complaints(health), may("operator") && cameraLog(name))),
        may("operator") && panel(t("pictures.title"), await pictures(name, config.privacy?.policy ?? "none", lay)),
      ),
      panel(t("camera.config"), configuration(name, path, twin, config)),
    ),
  );
}

function complaints(health) {
  const errors = (health?.errors ?? []).slice(0, 6);
  if (!errors.length) return h("p.soft", t("camera.log.none"));
  return h("ul.list", errors.map(([at, text]) => h("li", h("span.grow", text), h("span.soft", ago(at / 1e6)))));
}

async function left(path) {
  const told = await get(`${path}/egress`).catch(() => null);
  if (!told || !told.entries) return h("p.soft", t("egress.none"));
  const all = Object.values(told.sent).reduce((sum, one) => sum + one.bytes, 0);
  return h(
    "div",
    h("dl.facts",
      h("dt", t("egress.pictures")), h("dd", h("strong", number(told.pictures))),
      Object.entries(told.released).map(([policy, n]) => [h("dt", t("egress.released", { policy })), h("dd", number(n))]),
      h("dt", t("egress.metadata")), h("dd", bytes(all)),
      Object.entries(told.sent).map(([kind, one]) => [h("dt", t(`egress.kind.${kind}`)), h("dd", bytes(one.bytes))]),
      h("dt", t("egress.policies")), h("dd", told.policies.join(", ")),
      h("dt", t("egress.until")), h("dd", ago(told.until_ns / 1e6)),
    ),
    h("p", { class: told.whole ? "good-line" : "wrong" }, icon(told.whole ? "shield" : "warning"), told.whole ? t("egress.whole") : t("egress.broken", { fault: told.fault })),
  );
}

function configuration(name, path, twin, config) {
  const said = twin.reported;
  const stands = !said || said.version >= twin.version ? null : t("twin.waiting", { n: twin.version });
  return h(
    "div",
    said?.error && h("p.wrong", said.error),
    stands && h("p.soft", stands),
    h("pre.config", { tabindex: "0" }, JSON.stringify(config, null, 2)),
    may("operator") &&
      h("div.actions", h("button", { type: "button", onclick: () => attempt(() => post(`${path}/commands`, { name: "restart" }), t("camera.restarting")) }, t("camera.restart"))),
  );
}

/** An event in words: what, where, and what else is known. */
export function eventWords(event) {
  const what = t(`event.${event.kind}`);
  const known = what === `event.${event.kind}` ? event.kind : what;
  const more = event.data?.direction ? ` ${t(`direction.${event.data.direction}`)}` : "";
  return `${event.name ? `${event.name}: ` : ""}${known}${more}`;
}
