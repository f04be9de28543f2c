// A table that draws only the rows on screen, sorts, and can be worked with the keyboard.

import { fill, h } from "../dom.js";
import { t } from "../strings.js";

const ROW = 44; // px, where the style sheet says nothing else
const AROUND = 12; // rows drawn beyond the edges of the view
const STEP = 8;
const LONG = 40; // characters that may be cut off
const STOPS = "a,button,input"; // what can have the focus in a row

/** Columns are {key, title, cell(row), sort(row)?, number?, narrow?: false hides it on phones,
 *  main?: it stands on top where each row is a card, end?: at its end}. `cards`: where there is
 *  little room, rows are cards. Returns {node, rows(list), chosen(): rows}. */
export function table(label, columns, { onOpen = null, choose = false, cards = false, key = (row) => row.name } = {}) {
  let rows = [];
  let drawn = [0, 0];
  let order = { by: null, down: false };
  const picked = new Set();
  const body = h("tbody");
  const headers = h("tr");
  const node = h(
    `div.table${cards ? ".cards" : ""}`,
    { tabindex: "0", role: "region", "aria-label": label },
    h("table", { "aria-label": label }, h("thead", headers), body),
  );
  const count = columns.length + (choose ? 1 : 0);

  function drawHeaders() {
    fill(
      headers,
      choose && h("th.pick", h("input", { type: "checkbox", "aria-label": t("table.all"), onchange: (event) => pickAll(event.target.checked) })),
      columns.map((column) => {
        const sorted = order.by === column ? (order.down ? "descending" : "ascending") : null;
        const title = column.sort
          ? h("button.sort", { type: "button", onclick: () => sortBy(column) }, column.title)
          : column.title;
        return h("th", { scope: "col", class: classes(column), "aria-sort": sorted }, title);
      }),
    );
  }

  const classes = (column) => [column.number && "number", column.narrow === false && "wide-only", column.main && "main", column.end && "end"].filter(Boolean).join(" ");

  function sortBy(column) {
    order = { by: column, down: order.by === column ? !order.down : false };
    drawHeaders();
    draw();
  }

  function sorted() {
    if (!order.by) return rows;
    const of = order.by.sort;
    const way = order.down ? -1 : 1;
    return [...rows].sort((a, b) => {
      const [x, y] = [of(a), of(b)];
      return (typeof x === "string" ? x.localeCompare(y, undefined, { numeric: true }) : x - y) * way;
    });
  }

  function pickAll(on) {
    picked.clear();
    if (on) rows.forEach((row) => picked.add(key(row)));
    draw();
    changed();
  }

  const changed = () => node.dispatchEvent(new CustomEvent("chosen", { detail: picked.size }));

  const high = () => Number.parseFloat(getComputedStyle(node).getPropertyValue("--row")) || ROW;

  /** [first, last) of the rows to draw, in steps, so that scrolling a little changes nothing. */
  function span() {
    const row = high();
    const first = Math.floor(node.scrollTop / row) - AROUND;
    const last = Math.ceil((node.scrollTop + (node.clientHeight || 800)) / row) + AROUND;
    return [Math.max(0, first - (first % STEP)), Math.min(rows.length, last + STEP - (last % STEP))];
  }

  function draw() {
    const all = sorted();
    const [first, last] = (drawn = span());
    const held = holder();
    fill(
      body,
      first > 0 && gap(first),
      all.slice(first, last).map(line),
      last < all.length && gap(all.length - last),
    );
    held?.();
  }

  /** Whoever had the focus has it again once the rows are drawn anew. */
  function holder() {
    const row = document.activeElement?.closest("tr");
    if (!row || !body.contains(row)) return null;
    const at = [...row.querySelectorAll(STOPS)].indexOf(document.activeElement);
    return () => {
      const again = [...body.children].find((one) => one.dataset.key === row.dataset.key);
      again?.querySelectorAll(STOPS)[at]?.focus({ preventScroll: true });
    };
  }

  const gap = (lines) => h("tr.gap", { "aria-hidden": "true" }, h("td", { colspan: count, style: { height: `${lines * high()}px` } }));

  function line(row) {
    const id = key(row);
    return h(
      "tr",
      { class: onOpen ? "opens" : "", data: { key: id }, onclick: onOpen && ((event) => event.target.closest("a,button,input") || onOpen(row)) },
      choose && h("td.pick", h("input", { type: "checkbox", "aria-label": t("table.one", { name: id }), checked: picked.has(id), onchange: (event) => (picked[event.target.checked ? "add" : "delete"](id), changed()) })),
      columns.map((column) => whole(h("td", { class: classes(column) }, h("div.cell", column.cell(row))))),
    );
  }

  /** What is cut off can be read by resting on it. */
  function whole(cell) {
    if (cell.textContent.length > LONG && !cell.querySelector("button")) cell.title = cell.textContent;
    return cell;
  }

  let waiting = false;
  node.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (String(span()) !== String(drawn)) draw();
    });
  });
  // Rows have another height where they are cards.
  let before = ROW;
  new ResizeObserver(() => high() !== before && ((before = high()), draw())).observe(node);
  drawHeaders();
  return {
    node,
    rows(list) {
      rows = list;
      draw();
    },
    chosen: () => rows.filter((row) => picked.has(key(row))),
    clear() {
      picked.clear();
      draw();
      changed();
    },
  };
}
