// The shell: finds out who is there, draws the frame around the pages, and shows them.

import { authorise } from "./api.js";
import { fill, h } from "./dom.js";
import { frame, mark } from "./components/frame.js";
import { failure } from "./components/states.js";
import { go, start } from "./router.js";
import { current, forget, load } from "./session.js";
import { loadStrings, t } from "./strings.js";

const OPEN = new Set(["login", "setup"]); // pages for people who are not signed in
let shown = null; // {leave} of the page on screen
let turn = 0;
let first = true;

async function render(page, parameters) {
  const mine = ++turn;
  const me = await whoIsThere(page);
  if (mine !== turn || me === undefined) return;
  const module = await import(`./pages/${page}.js`).catch((error) => ({ default: () => failure(error) }));
  if (mine !== turn) return;
  shown?.leave?.();
  document.querySelectorAll("dialog[open]").forEach((one) => one.close());
  shown = null;
  const main = OPEN.has(page) ? bare() : frame(document.body);
  mark(page);
  const context = { parameters, onLeave: (action) => (leaving.push(action), action), alive: () => mine === turn };
  const leaving = [];
  shown = { leave: () => leaving.splice(0).forEach((action) => action()) };
  try {
    const content = await module.default(context);
    if (mine !== turn) return;
    fill(main, content);
  } catch (error) {
    if (mine === turn) fill(main, failure(error, () => render(page, parameters)));
  }
  const title = main.querySelector("h1")?.textContent;
  document.title = title ? `${title} · Sightline` : "Sightline";
  // A new page is read from its top; the first one is left to the browser, whose first stop is
  // the link past the menu.
  const stop = main.querySelector("[autofocus]") ?? (first ? null : main);
  stop?.focus({ preventScroll: true });
  first = false;
  scrollTo(0, 0);
}

async function whoIsThere(page) {
  if (OPEN.has(page)) return null;
  try {
    // Whose session has ended is told so by the first answer, see `authorise` below.
    const me = current() ?? (await load());
    if (me) return me;
    const back = location.pathname + location.search;
    go(`/login${back === "/" ? "" : `?to=${encodeURIComponent(back)}`}`, { replace: true });
  } catch (error) {
    fill(bare(), failure(error, () => location.reload()));
  }
  return undefined;
}

function bare() {
  const main = h("main.bare", { tabindex: "-1" });
  fill(document.body, main);
  return main;
}

authorise(null, () => {
  if (OPEN.has(location.pathname.slice(1))) return;
  forget();
  go(`/login?to=${encodeURIComponent(location.pathname + location.search)}&told=ended`, { replace: true });
});

await loadStrings();
document.title = t("product");
start(render);
