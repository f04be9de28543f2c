// Shelves over time: how full each cell was, and when it was out of stock.

import { chart, colour } from "../components/chart.js";
import { field } from "../components/field.js";
import { tile } from "../components/panel.js";
import { h } from "../dom.js";
import { sum } from "../analytics/numbers.js";
import { name, storyOf } from "../analytics/shelves.js";
import { sentence } from "../components/states.js";
import { dayAndTime, duration, number, percent, t } from "../strings.js";

export const id = "shelf";
export const kinds = ["shelf.fill", "shelf.out_of_stock", "shelf.restocked"];
const [ROW, AXES] = [20, 76]; // px of a cell, and of what stands below them

export async function show({ sides: [side], onLeave, alive, asked, remember }) {
  const { series } = await side.series({ kind: kinds });
  const shelves = [...new Map(series.map((one) => [name(one), one])).values()].sort((a, b) => name(a).localeCompare(name(b)));
  let shelf = shelves.find((one) => name(one) === asked.shelf) ?? shelves[0];
  let table = [];
  const drawn = chart(t("analytics.shelf"), {}, { height: 320 });
  const told = h("p.hint", { role: "status" });
  onLeave(drawn.close);

  async function draw() {
    const mine = shelf;
    told.textContent = t("busy");
    const story = await storyOf(side, mine);
    if (!alive() || mine !== shelf) return;
    const { cells, filled, outs, complete } = story;
    drawn.node.style.setProperty("height", `${Math.max(160, cells.length * ROW + AXES)}px`);
    table = outs;
    const whole = (side.to - side.from) * cells.length;
    const out = outs.reduce((all, one) => all + one.to - one.from, 0);
    const words = t("analytics.shelf.told", { n: outs.length, share: `${number(Math.floor(1000 * (cells.length ? 1 - out / whole : 1)) / 10, 1)} %` });
    told.textContent = complete ? words : `${words} ${t("analytics.shelf.newest")}`;
    drawn.set(timeline(side, cells, filled, outs));
  }

  if (shelf) await draw();
  const again = () => draw().catch((error) => (told.textContent = sentence(error)));
  return {
    title: t("analytics.shelf"),
    nothing: !shelves.length,
    tiles: [tile(t("analytics.shelf.outs"), number(sum(series.filter((one) => one.kind === "shelf.out_of_stock"))), { note: side.name || null })],
    content: h(
      "div",
      shelves.length > 1 && field(t("analytics.shelf.which"), "shelf", { options: shelves.map((one) => [name(one), name(one)]), value: name(shelf), onchange: ({ target }) => ((shelf = shelves.find((one) => name(one) === target.value)), remember({ shelf: target.value }), again()) }),
      drawn.node,
      told,
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
