// What a page shows as files: pictures and tables, made in the browser.

import { h } from "../dom.js";
import { t } from "../strings.js";
import { icon } from "./icon.js";

const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/; // what spreadsheets take for one, wide letters too
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Rows as CSV (RFC 4180), in which no text is a formula. */
export const csv = (rows) => rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

function cell(value) {
  let text = value === null || value === undefined ? "" : String(value);
  if (FORMULA.test(text) && !NUMBER.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Nothing is given before there is something to see. */
function give(href, name) {
  if (href) h("a", { href, download: name }).click();
}

/** Buttons that save: `image()` is a data URL, `rows()` a table; null leaves one out. */
export const savers = (name, { image = null, rows = null }) => [
  image && h("button.quiet", { type: "button", onclick: () => give(image(), `sightline-${name}.png`) }, icon("download"), t("save.png")),
  rows && h("button.quiet", { type: "button", onclick: () => saveText(csv(rows()), `sightline-${name}.csv`) }, icon("download"), t("save.csv")),
];

function saveText(text, name) {
  const place = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  give(place, name);
  setTimeout(() => URL.revokeObjectURL(place), 10000);
}
