// A plan at a glance: where cameras are and how they are.

import { cameraState } from "../components/cameras.js";
import { h } from "../dom.js";
import { number, t } from "../strings.js";
import { board } from "./board.js";

/** {node, show(plan), hear(frame), close} of a plan that leads to its page. */
export function planCard(plan) {
  const seen = board(plan);
  const told = h("span.soft");
  const say = (one) => {
    const away = one.cameras.filter(({ state }) => state !== "online");
    told.textContent = one.cameras.length ? t("plan.online", { n: one.cameras.length, on: one.cameras.length - away.length }) : t("plan.nobody");
  };
  say(plan);
  const path = `/plans/${encodeURIComponent(plan.name)}`;
  const node = h("figure.plan-card", seen.node, h("figcaption", h("a", { href: path }, plan.name), h("span.soft", place(plan)), told));
  return {
    node,
    show(next) {
      say(next);
      seen.show(next);
    },
    hear: seen.hear,
    close: seen.close,
  };
}

/** The site and size of a plan in a few words. */
export const place = ({ site, size: [width, height] }) =>
  [site, t("plan.size", { width: number(width, 1), height: number(height, 1) })].filter(Boolean).join(" · ");

/** The cameras of a plan with their state, for those who do not see the drawing. */
export const cameraList = (cameras, more = () => null) =>
  h("ul.list", cameras.map((one) => h("li", h("a.grow", { href: `/cameras/${encodeURIComponent(one.camera)}` }, one.camera), cameraState(one), more(one))));
