// Shelves over time: how full each cell was, and when it was out of stock.

import { chart, colour } from "../components/chart.js";
import { field } from "../components/field.js";
import { tile } from "../components/panel.js";
import { h } from "../dom.js";
import { buckets, cellsOf, name, spans } from "../analytics/shelves.js";
import { dayAndTime, duration, percent, t } from "../strings.js";

export const id = "shelf";
export const kinds = ["shelf.fill", "shelf.out_of_stock", "shelf.restocked"];
const [ROW, AXES] = [20, 76]; // px of a cell, and of what stands below them
const MOST = 1000; // of the newest looks and changes

export async function show({ sides: [side], onLeave, asked, remember }) {
  const [looks, changes] = await Promise.all([
    side.ask("measures", { kind: "shelf.fill", limit: MOST }),
    side.events(["shelf.out_of_stock", "shelf.restocked"], MOST),
  ]);
  const shelves = [...new Set([...looks.items, ...changes].map(name))].sort();
  let shelf = shelves.includes(asked.shelf) ? asked.shelf : shelves[0];
  let table = [];
  const drawn = chart(t("analytics.shelf"), {}, { height: 320 });
  const told = h("p.hint");
  onLeave(drawn.close);

  function draw() {
    const mine = looks.items.filter((one) => name(one) === shelf);
    const found = spans(changes.filter((one) => name(one) === shelf), side);
    const cells = cellsOf(mine, found);
    const outs = found.filter((one) => cells.includes(one.cell));
    const filled = buckets(mine, cells, side);
    drawn.node.style.setProperty("height", `${Math.max(160, cells.length * ROW + AXES)}px`);
    table = outs;
    const whole = (side.to - side.from) * cells.length;
    const out = outs.reduce((all, one) => all + one.to - one.from, 0);
    told.textContent = t("analytics.shelf.told", { n: outs.length, share: percent(cells.length ? 1 - out / whole : 1).replace("+", "") });
    drawn.set(timeline(side, cells, filled, outs));
  }

  draw();
  return {
    title: t("analytics.shelf"),
    nothing: !shelves.length,
    tiles: [tile(t("analytics.shelf.outs"), String(changes.filter((one) => one.kind === "shelf.out_of_stock").length), { note: side.name || null })],
    content: h(
      "div",
      shelves.length > 1 && field(t("analytics.shelf.which"), "shelf", { options: shelves.map((one) => [one, one]), value: shelf, onchange: (event) => ((shelf = event.target.value), remember({ shelf }), draw()) }),
      drawn.node,
      told,
      looks.next && h("p.hint", t("analytics.shelf.newest")),
    ),
    image: drawn.image,
    rows: () => [[t("analytics.shelf.cell"), t("range.from"), t("range.to"), "seconds"], ...table.map((one) => [one.cell, new Date(one.from).toISOString(), new Date(one.to).toISOString(), Math.round((one.to - one.from) / 1000)])],
  };
}

function timeline(side, cells, filled, outs) {
  const rows = [...cells].reverse(); // the topmost cell on top
  const bar = (params, api) => {
    const [from, to] = [api.coord([api.value(0), api.value(2)]), api.coord([api.value(1), api.value(2)])];
    const high = api.size([0, 1])[1];
    return { type: "rect", shape: { x: from[0], y: from[1] - high * 0.45, width: Math.max(1, to[0] - from[0]), height: high * 0.9 }, style: api.style() };
  };
  const [empty, full, out] = ["--line", "--good", "--bad"].map(colour);
  return {
    tooltip: { trigger: "item" },
    legend: { show: false },
    grid: { left: 8, right: 12, top: 8, bottom: 46, containLabel: true },
    xAxis: { type: "time", min: side.from, max: side.to },
    yAxis: { type: "category", data: rows },
    visualMap: { type: "continuous", min: 0, max: 1, dimension: 3, seriesIndex: 0, inRange: { color: [empty, full], opacity: [0.25, 0.85] }, orient: "horizontal", left: "center", bottom: 0, itemHeight: 90, itemWidth: 10, text: [t("analytics.shelf.full"), t("analytics.shelf.empty")], textStyle: { color: colour("--soft") }, calculable: false },
    series: [
      {
        name: t("analytics.shelf.fill"), type: "custom", renderItem: bar, encode: { x: [0, 1], y: 2 },
        data: filled.map((one) => [one.from, one.to, rows.indexOf(one.cell), one.fill]),
        tooltip: { formatter: ({ value }) => `${rows[value[2]]}\n${dayAndTime(value[0])}\n${percent(value[3]).replace("+", "")}` },
      },
      {
        name: t("analytics.shelf.out"), type: "custom", renderItem: bar, encode: { x: [0, 1], y: 2 }, itemStyle: { color: out },
        data: outs.map((one) => [one.from, one.to, rows.indexOf(one.cell)]),
        tooltip: { formatter: ({ value }) => `${rows[value[2]]}\n${t("analytics.shelf.out")}: ${duration((value[1] - value[0]) / 1000)}\n${dayAndTime(value[0])}` },
      },
    ],
  };
}
