// Where people are and which way they go: over a floor plan, or over a camera's own view.

import { get, url } from "../api.js";
import { isDark } from "../canvas/scheme.js";
import { choice, field } from "../components/field.js";
import { icon } from "../components/icon.js";
import { busy, sentence } from "../components/states.js";
import { settled, fill, h } from "../dom.js";
import { board } from "../floor/board.js";
import * as paint from "../floor/heat.js";
import { dayAndTime, duration, number, t } from "../strings.js";

export const id = "heat";
export const kinds = ["frame"];
const HOUR = 3600e3;
const NS = 1e6;
const MOST = 200; // cameras that are offered
const NOBODY = "-";
const VIEW = "view:"; // what an address puts before a camera whose own view is meant

export async function show({ sides, onLeave, asked, remember }) {
  const [{ items: plans }, ...lists] = await Promise.all([get("plans"), ...sides.map((side) => side.ask("cameras", { limit: 1000 }))]);
  const members = lists.map(({ items }) => new Set(items.map((one) => one.name)));
  const cameras = lists[0].items.slice(0, MOST);
  const places = [...plans.filter((plan) => plan.cameras.length).map((plan) => plan.name), ...cameras.map((one) => VIEW + one.name)];
  if (!places.length) return { title: t("analytics.heat"), tiles: [], content: h("p.soft", t("analytics.heat.none")) };
  const state = { on: places.includes(asked.plan) ? asked.plan : usual(plans, sides[0], places), layer: asked.layer === "flow" ? "flow" : "presence", hour: Number(asked.hour ?? -1), label: asked.label ?? "" };
  const sheets = h("div.sheets");
  const when = h("span.soft");
  const legend = h("div.legend");
  const told = h("p.hint", { role: "status" });
  const labels = h("span");
  let shown = [];
  let close = () => {};
  let turn = 0;
  onLeave(() => (close(), (turn = -1)));

  const spanOf = (side) => {
    if (state.hour < 0) return { from: side.span.from, to: side.span.to };
    const from = Math.floor(side.from / HOUR) * HOUR + state.hour * HOUR;
    return { from: String(from * NS), to: String((from + HOUR) * NS) };
  };
  const night = (on) => isDark() && !plans.find((plan) => plan.name === on)?.drawing;
  const planOf = (side, at) => (at && side.q !== sides[0].q && ofSite(plans, side)?.name) || state.on;
  const question = (side, at, form = "") => {
    const on = planOf(side, at);
    const query = { ...spanOf(side), label: state.label };
    if (on.startsWith(VIEW)) return [`heatmaps${form}`, { ...query, camera: on.slice(VIEW.length) }];
    // Of the side's cameras alone; a name that no camera has where none of them is on this plan.
    const there = plans.find((plan) => plan.name === on).cameras.map((one) => one.camera);
    const mine = side.q ? there.filter((name) => members[at].has(name)) : [];
    return [`plans/${encodeURIComponent(on)}/heat${form}`, { ...query, camera: side.q && !mine.length ? NOBODY : mine }];
  };

  async function load() {
    const mine = ++turn;
    when.textContent = state.hour < 0 ? t("analytics.heat.whole") : dayAndTime(Number(spanOf(sides[0]).from) / NS);
    if (!shown.length) fill(sheets, busy(t("analytics.heat.busy")));
    told.textContent = t("analytics.heat.busy");
    try {
      const maps = await Promise.all(sides.map((side, at) => get(...question(side, at))));
      if (mine !== turn) return;
      draw(maps);
    } catch (error) {
      if (mine === turn) fill(told, h("span.wrong", sentence(error)));
    }
  }

  function draw(maps) {
    close();
    const most = paint.mostOf(maps);
    shown = maps.map((map, at) => sheet(map, planOf(sides[at], at), most));
    close = () => shown.forEach((one) => one.close());
    fill(sheets, maps.map((map, at) => h("figure", shown[at].node, sides.length > 1 && h("figcaption", sides[at].name), h("p.hint", words(map, planOf(sides[at], at))))));
    fill(legend, state.layer === "presence" && most > 0 && [h("span", t("analytics.heat.less")), h(`span.ramp${night(state.on) ? ".night" : ""}`), h("span", t("analytics.heat.most", { span: duration(most) }))], state.layer === "flow" && h("span", t("analytics.heat.flow.how")));
    told.textContent = maps.every((map) => map.complete) ? "" : t("analytics.heat.sample");
    const known = [...new Set([...maps.flatMap((map) => Object.keys(map.labels)), state.label].filter(Boolean))].sort();
    fill(labels, known.length > 1 || state.label ? field(t("analytics.heat.label"), "label", { options: [["", t("analytics.heat.labels")], ...known.map((one) => [one, one])], value: state.label, onchange: ({ target }) => change({ label: target.value }) }) : null);
  }

  function sheet(map, on, most) {
    const plan = plans.find((one) => one.name === on) ?? { name: on.slice(VIEW.length), size: map.rows ? [map.columns, map.rows] : [16, 9], origin: [0, 0], walls: [], cameras: [], drawing: null };
    // Squares may reach beyond a plan that is no multiple of them.
    const over = (pen, paper) => {
      const [width, height] = map.cell_m ? [(map.columns * map.cell_m) / paper.width, (map.rows * map.cell_m) / paper.height] : [1, 1];
      const whole = { ...pen, width: pen.width * width, height: pen.height * height };
      if (!map.rows) return;
      if (state.layer === "flow") paint.flow(whole, map, night(on));
      else paint.presence(whole, map, most, night(on));
    };
    return board(plan, { over });
  }

  function words(map, on) {
    const spot = map.rows ? paint.warmest(map) : null;
    if (!spot) return t("analytics.heat.nobody");
    const [x, y] = map.cell_m ? [spot.x * map.columns * map.cell_m, spot.y * map.rows * map.cell_m] : [spot.x * 100, spot.y * 100];
    const where = t(map.cell_m ? "analytics.heat.spot" : "analytics.heat.spot.view", { x: number(x, 1), y: number(y, 1), span: duration(spot.seconds), whole: duration(map.seconds) });
    const without = Object.keys(map.without ?? {});
    return without.length ? `${where} ${t("analytics.heat.without", { names: without.join(", ") })}` : where;
  }

  function change(values) {
    Object.assign(state, values);
    remember({ plan: state.on, layer: state.layer === "flow" ? "flow" : null, hour: state.hour < 0 ? null : state.hour, label: state.label || null });
    load();
  }

  const hours = Math.min(744, Math.max(1, Math.ceil((sides[0].to - sides[0].from) / HOUR)));
  const slid = settled((hour) => change({ hour }), 250);
  const slider = h("input", {
    type: "range", min: -1, max: hours - 1, value: String(state.hour), "aria-label": t("analytics.heat.hour"),
    oninput: ({ target }) => {
      const hour = Number(target.value);
      when.textContent = hour < 0 ? t("analytics.heat.whole") : dayAndTime(Math.floor(sides[0].from / HOUR) * HOUR + hour * HOUR);
      slid(hour);
    },
  });
  whenSeen(sheets, load, onLeave);
  return {
    title: t("analytics.heat"),
    wide: true,
    tiles: [],
    content: h(
      "div",
      h(
        "div.toolbar",
        field(t("analytics.heat.on"), "plan", { options: places.map((one) => [one, one.startsWith(VIEW) ? t("analytics.heat.view", { name: one.slice(VIEW.length) }) : one]), value: state.on, onchange: ({ target }) => change({ on: target.value }) }),
        choice(t("analytics.heat"), [["presence", t("analytics.heat.presence")], ["flow", t("analytics.heat.flow")]], state.layer, (layer) => change({ layer })),
        labels,
        h("div.hours", slider, when),
      ),
      sheets,
      legend,
      told,
    ),
    image: () => shown[0]?.canvas.toDataURL("image/png"),
    more: () => [["csv", t("save.csv")], ["npz", t("save.npz")]].map(([form, word]) => h("button.quiet", { type: "button", onclick: () => h("a", { href: url(...question(sides[0], 0, `.${form}`)), download: "" }).click() }, icon("download"), word)),
  };
}

const ofSite = (plans, side) => plans.find((plan) => plan.site && side.q === `site=${plan.site}`);
const usual = (plans, side, places) => ofSite(plans, side)?.name ?? places[0];

/** A day of frames takes the hub a second: nobody who does not look at it asks. */
function whenSeen(node, action, onLeave) {
  const watch = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    watch.disconnect();
    action();
  }, { rootMargin: "300px" });
  watch.observe(node);
  onLeave(() => watch.disconnect());
}
