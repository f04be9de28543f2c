// Many cameras at once, as moving boxes: which of them, the address says.

import { all, get } from "../api.js";
import { asQuestion, cameraLink, cameraState } from "../components/cameras.js";
import { choice } from "../components/field.js";
import { enrol } from "../components/enrol.js";
import { icon } from "../components/icon.js";
import { live } from "../components/live.js";
import { liveView } from "../components/liveview.js";
import { head } from "../components/panel.js";
import { empty, sentence } from "../components/states.js";
import { fill, h, settled, throttled } from "../dom.js";
import { reported } from "../editing/reported.js";
import { query, remember } from "../router.js";
import { mayAll } from "../session.js";
import { t } from "../strings.js";

const SIZES = ["4", "9", "20"];
const FPS = 5;
const REFRESH_MS = 3000;

export default async function wall({ onLeave, alive }) {
  const asked = query();
  const size = () => Number(SIZES.includes(asked.n) ? asked.n : "20");
  let cameras = [];
  let first = 0;
  let end = () => {};
  const views = new Map();
  const grid = h("div.views.wall");
  const status = h("p.soft", { role: "status" });
  const wrong = h("p.wrong", { role: "alert", hidden: true });
  const pager = h("div.row");
  const search = h("input", { type: "search", value: asked.q ?? "", placeholder: t("wall.search"), "aria-label": t("wall.search"), oninput: settled(() => ask({ q: search.value.trim(), from: null }), 300) });

  async function ask(change) {
    Object.assign(asked, change);
    remember(change);
    await load();
  }

  async function load() {
    try {
      const found = await all("cameras", { q: asQuestion(asked.q ?? "") });
      if (!alive()) return;
      wrong.hidden = true;
      cameras = found.filter((one) => one.state !== "revoked");
      show();
    } catch (error) {
      wrong.textContent = sentence(error);
      wrong.hidden = false;
    }
  }

  function show() {
    clear();
    // The address names the first camera, so that a link shows the same when others come.
    first = Math.max(0, cameras.findIndex((one) => one.name >= (asked.from ?? "")));
    first -= first % size();
    const shown = cameras.slice(first, first + size());
    grid.dataset.few = shown.length <= 4 ? "4" : shown.length <= 9 ? "9" : "";
    for (const one of shown) grid.append(tile(one));
    if (!shown.length) fill(grid, nothing());
    turning();
    end = live(shown.map((one) => one.name), { fps: FPS, heard, state: (word) => (status.textContent = word === "lost" ? t("live.lost") : "") });
    dress(shown);
  }

  function tile(one) {
    const view = liveView(one.name, { names: false });
    const label = h("figcaption", cameraLink(one.name), cameraState(one));
    views.set(one.name, { view, label });
    return h("figure", h("a", { href: `/cameras/${encodeURIComponent(one.name)}`, tabindex: "-1", "aria-hidden": "true" }, view.node), label);
  }

  function heard(message) {
    if (message.type === "frame") views.get(message.camera)?.view.hear(message);
    else if (message.type === "presence") states();
  }

  const states = throttled(async () => {
    const found = await all("cameras", { q: asQuestion(asked.q ?? "") }).catch(() => []);
    if (alive()) for (const one of found) views.get(one.name)?.label.lastChild.replaceWith(cameraState(one));
  }, REFRESH_MS);

  // Lines and zones come after the pictures, one camera after the other.
  async function dress(shown) {
    for (const { name } of shown) {
      const twin = await get(`cameras/${encodeURIComponent(name)}/twin`).catch(() => null);
      const there = views.get(name);
      if (!there || !alive()) return;
      there.view.configure(twin?.version ? twin.desired : reported(twin));
    }
  }

  function turning() {
    const last = Math.min(first + size(), cameras.length);
    const turn = (to) => ask({ from: cameras[to]?.name ?? null });
    fill(
      pager,
      h("span.soft", t("wall.shown", { from: Math.min(first + 1, last), to: last, n: cameras.length })),
      cameras.length > size() && [
        h("button", { type: "button", disabled: first === 0, onclick: () => turn(Math.max(0, first - size())) }, t("wall.before")),
        h("button", { type: "button", disabled: last >= cameras.length, onclick: () => turn(first + size()) }, t("wall.after")),
      ],
    );
  }

  function nothing() {
    if (asked.q) return empty(t("wall.none"), t("wall.none.text"), null, "search");
    const action = mayAll("operator") ? h("button.primary", { type: "button", onclick: () => enrol(load) }, t("enrol.title")) : null;
    return empty(t("overview.empty"), t("overview.empty.text"), action, "camera");
  }

  function clear() {
    end();
    views.forEach(({ view }) => view.close());
    views.clear();
    fill(grid);
  }

  const whole = h("section", { "aria-label": t("place.wall") }, grid);
  onLeave(clear);
  await load();
  return h(
    "div",
    head(t("place.wall"), {
      sub: t("overview.sub"),
      actions: [document.fullscreenEnabled && h("button", { type: "button", onclick: () => whole.requestFullscreen() }, icon("whole"), t("wall.whole"))],
    }),
    h("div.toolbar", h("div.grow", search), choice(t("wall.size"), SIZES.map((key) => [key, key]), String(size()), (n) => ask({ n, from: asked.from })), pager),
    wrong,
    status,
    whole,
  );
}
