// The frame around every page: where one can go, who is signed in, whether the hub is there.

import { fill, h } from "../dom.js";
import { current, may, signOut } from "../session.js";
import { go } from "../router.js";
import { t } from "../strings.js";
import { icon } from "./icon.js";
import { lost } from "./connection.js";

const PLACES = [
  ["overview", "/", "viewer"],
  ["analytics", "/analytics", "viewer"],
  ["events", "/events", "viewer"],
  ["alerts", "/alerts", "viewer"],
  ["fleet", "/fleet", "viewer"],
  ["models", "/models", "viewer"],
  ["deployments", "/deployments", "viewer"],
  ["settings", "/settings", "viewer"],
];
const UNDER = { camera: "fleet", editor: "fleet", deployment: "deployments", welcome: "overview" };
let main = null;

/** Draw the frame once; returns the element that pages fill. */
export function frame(body) {
  if (main?.isConnected) return main;
  main = h("main", { id: "main", tabindex: "-1" });
  fill(
    body,
    h("a.skip", { href: "#main" }, t("frame.skip")),
    h("nav.places", { "aria-label": t("frame.places") }, brand(), places(), person()),
    lost(),
    main,
  );
  return main;
}

/** Show which place a page belongs to. */
export function mark(page) {
  const place = UNDER[page] ?? page;
  for (const link of document.querySelectorAll("nav.places a[data-place]")) {
    if (link.dataset.place === place) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

const brand = () => h("a.brand", { href: "/" }, icon("eye"), h("span", t("product")));

const places = () =>
  h(
    "ul",
    PLACES.filter(([, , role]) => may(role)).map(([name, href]) =>
      h("li", h("a", { href, data: { place: name } }, icon(name), h("span", t(`place.${name}`)))),
    ),
  );

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
  const dark = getComputedStyle(document.documentElement).colorScheme.includes("dark")
    ? document.documentElement.dataset.theme !== "light" && (document.documentElement.dataset.theme === "dark" || matchMedia("(prefers-color-scheme: dark)").matches)
    : false;
  const next = dark ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("sightline.theme", next);
  dispatchEvent(new Event("sightline-theme"));
}
