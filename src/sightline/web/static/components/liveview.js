// One camera's picture made of metadata: boxes, trails, lines and zones with what they count.

import { h } from "../dom.js";
import { onBeat } from "../canvas/beat.js";
import { Player } from "../canvas/player.js";
import { isDark } from "../canvas/scheme.js";
import * as draw from "../canvas/shapes.js";
import { stage } from "../canvas/stage.js";
import { paintShelf } from "./shelf.js";
import { number, t } from "../strings.js";

const TOLD_MS = 250; // how often the age is written anew

/** `config` holds lines, zones and shelves, `counts()` their numbers, `levels(shelf)` how full its
 *  cells are, `behind()` a picture or null. Returns {node, hear, configure, redraw, close}. Nothing is drawn while it is not seen. */
export function liveView(name, { config = {}, counts = () => ({}), levels = () => null, names = true, behind = () => null } = {}) {
  const player = new Player();
  let aspect = 16 / 9;
  let stop = null;
  let told = 0;
  const age = h("span.badge", { "aria-hidden": "true" });
  const view = stage(t("live.label", { name }), aspect, paint);
  view.node.append(age);

  function paint(pen) {
    const picture = behind();
    if (picture) draw.picture(pen, picture);
    else draw.backdrop(pen, isDark());
    for (const line of config.lines ?? []) draw.line(pen, line, { text: caption("lines", line) });
    for (const kind of ["zones", "dwell", "queues"]) {
      for (const zone of config[kind] ?? []) draw.zone(pen, zone, { text: caption(kind, zone) });
    }
    for (const shelf of config.shelves ?? []) paintShelf(pen, shelf, levels(shelf.name));
    draw.trails(pen, player.memory.trails);
    draw.boxes(pen, player.memory.objects, { names });
  }

  function caption(kind, { name: place }) {
    const told = counts()?.[kind]?.[place];
    if (!told) return place;
    if (kind === "lines") return t("live.line", { name: place, in: told.in, out: told.out });
    return t("live.zone", { name: place, n: told.present ?? 0 });
  }

  function tick(now) {
    if (player.step(now)) view.now();
    if (now - told < TOLD_MS) return;
    told = now;
    const words = player.memory.silent(now) ? t("live.silent") : lateness(player.latency);
    if (age.textContent !== words) age.textContent = words;
  }

  function redraw() {
    if (stop) view.again();
  }

  const seen = new IntersectionObserver((changes) => {
    stop?.();
    stop = changes.at(-1).isIntersecting ? onBeat(tick) : null;
    redraw();
  });
  seen.observe(view.node);
  return {
    node: view.node,
    player,
    hear(frame) {
      if (frame.width && Math.abs(frame.width / frame.height - aspect) > 0.01) view.shape((aspect = frame.width / frame.height));
      player.hear(frame);
      if (!stop || document.hidden) player.step();
    },
    /** Other lines and zones. */
    configure(next) {
      config = next;
      redraw();
    },
    redraw,
    close() {
      seen.disconnect();
      stop?.();
      stop = null;
      view.close();
    },
  };
}

function lateness(ms) {
  if (ms < -200) return t("live.clock");
  return ms < 1000 ? t("live.late.ms", { n: number(Math.max(0, ms), 0) }) : t("live.late", { n: number(ms / 1000, 1) });
}
