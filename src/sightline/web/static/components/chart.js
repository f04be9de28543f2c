// Charts by ECharts in the colours of the page, loaded when the first one is shown.

import { isDark, onScheme } from "../canvas/scheme.js";
import { h } from "../dom.js";
import { t } from "../strings.js";

// Okabe and Ito: told apart with every kind of colour vision.
const SERIES = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c7a00"];
const AT_NIGHT = ["#3f9fe0", "#f0b43c", "#2fbf94", "#e58bc0", "#9fd3f6", "#ff8552", "#c9bd45"]; // the same, lighter
let library = null;
const live = new Set();

/** A chart: `option` is ECharts'; colours, fonts and a text for screen readers are added.
 *  Returns {node, set(option), image(): data URL, close()}. */
export function chart(label, option, { height = 260, onclick = null } = {}) {
  const node = h("div.chart", { role: "img", "aria-label": label, style: { height: `${height}px` } });
  let drawn = null;
  let wanted = option;
  let closed = false;
  // The first size that it is given says that it stands in the page.
  const sizes = new ResizeObserver(() => (drawn ? drawn.resize() : draw()));

  async function draw() {
    library ??= import("../vendor/echarts.js");
    const echarts = await library;
    if (closed || drawn || !node.clientWidth) return;
    drawn = echarts.init(node, null, { renderer: "canvas" });
    if (onclick) drawn.on("click", onclick);
    apply();
  }

  const apply = () => drawn?.setOption(dressed(wanted), { notMerge: true });
  const self = {
    node,
    set(next) {
      wanted = next;
      apply();
    },
    image: () => drawn?.getDataURL({ pixelRatio: 2, backgroundColor: colour("--panel") }),
    close() {
      closed = true;
      live.delete(self);
      sizes.disconnect();
      drawn?.dispose();
      drawn = null;
    },
    apply,
  };
  live.add(self);
  sizes.observe(node);
  return self;
}

onScheme(() => live.forEach((one) => one.apply()));

/** A colour of the style sheet as it is now. */
export function colour(name) {
  const probe = h("span", { style: { color: `var(${name})`, display: "none" } });
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function dressed(option) {
  const [ink, soft, line, panel] = ["--ink", "--soft", "--line", "--panel"].map(colour);
  const axis = (one) => ({
    axisLine: { lineStyle: { color: line } },
    axisTick: { show: false },
    axisLabel: { color: soft, hideOverlap: true, ...one.axisLabel },
    splitLine: { lineStyle: { color: line, opacity: 0.6 } },
    nameTextStyle: { color: soft },
    ...Object.fromEntries(Object.entries(one).filter(([key]) => key !== "axisLabel")),
  });
  const axes = (value) => (Array.isArray(value) ? value.map(axis) : value && axis(value));
  return {
    color: isDark() ? AT_NIGHT : SERIES,
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 200,
    textStyle: { color: ink, fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 12, top: 28, bottom: 8, containLabel: true },
    legend: new Set(option.series?.map((one) => one.name)).size > 1 ? { type: "scroll", textStyle: { color: soft }, pageTextStyle: { color: soft }, pageIconColor: ink, pageIconInactiveColor: line, pageIconSize: 10, top: 0, right: 8, icon: "roundRect" } : undefined,
    ...option,
    // Drawn, never made into elements: names in it are whatever somebody has typed.
    tooltip: { trigger: "axis", backgroundColor: panel, borderColor: line, textStyle: { color: ink }, ...option.tooltip, renderMode: "richText" },
    xAxis: axes(option.xAxis),
    yAxis: axes(option.yAxis),
  };
}

/** The same numbers as a table, for those who do not see the chart. */
export const asTable = (label, header, rows) =>
  h(
    "details.as-table",
    h("summary", t("chart.table")),
    h("table", { "aria-label": label }, h("thead", h("tr", header.map((text) => h("th", { scope: "col" }, text)))), h("tbody", rows.map((row) => h("tr", row.map((cell) => h("td", cell)))))),
  );
