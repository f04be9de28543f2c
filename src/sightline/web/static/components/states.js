// What a page shows where there is nothing yet, nothing to do but wait, or something wrong.

import { Away, Refused } from "../api.js";
import { h } from "../dom.js";
import { t } from "../strings.js";
import { unreachable } from "./connection.js";
import { icon } from "./icon.js";

/** Nothing here yet, and what to do about it. `action` is an element, mostly a link. */
export const empty = (title, text, action = null, sign = "eye") =>
  h("div.empty", icon(sign), h("h2", title), h("p", text), action);

/** Work that takes a moment. */
export const busy = (text = t("busy")) => h("p.busy", { role: "status" }, text);

/** What went wrong, in the hub's own words, and a way to try again. */
export function failure(error, again = null) {
  if (error instanceof Away) unreachable(again);
  else if (!(error instanceof Refused)) console.error(error);
  const title = error instanceof Refused && error.status === 404 ? t("failure.missing") : t("failure.title");
  return h(
    "div.empty",
    { role: "alert" },
    icon("warning"),
    h("h2", title),
    h("p", sentence(error)),
    again && h("button", { type: "button", onclick: again }, t("failure.again")),
  );
}

/** An error as one sentence. */
export function sentence(error) {
  const known = error instanceof Refused || error instanceof Away || error.name === "Refused";
  const text = known ? error.message.split("\n")[0] : t("failure.unknown");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
