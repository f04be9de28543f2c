// The last lines of a camera's own log, asked for and shown when they come.

import { get, post } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { busy, sentence } from "./states.js";

const LINES = 100;
const PATIENCE_MS = 20000;
const EVERY_MS = 400;

/** A button, and below it what the camera answers. */
export function cameraLog(name) {
  const path = `cameras/${encodeURIComponent(name)}/commands`;
  const place = h("div");
  const button = h("button", { type: "button", onclick: ask }, t("log.read"));

  async function ask() {
    button.disabled = true;
    fill(place, busy(t("log.asked")));
    try {
      const { id } = await post(path, { name: "log", arguments: { lines: LINES } });
      fill(place, told(await answer(id)));
    } catch (error) {
      fill(place, h("p.wrong", sentence(error)));
    }
    button.disabled = false;
  }

  async function answer(id) {
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      const found = await get(`${path}/${id}`);
      if (found.ok !== null) return found;
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
    return null;
  }

  return h("div.log", place, h("div.actions", button));
}

function told(answer) {
  if (!answer) return h("p.wrong", t("log.silent"));
  if (!answer.ok) return h("p.wrong", answer.error);
  const lines = Array.isArray(answer.value) ? answer.value : [];
  return lines.length ? h("pre.config", { tabindex: "0", "aria-label": t("log.title") }, lines.join("\n")) : h("p.soft", t("log.empty"));
}
