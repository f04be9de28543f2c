// How was last Tuesday? Each question a panel, over any range and cameras, beside others.

import { get, Refused, url } from "../api.js";
import { toast } from "../components/dialog.js";
import { choice } from "../components/field.js";
import { icon } from "../components/icon.js";
import { head, panel } from "../components/panel.js";
import { rangePicker, rangesOf } from "../components/range.js";
import { savers } from "../components/save.js";
import { busy, empty, failure, sentence } from "../components/states.js";
import { meant, sidesOf } from "../analytics/sides.js";
import { whoPicker } from "../analytics/who.js";
import { fill, h } from "../dom.js";
import * as dwell from "../panels/dwell.js";
import * as hazards from "../panels/hazards.js";
import * as heat from "../panels/heat.js";
import * as occupancy from "../panels/occupancy.js";
import * as queues from "../panels/queues.js";
import * as shelf from "../panels/shelf.js";
import * as visitors from "../panels/visitors.js";
import { go, query, remember } from "../router.js";
import { dayAndTime, t } from "../strings.js";

const PANELS = [visitors, occupancy, heat, dwell, queues, shelf, hazards];

export default async function analytics({ onLeave, alive }) {
  const asked = query();
  const { range, beside, sides } = sidesOf(asked);
  const again = (values) => {
    remember(values);
    go(location.pathname + location.search, { replace: true });
  };
  const body = h("div", busy());
  ask(sides).then(
    (there) => alive() && fill(body, content(there, { sides, asked, remember, onLeave, alive, remembered })),
    (error) => alive() && fill(body, refused(error)),
  );
  return h("div", title(sides), filters({ asked, range, beside, sides, again }), body);
}

/** The kinds of things that were counted at all. */
async function ask(sides) {
  const told = await Promise.all(sides.map(({ q }) => get("series/kinds", { q })));
  return new Set(told.flatMap(({ items }) => items.map((one) => one.kind)));
}

/** What a query that cannot be meant is answered stands where it was asked. */
const refused = (error) =>
  error instanceof Refused && error.status === 422 ? h("p.wrong", { role: "alert" }, icon("warning"), sentence(error)) : failure(error, () => location.reload());

function content(there, view) {
  if (!there.size) return empty(t("analytics.empty"), t("analytics.empty.text"), h("a.button", { href: "/fleet" }, t("place.fleet")), "analytics");
  const shown = PANELS.filter((one) => one.kinds.some((kind) => there.has(kind)));
  const slots = shown.map((one) => slot(one, view));
  // What a link leads to stays where it is only once all above has its height.
  const { show } = view.asked;
  if (show) Promise.all(slots.map((one) => one.done)).then(() => view.alive() && document.getElementById(show)?.scrollIntoView());
  return [
    h("div.tiles", slots.map((one) => one.tiles)),
    h("div.grid", slots.map((one) => one.node)),
    missing(PANELS.filter((one) => !shown.includes(one))),
  ];
}

/** A panel that fills itself as soon as its numbers are there. */
function slot(module, view) {
  const tiles = h("div.contents");
  const node = panel(t(`analytics.${module.id}`), busy(), { id: module.id, wide: module.id === "heat" });
  const done = module.show(view).then(
    ({ title, tiles: own, content, image = null, rows = null, more = () => [], nothing = false }) => {
      if (!view.alive()) return;
      if (nothing) return fill(node, h("header", h("h2", title)), h("p.soft", t("analytics.nothing")));
      fill(tiles, own);
      const full = panel(title, content, { id: module.id, wide: module.id === "heat", actions: [...savers(module.id, { image, rows }), ...more()] });
      return node.replaceWith(full);
    },
    (error) => view.alive() && fill(node, h("header", h("h2", t(`analytics.${module.id}`))), h("p.wrong", sentence(error))),
  );
  return { tiles, node, done };
}

const title = (sides) =>
  head(t("place.analytics"), {
    sub: sides.length > 1 ? t("analytics.beside.sub", { who: meant(sides[0]), ...words(sides[0]), other: meant(sides[1]), from2: dayAndTime(sides[1].from), to2: dayAndTime(sides[1].to) }) : t("analytics.sub", { who: meant(sides[0]), ...words(sides[0]) }),
    actions: [
      h("a.button", { href: url("exports/events.csv", sides[0].span), download: "" }, icon("download"), t("analytics.events.csv")),
      h("button", { type: "button", onclick: copy }, icon("link"), t("analytics.link")),
    ],
  });

const words = ({ from, to }) => ({ from: dayAndTime(from), to: dayAndTime(to) });

function filters({ asked, range, beside, sides, again }) {
  const ways = ["before", "range", "cameras", "none"].map((key) => [key, t(`analytics.vs.${key}`)]);
  return h(
    "div.filters",
    h("div.toolbar", rangePicker(range, again), whoPicker(t("analytics.who"), "q", sides[0].q, (q) => again({ q, camera: null }))),
    h(
      "div.toolbar",
      h("span.soft", t("analytics.vs")),
      choice(t("analytics.vs"), ways, beside, (vs) => again({ vs: vs === "before" ? null : vs, q2: vs === "cameras" ? asked.q2 : null, from2: null, to2: null })),
      beside === "cameras" && whoPicker(t("analytics.who.other"), "q2", asked.q2 ?? "", (q2) => again({ q2 })),
      beside === "range" && rangesOf(sides[1], (from2, to2) => again({ from2, to2 })),
    ),
  );
}

/** The address is always that of what is shown; instants make it show the same tomorrow. */
async function copy() {
  const { sides } = sidesOf(query());
  const link = new URL(location.href);
  link.searchParams.set("from", Math.round(sides[0].from));
  link.searchParams.set("to", Math.round(sides[0].to));
  link.searchParams.delete("span");
  if (sides[1] && link.searchParams.get("vs") !== "cameras") {
    link.searchParams.set("vs", "range");
    link.searchParams.set("from2", Math.round(sides[1].from));
    link.searchParams.set("to2", Math.round(sides[1].to));
  }
  await navigator.clipboard?.writeText(link.href);
  toast(t("copied"));
}

/** An address of another page about the same range and camera. */
function remembered(path) {
  const { span, from, to, camera } = query();
  const search = new URLSearchParams(Object.entries({ span, from, to, camera }).filter(([, value]) => value));
  return search.size ? `${path}?${search}` : path;
}

/** What nobody counts yet, and how one begins. */
const missing = (modules) =>
  modules.length
    ? panel(t("analytics.missing"), h("ul.list", modules.map((one) => h("li", h("strong", t(`analytics.${one.id}`)), h("span.grow.soft", t(`analytics.missing.${one.id}`))))), { wide: true })
    : null;
