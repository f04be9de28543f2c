// The frame around every page: where one can go, who is signed in, whether the hub is there.

import { isDark } from "../canvas/scheme.js";
import { fill, h } from "../dom.js";
import { current, may, signOut } from "../session.js";
import { go } from "../router.js";
import { t } from "../strings.js";
import { dialog } from "./dialog.js";
import { demo } from "./demo.js";
import { icon } from "./icon.js";
import { lost } from "./connection.js";

const PLACES = [
  ["overview", "/", "viewer"],
  ["wall", "/wall", "viewer"],
  ["analytics", "/analytics", "viewer"],
  ["events", "/events", "viewer"],
  ["alerts", "/alerts", "viewer"],
  ["fleet", "/fleet", "viewer"],
  ["models", "/models", "viewer"],
  ["deployments", "/deployments", "viewer"],
  ["settings", "/settings", "viewer"],
];
const BAR = 4; // places that a telephone's bar has room for, beside the one for more
const UNDER = { camera: "fleet", editor: "fleet", deployment: "deployments", plans: "overview", plan: "overview", welcome: "overview" };
let main = null;

/** Draw the frame once; returns the element that pages fill. */
export function frame(body) {
  if (main?.isConnected) return main;
  main = h("main", { id: "main", tabindex: "-1" });
  fill(
    body,
    h("a.skip", { href: "#main" }, t("frame.skip")),
    h("nav.places", { "aria-label": t("frame.places") }, brand(), places(), person(), more()),
    lost(),
    demo(),
    main,
  );
  return main;
}

/** Show which place a page belongs to. */
export function mark(page) {
  const place = UNDER[page] ?? page;
  const rest = allowed().findIndex(([name]) => name === place) >= BAR;
  document.querySelector("nav.places .more")?.toggleAttribute("data-holds", rest);
  for (const link of document.querySelectorAll("nav.places a[data-place]")) {
    if (link.dataset.place === place) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

const brand = () => h("a.brand", { href: "/" }, icon("eye"), h("span", t("product")));

const allowed = () => PLACES.filter(([, , role]) => may(role));

const link = ([name, href]) => h("a", { href, data: { place: name } }, icon(name), h("span", t(`place.${name}`)));

const places = () => h("ul", allowed().map((one, at) => h(at < BAR ? "li" : "li.rest", link(one))));

/** What does not fit into a telephone's bar. */
const more = () =>
  h("button.quiet.more", { type: "button", "aria-haspopup": "dialog", onclick: openRest }, icon("more"), h("span", t("frame.more")));

function openRest() {
  const me = current();
  dialog(t("frame.more.title"), (close) => [
    h("ul.rest", { onclick: close }, allowed().slice(BAR).map((one) => h("li", link(one)))),
    h("p.soft", t("frame.who", { name: me.name, role: t(`role.${me.role}`) })),
    h(
      "div.actions",
      h("button", { type: "button", onclick: otherTheme }, icon("theme"), t("frame.theme")),
      h("button", { type: "button", onclick: () => (close(), leave()) }, icon("leave"), t("frame.leave")),
    ),
  ]);
}

function person() {
  const me = current();
  return h(
    "div.person",
    h("button.quiet", { type: "button", onclick: otherTheme, title: t("frame.theme"), "aria-label": t("frame.theme") }, icon("theme")),
    h("span.who", { title: t(`role.${me.role}`) }, me.name),
    h(
      "button.quiet",
      { type: "button", title: t("frame.leave"), "aria-label": t("frame.leave"), onclick: leave },
      icon("leave"),
    ),
  );
}

async function leave() {
  await signOut();
  go("/login");
}

function otherTheme() {
  const next = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("sightline.theme", next);
  dispatchEvent(new Event("sightline-theme"));
}
