// How sure numbers are: the truth is between two ends in 95 of 100 cases. A calm band along a line
// or whiskers at bars, the same in words, and as columns of a table.

import { colour } from "../components/chart.js";
import { number, t } from "../strings.js";

const CAP = 3; // px to either side of a whisker
const GROUP = 0.8; // of a step is bars; between two of them is `GAP` of one
const GAP = 0.3;

/** [time in ms, low, high] by step of one series of a measure; null where nothing was or nobody told its
 *  errors. None at all where there are several: only the hub can add them up. */
export function endsOf(told, series, by = 0) {
  const [one] = series;
  if (series.length !== 1 || !one.upper?.length) return [];
  return told.starts.map((start, at) => [start * 1000 + by, one.n[at] ? one.lower[at] : null, one.n[at] ? one.upper[at] : null]);
}

/** Whether there is anything to draw. */
const some = (ends) => ends.some(([, low]) => low !== null);

/** For a chart's `series`, beside the line of this name: a band where steps follow each other, a whisker
 *  where one stands alone. */
export const band = (name, ends) => (some(ends) ? [custom(name, spans(ends), (api, ink) => quad(api) ?? whisker(api, ink, 0))] : []);

function spans(ends) {
  const known = (at) => ends[at] && ends[at][1] !== null;
  return ends.flatMap((end, at) => {
    if (!known(at)) return [];
    if (known(at + 1)) return [[...end, ...ends[at + 1]]];
    return known(at - 1) ? [] : [[...end, ...end]];
  });
}

function quad(api) {
  if (api.value(0) === api.value(3)) return null;
  const points = [[0, 1], [3, 4], [3, 5], [0, 2]].map(([x, y]) => api.coord([api.value(x), api.value(y)]));
  return { type: "polygon", shape: { points }, style: { fill: api.visual("color"), opacity: 0.2 } };
}

/** For a chart's `series`, at the bars of this name, the `which` of `count` beside each other, at most
 *  `widest` px wide. */
export const whiskers = (name, ends, { which, count, widest }) =>
  some(ends) ? [custom(name, ends.filter(([, low]) => low !== null).map((end) => [...end, ...end]), (api, ink) => whisker(api, ink, middle(api, ends, { which, count, widest })))] : [];

/** How far the middle of a bar is from its step, in px. */
function middle(api, ends, { which, count, widest }) {
  if (ends.length < 2) return 0;
  const step = api.size([ends[1][0] - ends[0][0], 0])[0];
  const width = Math.min(widest, (GROUP * step) / (count + GAP * (count - 1)));
  return (which - (count - 1) / 2) * width * (1 + GAP);
}

/** What bars have to be told so that whiskers find their middles. */
export const BARS = { barGap: `${100 * GAP}%`, barCategoryGap: `${Math.round(100 * (1 - GROUP))}%` };

function whisker(api, ink, by) {
  const [x, low] = api.coord([api.value(0), api.value(1)]);
  const high = api.coord([api.value(0), api.value(2)])[1];
  const stroke = (x1, y1, x2, y2) => ({ type: "line", shape: { x1: x1 + by, y1, x2: x2 + by, y2 }, style: { stroke: ink, lineWidth: 1.2, opacity: 0.6 } });
  return { type: "group", children: [stroke(x, low, x, high), stroke(x - CAP, low, x + CAP, low), stroke(x - CAP, high, x + CAP, high)] };
}

/** A series that the legend shows and hides with the one of the same name. */
const custom = (name, data, drawn) => ({
  name, type: "custom", data, silent: true, clip: true, z: 3, tooltip: { show: false },
  renderItem: ({ context }, api) => drawn(api, (context.ink ??= colour("--ink"))), encode: { x: [0, 3], y: [1, 2, 4, 5] },
});

/** A series' tooltip: its number as `format` has it, and between what it truly is. */
export const inWords = (ends, format = (value) => number(value, 1)) => ({
  valueFormatter: (value, at) => {
    const [, low, high] = ends[at] ?? [0, null, null];
    if (value === null || value === undefined || low === null) return value === null || value === undefined ? t("none") : format(value);
    return `${format(value)} (${t("analytics.between", { low: format(low), high: format(high) })})`;
  },
});

/** Columns of a table beside the one of this name. */
export const asColumns = (name, ends) => (some(ends) ? ["low", "high"].map((end, at) => [`${name}, ${t(`analytics.${end}`)}`, ends.map((one) => [one[0], one[at + 1]])]) : []);
