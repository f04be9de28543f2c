// From nothing to a counting line: a camera first, then a line.

import { Refused, all, get, post } from "../api.js";
import { enrol } from "../components/enrol.js";
import { icon } from "../components/icon.js";
import { live } from "../components/live.js";
import { liveView } from "../components/liveview.js";
import { head, panel } from "../components/panel.js";
import { empty, sentence } from "../components/states.js";
import { fill, h } from "../dom.js";
import { mayAll } from "../session.js";
import { t } from "../strings.js";

const EVERY = 1000;

export default async function welcome({ onLeave, alive }) {
  if (!mayAll("operator")) return empty(t("welcome.title"), t("welcome.denied"), null, "shield");
  const trial = await get("trial-camera").catch((error) => (error instanceof Refused ? { available: false } : Promise.reject(error)));
  const told = h("p", { role: "status" });
  const next = h("div.stack", h("p.soft", t("welcome.waiting")));
  let shown = null; // the camera in step two
  let close = () => {};

  async function look() {
    const cameras = (await all("cameras").catch(() => [])).filter((one) => one.state !== "revoked");
    if (!alive()) return;
    const first = cameras.find((one) => one.state === "online") ?? cameras[0];
    if (!first || first.name === shown) return;
    shown = first.name;
    close();
    close = ready(first.name);
  }

  function ready(name) {
    const view = liveView(name);
    const end = live([name], { fps: 10, heard: (message) => message.type === "frame" && view.hear(message) });
    const go = h("a.button.primary", { href: `/cameras/${encodeURIComponent(name)}/edit?first=1` }, icon("line"), t("welcome.draw"));
    fill(told, icon("check"), t("welcome.there", { name }));
    fill(next, view.node, h("div.actions", h("a.button", { href: "/" }, t("welcome.skip")), go));
    go.focus({ preventScroll: true });
    return () => (end(), view.close());
  }

  async function render(event) {
    const button = event.currentTarget;
    button.disabled = true;
    told.textContent = t("welcome.starting");
    try {
      await post("trial-camera");
    } catch (error) {
      told.textContent = sentence(error);
      button.disabled = false;
    }
  }

  const timer = setInterval(look, EVERY);
  onLeave(() => {
    clearInterval(timer);
    close();
  });
  await look();
  const rendered = trial.available && h("button.primary", { type: "button", onclick: render }, icon("play"), t("welcome.render"));
  const own = h(trial.available ? "button" : "button.primary", { type: "button", onclick: () => enrol(look) }, icon("camera"), t("welcome.own"));
  return h(
    "div",
    head(t("welcome.title"), { sub: t("welcome.sub") }),
    h(
      "div.grid",
      panel(t("welcome.first"), h("div.stack", h("p", t(trial.available ? "welcome.first.text" : "welcome.first.own")), h("div.actions.start", rendered, own), told)),
      panel(t("welcome.second"), h("div.stack", h("p", t("welcome.second.text")), next)),
    ),
  );
}
