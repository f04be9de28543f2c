// The minute around an instant, played again from stored metadata: no picture was ever kept.

import { get } from "../api.js";
import { Memory } from "../canvas/memory.js";
import { isDark } from "../canvas/scheme.js";
import * as draw from "../canvas/shapes.js";
import { shelvesAt } from "../canvas/shelves.js";
import { stage } from "../canvas/stage.js";
import { fill, h } from "../dom.js";
import { reported } from "../editing/reported.js";
import { t, time } from "../strings.js";
import { eventWords } from "../pages/camera.js";
import { dialog } from "./dialog.js";
import { icon } from "./icon.js";
import { paintShelf } from "./shelf.js";
import { busy, sentence } from "./states.js";

const AROUND = 30e3; // ms before and after
const LOOKS = 600e3; // ms back to the last look at a shelf
const NS = 1e6;
const PAGE = 1000;

/** Open the window for an event. */
export function replay(event) {
  const place = h("div", busy());
  let close = () => {};
  dialog(eventWords(event), place, { wide: true, onClose: () => close() });
  load(event).then(
    ([frames, config, shelves]) => (close = show(place, event, frames, config, shelves)),
    (error) => fill(place, h("p.wrong", sentence(error))),
  );
}

async function load(event) {
  const path = `cameras/${encodeURIComponent(event.camera)}`;
  const at = Math.round(event.time_ns / NS);
  const span = { from: String((at - AROUND) * NS), to: String((at + AROUND) * NS), limit: PAGE };
  const [twin, found] = await Promise.all([get(`${path}/twin`), frames(path, span)]);
  const config = twin.version ? twin.desired : reported(twin);
  return [found, config, config.shelves?.length ? await changes(event.camera, at) : null];
}

/** What was said of shelves up to the end of the minute: {looks, events}. */
async function changes(camera, at) {
  const span = { camera, from: String((at - LOOKS) * NS), to: String((at + AROUND) * NS), limit: PAGE };
  const asked = [get("measures", { ...span, kind: "shelf.fill" }), get("events", { ...span, kind: ["shelf.out_of_stock", "shelf.restocked"] })];
  const [looks, events] = await Promise.all(asked);
  return { looks: looks.items, events: events.items };
}

async function frames(path, span) {
  const found = [];
  let cursor;
  do {
    const page = await get(`${path}/frames`, { ...span, cursor });
    found.push(...page.items);
    cursor = page.next;
  } while (cursor && found.length < 4 * PAGE);
  return found;
}

function show(place, event, list, config, shelves) {
  if (!list.length) {
    fill(place, h("p", t("replay.gone")));
    return () => {};
  }
  const [first, last] = [list[0], list.at(-1)].map((one) => one.time_ns / NS);
  const happened = event.time_ns / NS;
  let memory = new Memory();
  let next = 0;
  let at = Math.max(first, happened - 5000);
  let playing = true;
  let before = performance.now();
  let looking = 0;
  const clock = h("span.soft", { "aria-live": "off" });
  const slider = h("input", { type: "range", min: String(first), max: String(last), step: "40", "aria-label": t("replay.when"), oninput: () => seek(Number(slider.value)) });
  const toggle = h("button", { type: "button", onclick: () => play(!playing) });
  const view = stage(t("replay.label"), 16 / 9, (pen) => {
    draw.backdrop(pen, isDark());
    for (const one of config.lines ?? []) draw.line(pen, one, { bold: one.name === event.name });
    for (const kind of ["zones", "dwell", "queues"]) for (const one of config[kind] ?? []) draw.zone(pen, one, { bold: one.name === event.name });
    if (shelves) paintShelves(pen);
    draw.trails(pen, memory.trails);
    draw.boxes(pen, memory.objects);
    if (event.place && Math.abs(at - happened) < 1200) draw.handle(pen, event.place, { active: true });
  });

  function paintShelves(pen) {
    const then = shelvesAt(shelves.looks, shelves.events, at);
    for (const one of config.shelves) paintShelf(pen, one, then.of(one.name), { bold: one.name === event.name });
  }

  function seek(to) {
    memory = new Memory();
    at = to;
    next = Math.max(0, list.findIndex((one) => one.time_ns / NS >= at - 4000));
    advance();
  }

  function advance() {
    while (next < list.length && list[next].time_ns / NS <= at) {
      memory.see(list[next].objects, list[next].time_ns / NS, at);
      next += 1;
    }
    slider.value = String(at);
    clock.textContent = time(at);
    view.again();
  }

  function tick(now) {
    looking = requestAnimationFrame(tick);
    if (playing) {
      at += Math.min(now - before, 200);
      if (at >= last) play(false);
      advance();
    }
    before = now;
  }

  function play(on) {
    playing = on;
    if (on && at >= last) seek(first);
    fill(toggle, icon(on ? "pause" : "play"), t(on ? "replay.pause" : "replay.play"));
  }

  fill(place, view.node, h("div.player", toggle, slider, clock), h("p.soft", t("replay.text")));
  play(true);
  seek(at);
  looking = requestAnimationFrame(tick);
  return () => {
    cancelAnimationFrame(looking);
    view.close();
  };
}
