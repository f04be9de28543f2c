// Draw lines and zones on what the camera sees, and see at once what they would have counted.

import { Refused, post, request } from "../api.js";
import { dialog, toast } from "../components/dialog.js";
import { icon } from "../components/icon.js";
import { live } from "../components/live.js";
import { head, panel } from "../components/panel.js";
import { empty, sentence } from "../components/states.js";
import { metres } from "../canvas/grids.js";
import { Player } from "../canvas/player.js";
import { isDark } from "../canvas/scheme.js";
import * as draw from "../canvas/shapes.js";
import { fill, h, settled } from "../dom.js";
import { Document } from "../editing/document.js";
import { easel } from "../editing/easel.js";
import { faultOf } from "../editing/faults.js";
import { floor as floorOf } from "../editing/floor.js";
import { KINDS } from "../editing/kinds.js";
import { properties } from "../editing/properties.js";
import { reported } from "../editing/reported.js";
import { go, query } from "../router.js";
import { may } from "../session.js";
import { number, t } from "../strings.js";

const LOOK_MS = 3000;
const TOOLS = ["select", ...Object.keys(KINDS)];
const ASKED = ["lines", "zones", "dwell", "queues", "shelves", "ground"];

export default async function editor({ parameters: { name }, onLeave, alive }) {
  if (!may("operator")) return empty(t("editor.title"), t("editor.denied"), null, "shield");
  const path = `cameras/${encodeURIComponent(name)}`;
  let { data: twin, etag } = await request("GET", `${path}/twin`);
  let config = configOf(twin);
  let answer = null;
  let aspect = 16 / 9;
  const document_ = new Document(config);
  const drafted = recall(name, document_, config);
  let storing = false;
  const player = new Player();
  const side = h("div");
  const told = h("p.soft", { role: "status", id: "editor-told" });
  const wrong = h("p.wrong", { role: "alert", hidden: true });
  const save = h("button.primary", { type: "button", onclick: store }, t("save"));
  const back = stepper("undo");
  const again = stepper("redo");
  const tools = h("div");
  const drawing = h("div.row", { hidden: true }, h("button.primary", { type: "button", onclick: () => board.finish() }, icon("check"), t("editor.finish")), h("button", { type: "button", onclick: () => board.use("select") }, t("cancel")));
  const board = easel(t("editor.picture", { name }), aspect, document_, { changed, chosen: drawSide, said: say, caption, wrong: fault, behind });
  const floor = floorOf(path, { document: document_, changed, told: changed });
  const edit = { document: document_, board, changed };
  board.canvas.setAttribute("aria-describedby", told.id);
  board.node.addEventListener("tool", ({ detail }) => drawTools(detail));
  board.node.addEventListener("sketch", ({ detail }) => (drawing.hidden = !detail || KINDS[board.tool]?.most === 2));
  drawTools("select");

  function behind(pen) {
    draw.backdrop(pen, isDark());
    pen.context.globalAlpha = 0.55;
    draw.boxes(pen, player.memory.objects, { names: false });
    draw.trails(pen, player.memory.trails);
    pen.context.globalAlpha = 1;
    metres(pen, floor.lines, { faint: board.tool !== "ground" && document_.find(board.selected())?.kind !== "ground" });
  }

  function drawTools(current) {
    fill(
      tools,
      TOOLS.map((tool) =>
        h("button", { type: "button", "aria-pressed": String(tool === current), onclick: () => (board.use(tool), board.canvas.focus({ preventScroll: true })) }, icon(tool === "select" ? "hand" : KINDS[tool].sign), t(`tool.${tool}`)),
      ),
    );
    drawing.hidden = true;
    say(`tool.${current}.how`);
  }

  function say(key, values = {}) {
    told.textContent = t(key, values);
  }

  function caption({ kind, value }, point = null) {
    if (kind === "ground") return point === null ? t("tool.ground") : mark(value.floor[point], point);
    const numbers = answer?.counts?.[kind]?.[value.name];
    if (!numbers) return value.name;
    if (kind === "lines") return t("live.line", { name: value.name, in: numbers.in, out: numbers.out });
    if (kind === "shelves") return t(value.by === "detections" ? "editor.filled" : "editor.shelf", { name: value.name, n: number(numbers.fill * 100) });
    return t("editor.visits", { name: value.name, n: numbers.visits ?? 0 });
  }

  function fault(shape) {
    return faultOf(shape, document_.shapes);
  }

  function changed() {
    const found = document_.shapes.map(fault).find(Boolean);
    wrong.hidden = !found;
    if (found) wrong.textContent = t(found.key, found.values);
    floor.check();
    save.disabled = !document_.changed || Boolean(found) || Boolean(floor.wrong);
    back.disabled = !document_.undoable;
    again.disabled = !document_.redoable;
    board.again();
    drawSide(board.selected());
    if (!found) ask();
  }

  const ask = settled(async () => {
    const asked = only(document_.into(config), ASKED);
    if (!document_.drawn.length) return;
    try {
      const found = await post(`${path}/ask`, { config: { ...asked, detect: only(config.detect, ["classes"]) }, from: "-1h" });
      if (!alive()) return;
      answer = found;
      drawSide(board.selected());
      board.again();
    } catch (error) {
      if (!(error instanceof Refused)) return;
      wrong.textContent = sentence(error);
      wrong.hidden = false;
    }
  }, 350);

  function drawSide(id) {
    const shape = id && document_.find(id);
    const typing = side.contains(document.activeElement) && document.activeElement.matches("input,select");
    if (shape && typing && side.querySelector(`[data-shape="${id}"]`)) return refresh(shape);
    const held = side.contains(document.activeElement);
    fill(side, shape ? properties(shape, edit, { fault: h("div.fault", faultOfShape(shape)), numbers: h("div.numbers", numbersOf(shape)), floor: shape.kind === "ground" && floor.form(shape) }) : list());
    if (held) side.querySelector("button,input")?.focus();
    return undefined;
  }

  function refresh(shape) {
    fill(side.querySelector(".fault"), faultOfShape(shape));
    fill(side.querySelector(".numbers"), numbersOf(shape));
  }

  function faultOfShape(shape) {
    const found = fault(shape);
    return found && h("p.wrong", icon("warning"), t(found.key, found.values));
  }

  function list() {
    const fixed = document_.shapes.length - document_.drawn.length;
    return h(
      "div.stack",
      document_.drawn.length
        ? h("ul.list", document_.drawn.map((one) => h("li", h("button.quiet.grow", { type: "button", onclick: () => board.choose(one.id) }, icon(fault(one) ? "warning" : KINDS[one.kind].sign), caption(one)))))
        : h("div", h("p", t("editor.empty")), h("div.actions", h("button.primary", { type: "button", onclick: () => board.use("lines") }, icon("line"), t("editor.first")))),
      fixed > 0 && h("p.soft", t("editor.fixed", { n: fixed })),
      board.tool === "ground" && floor.people(),
    );
  }

  function numbersOf({ kind, value }) {
    if (kind === "ground") return null;
    if (kind === "shelves" && value.by !== "detections") return h("p.soft", t("editor.shelf.later"));
    const numbers = answer?.counts?.[kind]?.[value.name];
    if (!numbers) return h("p.soft", t("editor.asking"));
    return [
      h("p.soft", t(answer.frames ? "editor.hour" : "editor.nothing")),
      h("dl.facts", Object.entries(numbers).slice(0, 6).map(([key, one]) => [h("dt", key.replaceAll("_", " ")), h("dd", String(Math.round(one * 100) / 100))])),
    ];
  }

  function stepper(way) {
    return h("button.quiet", { type: "button", title: t(`editor.${way}`), "aria-label": t(`editor.${way}`), onclick: () => step(way) }, icon(way));
  }

  function step(way) {
    document_[way]();
    if (!document_.find(board.selected())) board.choose(null);
    changed();
  }

  async function store() {
    save.disabled = true;
    storing = true;
    try {
      const answered = await request("PATCH", `${path}/twin`, { body: document_.patch(config), etag });
      ({ data: twin, etag } = answered);
      config = configOf(twin);
      document_.saved(config);
      toast(t("editor.saved"));
      if (query().first) return go(`/cameras/${encodeURIComponent(name)}`);
    } catch (error) {
      if (error instanceof Refused && error.status === 412) return theirs();
      storing = false;
      changed();
      wrong.textContent = sentence(error);
      wrong.hidden = false;
      return undefined;
    }
    storing = false;
    changed();
    return undefined;
  }

  /** Somebody else saved meanwhile: together where that can be, else the person chooses. */
  async function theirs() {
    const found = await request("GET", `${path}/twin`);
    storing = false;
    const both = document_.conflicts(configOf(found.data));
    if (!both.length) return take(found), store();
    const keep = (side_, then) => () => (take(found, side_), then());
    dialog(t("editor.both"), (close) => [
      h("p", t("editor.both.text", { who: who(found.data) })),
      h("ul.list", both.map((one) => h("li", h("span.grow", h("strong", one.name || t(`tool.${one.kind}`)), h("br"), h("span.soft", t(one.mine ? (one.theirs ? "editor.both.changed" : "editor.both.theyremoved") : "editor.both.iremoved")))))),
      h(
        "div.actions",
        h("button", { type: "button", onclick: keep("theirs", close) }, t("editor.both.theirs")),
        h("button.primary", { type: "button", onclick: keep("mine", () => (close(), store())) }, t("editor.both.mine")),
      ),
    ]);
    return undefined;
  }

  function take(found, prefer = "mine") {
    ({ data: twin, etag } = found);
    config = configOf(twin);
    document_.rebase(config, prefer);
    answer = null;
    if (!document_.find(board.selected())) board.choose(null);
    changed();
  }

  async function look() {
    const found = await request("GET", `${path}/twin`).catch(() => null);
    if (!alive() || !found || found.etag === etag || storing) return;
    const both = document_.conflicts(configOf(found.data));
    if (!both.length) take(found);
    say(both.length ? "editor.other.both" : "editor.other", { who: who(found.data), name: both[0]?.name });
  }

  function keys(event) {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input,textarea")) return;
    if (event.key === "z") step(event.shiftKey ? "redo" : "undo");
    else if (event.key === "y") step("redo");
    else return;
    event.preventDefault();
  }

  function heard(frame) {
    if (frame.width && Math.abs(frame.width / frame.height - aspect) > 0.01) board.shape((aspect = frame.width / frame.height));
    player.hear(frame);
  }

  const end = live([name], { fps: 10, heard: (message) => message.type === "frame" && heard(message) });
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
    keep(name, document_, config);
    board.close();
  });
  changed();
  if (query().first) board.use("lines");
  if (drafted) say("editor.draft");
  return h(
    "div",
    head(t("editor.head", { name }), { actions: [back, again, h("a.button", { href: `/cameras/${encodeURIComponent(name)}` }, t("editor.leave")), save] }),
    h("div.grid.side", h("div", h("div.tools", { role: "toolbar", "aria-label": t("editor.tools") }, tools, drawing), board.node, told, wrong), panel(t("editor.shapes"), side)),
  );
}

const draft = (name) => `sightline.draft.${name}`;

/** What was drawn and not saved stays in this tab, should one leave or be signed out. */
function keep(name, document_, base) {
  if (document_.changed) sessionStorage.setItem(draft(name), JSON.stringify({ base, patch: document_.patch(base) }));
}

/** Put that back onto what the camera has by now; true where there was any. */
function recall(name, document_, config) {
  const held = JSON.parse(sessionStorage.getItem(draft(name)) ?? "null");
  sessionStorage.removeItem(draft(name));
  if (!held) return false;
  document_.resume(held);
  document_.rebase(config);
  return true;
}

const mark = (place, at) => (place?.every(Number.isFinite) ? `${at + 1}: ${place.map((one) => number(one, 1)).join(", ")} m` : `${at + 1}: ?`);
const who = (twin) => twin.changed_by.replace(/^user /, "");
const configOf = (twin) => (twin.version ? twin.desired : own(reported(twin)));
const own = ({ source, output, name, max_frames, ...rest }) => rest; // the camera keeps these itself
const only = (tree = {}, keys) => Object.fromEntries(keys.filter((key) => tree[key]).map((key) => [key, tree[key]]));
