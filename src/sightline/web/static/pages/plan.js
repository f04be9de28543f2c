// One floor plan: its cameras and how they are; for operators, to draw, upload and place.

import { all, get, Refused, request } from "../api.js";
import { attempt, confirm, dialog, toast } from "../components/dialog.js";
import { icon } from "../components/icon.js";
import { head, panel } from "../components/panel.js";
import { live } from "../components/live.js";
import { sentence } from "../components/states.js";
import { fill, h } from "../dom.js";
import { board } from "../floor/board.js";
import { cameraList, place } from "../floor/card.js";
import { Draft } from "../floor/draft.js";
import { placing } from "../floor/placing.js";
import { cameraForm, planForm } from "../floor/sheets.js";
import { fit } from "../floor/upload.js";
import { drawing } from "../floor/walls.js";
import { go } from "../router.js";
import { mayAll } from "../session.js";
import { number, t } from "../strings.js";

const LOOK_MS = 10000;

export default async function plan({ parameters: { name }, onLeave, alive }) {
  const path = `plans/${encodeURIComponent(name)}`;
  const found = await request("GET", path);
  return mayAll("operator") ? editing(path, found, { onLeave, alive }) : looking(path, found.data, { onLeave, alive });
}

function looking(path, view, { onLeave, alive }) {
  const seen = board(view);
  const list = h("div", cameraList(view.cameras));
  const end = liven(seen);
  const timer = setInterval(async () => {
    const next = await get(path).catch(() => null);
    if (!next || !alive()) return;
    seen.show(next);
    fill(list, cameraList(next.cameras));
  }, LOOK_MS);
  onLeave(() => {
    clearInterval(timer);
    end();
    seen.close();
  });
  return h("div", title(view, []), h("div.grid.side", seen.node, panel(t("plan.cameras"), view.cameras.length ? list : h("p.soft", t("plan.nobody")))));
}

/** People walk over the plan while one looks. */
const liven = (seen) => live(seen.cameras(), { fps: 10, heard: (message) => message.type === "frame" && seen.hear(message) });

const title = (view, actions) =>
  head(view.name, {
    sub: place(view),
    actions: [h("a.button", { href: "/plans" }, t("plans.all")), h("a.button", { href: `/analytics?plan=${encodeURIComponent(view.name)}&show=heat` }, icon("analytics"), t("plan.heat")), ...actions],
  });

async function editing(path, { data, etag }, { onLeave, alive }) {
  const cameras = await all("cameras");
  const draft = new Draft(data);
  let chosen = null;
  let walling = false;
  const marker = placing(() => ({ draft, board: seen }), { choose, changed, chosen: () => chosen });
  const seen = board(draft.shown(), { marker });
  const walls = drawing(seen, { on: () => walling, walls: () => draft.layout.walls, change: (next, joined = false) => (draft.set({ walls: next }, { joined }), changed()), done: drawTools, aimed });
  const side = h("div.stack");
  const tools = h("div.tools", { role: "toolbar", "aria-label": t("plan.tools") });
  const told = h("p.soft", { role: "status" });
  const wrong = h("p.wrong", { role: "alert", hidden: true });
  const save = h("button.primary", { type: "button", onclick: store }, t("save"));
  const file = h("input", { type: "file", accept: "image/*", hidden: true, "aria-hidden": "true", tabindex: "-1", onchange: () => file.files[0] && upload(file.files[0]) });

  function choose(camera) {
    chosen = camera;
    changed();
  }

  function changed() {
    wrong.hidden = true;
    save.disabled = !draft.changed;
    seen.show(draft.shown());
    drawTools();
    const typing = document.activeElement.matches("input,select") && side.querySelector(`[data-of="${CSS.escape(chosen ?? "")}"]`)?.contains(document.activeElement);
    if (!typing) drawSide();
  }

  function drawTools() {
    seen.node.classList.toggle("drawing", walling);
    fill(
      tools,
      h("button", { type: "button", onclick: () => file.click() }, icon("plus"), t(draft.view.drawing ? "plan.drawing.other" : "plan.drawing.add")),
      draft.view.drawing && h("button", { type: "button", onclick: () => lay(null) }, t("plan.drawing.remove")),
      h("button", { type: "button", "aria-pressed": String(walling), onclick: toggleWalls }, icon("line"), t("plan.walls")),
      h("button.quiet", { type: "button", disabled: !draft.undoable, onclick: undo, title: t("plan.undo"), "aria-label": t("plan.undo") }, icon("undo")),
    );
    told.textContent = t(walling ? "plan.walls.how" : "plan.how");
  }

  function drawSide() {
    const shown = draft.shown().cameras.find((one) => one.camera === chosen);
    fill(side, shown ? cameraForm(shown, draft, { changed, choose }) : planForm(draft, cameras, { changed, choose, middle: middleOf(seen.paper) }));
  }

  function toggleWalls() {
    if (walling) walls.end();
    walling = !walling;
    walls.rest();
    drawTools();
    seen.canvas.tabIndex = walling ? 0 : -1;
    seen.canvas.setAttribute("role", walling ? "application" : "img");
    if (walling) seen.canvas.focus();
    else tools.querySelector("[aria-pressed]").focus();
  }

  /** Where keys point, for those who do not see it. */
  function aimed([x, y]) {
    told.textContent = t(walls.open ? "plan.walls.to" : "plan.walls.at", { x: number(x, 1), y: number(y, 1) });
  }

  function undo() {
    walls.end();
    draft.undo();
    changed();
    drawSide();
  }

  async function store() {
    walls.end();
    save.disabled = true;
    try {
      take(await request("PUT", path, { body: draft.layout, etag }));
      toast(t("plan.saved"));
    } catch (error) {
      if (error instanceof Refused && error.status === 412) return theirs(store);
      say(error);
    }
    return undefined;
  }

  async function upload(picked) {
    told.textContent = t("plan.drawing.coming", { name: picked.name });
    await lay(await fit(picked));
    file.value = "";
  }

  async function lay(body) {
    try {
      const answer = body ? await request("PUT", `${path}/drawing`, { raw: body, etag }) : await request("DELETE", `${path}/drawing`, { etag });
      take(answer);
    } catch (error) {
      if (error instanceof Refused && error.status === 412) return theirs(() => lay(body));
      drawTools();
      say(error);
    }
    return undefined;
  }

  function take(answer) {
    etag = answer.etag;
    draft.saved(answer.data);
    changed();
    drawSide();
  }

  function say(error) {
    wrong.textContent = sentence(error);
    wrong.hidden = false;
    save.disabled = !draft.changed;
  }

  /** Somebody else saved meanwhile: show it, and let the person choose. */
  async function theirs(again) {
    const answer = await request("GET", path).catch(say);
    if (!answer) return;
    dialog(t("plan.both"), (close) => [
      h("p", t("plan.both.text", { who: answer.data.changed_by })),
      h(
        "div.actions",
        h("button", { type: "button", onclick: () => (adopt(answer), close()) }, t("plan.both.theirs")),
        h("button.primary", { type: "button", onclick: () => ((etag = answer.etag), close(), again()) }, t("plan.both.mine")),
      ),
    ]);
  }

  function adopt(answer) {
    etag = answer.etag;
    draft.take(answer.data);
    changed();
    drawSide();
  }

  async function look() {
    const answer = await request("GET", path).catch(() => null);
    if (!answer || !alive() || side.contains(document.activeElement) || seen.node.contains(document.activeElement)) return;
    if (!draft.changed) adopt(answer);
    else if (answer.etag !== etag) told.textContent = t("plan.other", { who: answer.data.changed_by });
  }

  async function remove() {
    if (!(await confirm(t("plan.remove"), t("plan.remove.text", { name: data.name }), t("plan.remove")))) return;
    await attempt(async () => {
      await request("DELETE", path);
      draft.take(draft.view);
      go("/plans");
    }, t("done"));
  }

  function keys(event) {
    if (event.target.matches?.("input,textarea,select,summary")) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
    else if (event.target.closest?.("button,a,dialog")) return;
    else if (walling && (event.key === "Enter" || (event.key === "Escape" && walls.open))) walls.end();
    else if (walling && event.key === "Escape") toggleWalls();
    else return;
    event.preventDefault();
  }

  const end = liven(seen);
  const timer = setInterval(look, LOOK_MS);
  const unsaved = (event) => draft.changed && event.preventDefault();
  addEventListener("keydown", keys);
  addEventListener("beforeunload", unsaved);
  onLeave(() => {
    clearInterval(timer);
    end();
    removeEventListener("keydown", keys);
    removeEventListener("beforeunload", unsaved);
    seen.close();
  });
  changed();
  drawSide();
  return h(
    "div",
    title(data, [h("button.quiet", { type: "button", onclick: remove }, icon("trash"), t("plan.remove")), save]),
    file,
    h("div.grid.side", h("div", tools, seen.node, told, wrong), side),
  );
}

const middleOf = (paper) => paper.metres([0.5, 0.5]);
