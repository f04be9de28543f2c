// One camera's picture made of metadata: boxes, trails, lines and zones with what they count.

import { h } from "../dom.js";
import { Player } from "../canvas/player.js";
import * as draw from "../canvas/shapes.js";
import { stage } from "../canvas/stage.js";
import { number, t } from "../strings.js";

/** `config` holds lines and zones, `counts()` their numbers. Returns {node, hear, close}. */
export function liveView(name, { config = {}, counts = () => ({}), names = true, clock = null } = {}) {
  const player = new Player();
  let aspect = 16 / 9;
  let looking = 0;
  const age = h("span.badge", { "aria-hidden": "true" });
  const view = stage(t("live.label", { name }), aspect, paint);
  view.node.append(age);

  function paint(pen) {
    draw.backdrop(pen, dark());
    for (const line of config.lines ?? []) draw.line(pen, line, { text: caption("lines", line) });
    for (const kind of ["zones", "dwell", "queues"]) {
      for (const zone of config[kind] ?? []) draw.zone(pen, zone, { text: caption(kind, zone) });
    }
    draw.trails(pen, player.memory.trails);
    draw.boxes(pen, player.memory.objects, { names });
  }

  function caption(kind, { name: place }) {
    const told = counts()?.[kind]?.[place];
    if (!told) return place;
    if (kind === "lines") return t("live.line", { name: place, in: told.in, out: told.out });
    return t("live.zone", { name: place, n: told.present ?? 0 });
  }

  function tick() {
    looking = requestAnimationFrame(tick);
    if (player.step()) view.again();
    const silent = player.memory.silent(Date.now());
    const late = player.latency();
    age.textContent = late === null || silent ? t("live.silent") : t("live.late", { n: number(late / 1000, 1) });
    if (clock && late !== null) clock(late);
  }

  looking = requestAnimationFrame(tick);
  return {
    node: view.node,
    player,
    hear(frame) {
      if (frame.width && Math.abs(frame.width / frame.height - aspect) > 0.01) view.shape((aspect = frame.width / frame.height));
      player.hear(frame);
    },
    redraw: view.again,
    close() {
      cancelAnimationFrame(looking);
      view.close();
    },
  };
}

const dark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};
