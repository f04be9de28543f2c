// Says on every page that what it shows is demo data, and lets it be removed.

import { get, remove } from "../api.js";
import { fill, h } from "../dom.js";
import { mayAll } from "../session.js";
import { day, number, t } from "../strings.js";
import { attempt, confirm } from "./dialog.js";

const EVERY = 2000; // ms, while the past is being filled
const NS = 1e6; // in a millisecond
const bar = h("div.demo", { role: "note", hidden: true });

/** The bar that the frame shows; empty where all data is real. */
export function demo() {
  look();
  return bar;
}

async function look() {
  const told = await get("demo", {}, { kept: true }).catch(() => null);
  bar.hidden = !told?.demo;
  if (bar.hidden) return;
  fill(
    bar,
    h("strong", t("demo.mark")),
    h("span.grow", t("demo.text", { from: day(told.from_ns / NS) })),
    told.done < 1 && h("span", t("demo.filling", { done: number(100 * told.done, 0) })),
    mayAll("admin") && h("button.quiet", { type: "button", onclick: () => drop(told.cameras) }, t("demo.remove")),
  );
  if (told.done < 1) setTimeout(look, EVERY);
}

async function drop(cameras) {
  if (!(await confirm(t("demo.remove.title"), t("demo.remove.text", { cameras: cameras.join(", ") }), t("demo.remove")))) return;
  if ((await attempt(() => remove("demo"), t("done"))) !== undefined) location.assign("/");
}
