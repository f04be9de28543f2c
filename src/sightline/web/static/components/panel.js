// The page's own furniture: heads, panels and tiles.

import { h } from "../dom.js";
import { t } from "../strings.js";
import { icon } from "./icon.js";

/** Whose door one stands before. */
export const sign = () => h("p.sign", icon("eye"), t("product"));

/** The head of a page: what it is, and what can be done here. */
export const head = (title, { sub = null, actions = [] } = {}) =>
  h("header.head", h("div", h("h1", title), sub && h("p.sub", sub)), h("div.actions", actions));

/** A titled part of a page. */
export const panel = (title, content, { actions = [], wide = false, id = null } = {}) =>
  h(
    `section.panel${wide ? ".wide" : ""}`,
    { "aria-label": title, id },
    h("header", h("h2", title), h("div.actions", actions)),
    content,
  );

/** One number that matters: `change` says how it compares, `good` whether that is welcome. */
export const tile = (label, value, { note = null, change = null, good = null, href = null } = {}) =>
  h(
    href ? "a.tile" : "div.tile",
    { href },
    h("span.label", label),
    h("strong", value),
    (change || note) && h("span.below", change && h(`span.change${good === null ? "" : good ? ".good" : ".bad"}`, change), change && note && " ", note && h("span.note", note)),
  );

/** A state as a dot and a word: colour alone never carries it. */
export const state = (kind, word) => h("span.state", { data: { kind } }, word);

/** A short word about something, such as a tag. */
export const chip = (text, { title = null } = {}) => h("span.chip", { title }, text);
