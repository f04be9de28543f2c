// The shell: finds out who is there, draws the frame around the pages, and shows them.

import { authorise, giveUp } from "./api.js";
import { fill, h } from "./dom.js";
import { frame, mark } from "./components/frame.js";
import { head } from "./components/panel.js";
import { busy, failure } from "./components/states.js";
import { go, load as pageModule, preload, start } from "./router.js";
import { current, forget, load } from "./session.js";
import { known, loadStrings, t } from "./strings.js";

const OPEN = new Set(["login", "setup"]); // pages for people who are not signed in
const SOON_MS = 120; // until a page that is not there yet says that it is coming
let shown = null; // {leave} of the page on screen
let turn = 0;
let first = true;

async function render(page, parameters) {
  const mine = ++turn;
  const alive = () => mine === turn;
  const me = await whoIsThere(page);
  if (!alive() || me === undefined) return;
  shown?.leave();
  giveUp();
  document.querySelectorAll("dialog[open]").forEach((one) => one.close());
  const leaving = [];
  shown = { leave: () => leaving.splice(0).forEach((action) => action()) };
  const onLeave = (action) => (alive() ? leaving.push(action) : action());
  const main = OPEN.has(page) ? bare() : frame(document.body);
  mark(page);
  main.setAttribute("aria-busy", "true");
  // Where the hub takes a moment, the page stands and says so.
  const waiting = setTimeout(() => fill(main, head(titleOf(page, parameters)), busy()), SOON_MS);
  onLeave(() => clearTimeout(waiting));
  try {
    const { default: draw } = await pageModule(page);
    if (!alive()) return;
    const content = await draw({ parameters, onLeave, alive });
    if (!alive()) return;
    clearTimeout(waiting);
    fill(main, content);
  } catch (error) {
    clearTimeout(waiting);
    if (alive()) fill(main, failure(error, () => render(page, parameters)));
  }
  if (!alive()) return;
  main.removeAttribute("aria-busy");
  const title = main.querySelector("h1")?.textContent;
  document.title = title ? `${title} · Sightline` : "Sightline";
  // A new page is read from its top; the first one is left to the browser, whose first stop is
  // the link past the menu.
  const stop = main.querySelector("[autofocus]") ?? (first ? null : main);
  stop?.focus({ preventScroll: true });
  if (first) (globalThis.requestIdleCallback ?? setTimeout)(() => preload().catch(() => {}));
  first = false;
  scrollTo(0, 0);
}

const titleOf = (page, { name, id }) => name ?? (known(`place.${page}`) ? t(`place.${page}`) : (id ?? t("product")));

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
