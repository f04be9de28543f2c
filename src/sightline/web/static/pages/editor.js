// Draw lines and zones on what the camera sees, and see at once what they would have counted.

import { Refused, get, post, request } from "../api.js";
import { dialog, toast } from "../components/dialog.js";
import { field } from "../components/field.js";
import { icon } from "../components/icon.js";
import { live } from "../components/live.js";
import { head, panel } from "../components/panel.js";
import { empty, sentence } from "../components/states.js";
import { Player } from "../canvas/player.js";
import * as draw from "../canvas/shapes.js";
import { fill, h, settled } from "../dom.js";
import { Document, KINDS, pointsOf } from "../editing/document.js";
import { easel } from "../editing/easel.js";
import { crossesItself } from "../editing/snapping.js";
import { may } from "../session.js";
import { t } from "../strings.js";

const LOOK_MS = 5000;
const TOOLS = ["select", "lines", "zones", "dwell", "queues"];
const SIGNS = { select: "check", lines: "line", zones: "zone", dwell: "clock", queues: "events" };

export default async function editor({ parameters: { name }, onLeave, alive }) {
  if (!may("operator")) return empty(t("editor.title"), t("editor.denied"), null, "shield");
  const path = `cameras/${encodeURIComponent(name)}`;
  let { data: twin, etag } = await request("GET", `${path}/twin`);
  let config = configOf(twin);
  let document_ = new Document(config);
  let answer = null;
  const player = new Player();
  const side = h("div");
  const told = h("p.soft", { role: "status" });
  const wrong = h("p.wrong", { role: "alert", hidden: true });
  const save = h("button.primary", { type: "button", onclick: store }, t("save"));
  const back = h("button.quiet", { type: "button", title: t("editor.undo"), "aria-label": t("editor.undo"), onclick: () => step("undo") }, icon("undo"));
  const again = h("button.quiet", { type: "button", title: t("editor.redo"), "aria-label": t("editor.redo"), onclick: () => step("redo") }, icon("redo"));
  let board = begin();
  const tools = h("div");
  drawTools("select");

  function begin() {
    const made = easel(t("editor.picture", { name }), 16 / 9, document_, {
      changed,
      chosen: drawSide,
      caption,
      behind(pen) {
        draw.backdrop(pen, matchMedia("(prefers-color-scheme: dark)").matches);
        pen.context.globalAlpha = 0.55;
        draw.boxes(pen, player.memory.objects, { names: false });
        draw.trails(pen, player.memory.trails);
        pen.context.globalAlpha = 1;
      },
    });
    made.node.addEventListener("tool", ({ detail }) => drawTools(detail));
    return made;
  }

  function drawTools(current) {
    fill(
      tools,
      TOOLS.map((tool) =>
        h("button", { type: "button", "aria-pressed": String(tool === current), onclick: () => board.use(tool) }, icon(SIGNS[tool]), t(`tool.${tool}`)),
      ),
    );
    told.textContent = t(`tool.${current}.how`);
  }

  function caption({ kind, value }) {
    const numbers = answer?.counts?.[kind]?.[value.name];
    if (!numbers) return value.name;
    if (kind === "lines") return t("live.line", { name: value.name, in: numbers.in, out: numbers.out });
    return t("editor.visits", { name: value.name, n: numbers.visits ?? 0 });
  }

  function changed() {
    const crossed = document_.shapes.find((one) => one.kind !== "lines" && crossesItself(pointsOf(one)));
    wrong.hidden = !crossed;
    if (crossed) wrong.textContent = t("editor.crosses", { name: crossed.value.name });
    save.disabled = !document_.changed || Boolean(crossed);
    back.disabled = !document_.undoable;
    again.disabled = !document_.redoable;
    board.again();
    drawSide(board.selected());
    if (!crossed) ask();
  }

  const ask = settled(async () => {
    const { lines = [], zones = [], dwell = [], queues = [] } = document_.into({});
    if (!document_.shapes.length) return;
    try {
      const found = await post(`${path}/ask`, { config: { lines, zones, dwell, queues, detect: only(config.detect, ["classes"]) }, from: "-1h" });
      if (!alive()) return;
      answer = found;
      drawSide(board.selected());
      board.again();
    } catch (error) {
      if (error instanceof Refused) {
        wrong.textContent = sentence(error);
        wrong.hidden = false;
      }
    }
  }, 350);

  function drawSide(id) {
    const shape = id && document_.find(id);
    if (shape && side.querySelector(`[data-shape="${id}"]`) && side.contains(document.activeElement)) return refreshNumbers(shape);
    fill(side, shape ? properties(shape) : list());
  }

  function refreshNumbers(shape) {
    const place = side.querySelector(".numbers");
    if (place) fill(place, numbersOf(shape));
  }

  const list = () =>
    document_.shapes.length
      ? h("ul.list", document_.shapes.map((one) => h("li", h("button.quiet.grow", { type: "button", onclick: () => board.choose(one.id) }, icon(SIGNS[one.kind]), caption(one)))))
      : h("div", h("p", t("editor.empty")), h("div.actions", h("button.primary", { type: "button", onclick: () => board.use("lines") }, icon("line"), t("editor.first"))));

  function properties(shape) {
    const points = pointsOf(shape);
    return h(
      "div.properties",
      { data: { shape: shape.id } },
      field(t("editor.name"), "name", { value: shape.value.name, maxlength: 64, oninput: (event) => event.target.value && (document_.set(shape.id, "name", event.target.value), changed()) }),
      field(t("editor.classes"), "classes", { value: (shape.value.classes ?? []).join(", "), placeholder: t("editor.classes.all"), onchange: (event) => (document_.set(shape.id, "classes", event.target.value.split(",").map((word) => word.trim()).filter(Boolean)), changed()) }),
      h("div.numbers", numbersOf(shape)),
      h(
        "details",
        h("summary", t("editor.corners")),
        h("div.corners", points.map((point, corner) => point.map((value, axis) => h("input", { type: "number", min: 0, max: 1, step: 0.001, value: String(value), "aria-label": t("editor.corner", { n: corner + 1, axis: "xy"[axis] }), onchange: (event) => move(shape.id, corner, axis, Number(event.target.value)) })))),
      ),
      h(
        "div.actions",
        shape.kind === "lines" && h("button", { type: "button", onclick: () => (document_.turn(shape.id), changed()) }, t("editor.turn")),
        h("button.danger", { type: "button", onclick: () => (document_.remove(shape.id), board.choose(null), changed()) }, t("editor.remove")),
      ),
    );
  }

  function numbersOf({ kind, value }) {
    const numbers = answer?.counts?.[kind]?.[value.name];
    if (!numbers) return h("p.soft", t("editor.asking"));
    return [
      h("p.soft", t(answer.frames ? "editor.hour" : "editor.nothing")),
      h("dl.facts", Object.entries(numbers).slice(0, 6).map(([key, number]) => [h("dt", key.replaceAll("_", " ")), h("dd", String(Math.round(number * 100) / 100))])),
    ];
  }

  function move(id, corner, axis, value) {
    const point = [...pointsOf(document_.find(id))[corner]];
    point[axis] = value;
    document_.move(id, corner, point);
    changed();
  }

  function step(way) {
    document_[way]();
    if (!document_.find(board.selected())) board.choose(null);
    changed();
  }

  async function store() {
    save.disabled = true;
    const kinds = Object.keys(KINDS);
    const whole = document_.into(config);
    const patch = Object.fromEntries(kinds.filter((kind) => whole[kind] || config[kind]).map((kind) => [kind, whole[kind] ?? []]));
    try {
      const answered = await request("PATCH", `${path}/twin`, { body: patch, etag });
      ({ data: twin, etag } = answered);
      config = configOf(twin);
      document_.saved();
      toast(t("editor.saved"));
    } catch (error) {
      if (error instanceof Refused && error.status === 412) return theirs();
      wrong.textContent = sentence(error);
      wrong.hidden = false;
    }
    changed();
    return undefined;
  }

  /** Somebody else saved meanwhile: show it, and let the person choose. */
  async function theirs() {
    const found = await request("GET", `${path}/twin`);
    dialog(t("editor.both"), (close) => [
      h("p", t("editor.both.text", { who: found.data.changed_by })),
      h(
        "div.actions",
        h("button", { type: "button", onclick: () => (take(found), close()) }, t("editor.both.theirs")),
        h("button.primary", { type: "button", onclick: () => ((etag = found.etag), (config = configOf(found.data)), close(), store()) }, t("editor.both.mine")),
      ),
    ]);
  }

  function take(found) {
    ({ data: twin, etag } = found);
    config = configOf(twin);
    document_ = new Document(config);
    const next = begin();
    board.node.replaceWith(next.node);
    board.close();
    board = next;
    answer = null;
    changed();
  }

  async function look() {
    const found = await request("GET", `${path}/twin`).catch(() => null);
    if (!alive() || !found || found.etag === etag) return;
    if (document_.changed) told.textContent = t("editor.other", { who: found.data.changed_by });
    else take(found);
  }

  function keys(event) {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input,textarea")) return;
    if (event.key === "z") step(event.shiftKey ? "redo" : "undo");
    else if (event.key === "y") step("redo");
    else return;
    event.preventDefault();
  }

  const end = live([name], { fps: 10, heard: (message) => message.type === "frame" && player.hear(message) });
  const ticking = setInterval(() => player.step() && board.again(), 40);
  const looking = setInterval(look, LOOK_MS);
  addEventListener("keydown", keys);
  const unsaved = (event) => document_.changed && event.preventDefault();
  addEventListener("beforeunload", unsaved);
  onLeave(() => {
    end();
    clearInterval(ticking);
    clearInterval(looking);
    removeEventListener("keydown", keys);
    removeEventListener("beforeunload", unsaved);
    board.close();
  });
  changed();
  return h(
    "div",
    head(t("editor.head", { name }), { actions: [back, again, h("a.button", { href: `/cameras/${encodeURIComponent(name)}` }, t("editor.leave")), save] }),
    h("div.grid.side", h("div", h("div.tools", { role: "toolbar", "aria-label": t("editor.tools") }, tools), board.node, told, wrong), panel(t("editor.shapes"), side)),
  );
}

const configOf = (twin) => (twin.version ? twin.desired : own(twin.reported?.config ?? {}));
const own = ({ source, output, name, max_frames, ...rest }) => rest; // the camera keeps these itself
const only = (tree = {}, keys) => Object.fromEntries(keys.filter((key) => tree[key]).map((key) => [key, tree[key]]));
