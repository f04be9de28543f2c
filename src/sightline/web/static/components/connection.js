// Says when the hub cannot be reached, and goes away by itself when it can be again.

import { h } from "../dom.js";
import { t } from "../strings.js";

const EVERY = 2000; // ms between tries
const bar = h("div.lost", { role: "status", hidden: true });
let timer = 0;
const waiting = new Set();

/** The bar that the frame shows. */
export const lost = () => bar;

/** Tell that a request found nobody; `again` is called once the hub answers. */
export function unreachable(again) {
  if (again) waiting.add(again);
  bar.textContent = t("lost.hub");
  bar.hidden = false;
  timer ||= setInterval(tryAgain, EVERY);
}

async function tryAgain() {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  clearInterval(timer);
  timer = 0;
  bar.hidden = true;
  const actions = [...waiting];
  waiting.clear();
  for (const action of actions) action();
}
