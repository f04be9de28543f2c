// How many people are there: seen by cameras, in zones, or in rooms.

import { chart } from "../components/chart.js";
import { choice } from "../components/field.js";
import { tile } from "../components/panel.js";
import { h } from "../dom.js";
import { asColumns, band, endsOf, inWords } from "../analytics/sure.js";
import { line, mean, meanOverTime, named, rowsOf, shift, versus } from "../analytics/numbers.js";
import { number, t } from "../strings.js";

export const id = "occupancy";
export const kinds = ["frame", "zone.occupancy", "people.inside"];
const WAYS = {
  view: { subject: "objects", name: [""] },
  zones: { kind: "zone.occupancy" },
  rooms: { kind: "people.inside" },
};
const MOST = 6; // lines of one side; more than that nobody tells apart

export async function show({ sides, onLeave, asked, remember }) {
  const told = Object.fromEntries(await Promise.all(Object.keys(WAYS).map(async (way) => [way, await Promise.all(sides.map((side) => ask(side, way, sides.length === 1)))])));
  const there = Object.keys(WAYS).filter((way) => told[way][0].series.length);
  let way = there.includes(asked.occupancy) ? asked.occupancy : (there.findLast((one) => one !== "rooms") ?? there[0] ?? "view");
  let columns = [];
  const drawn = chart(t("analytics.occupancy"), {});
  onLeave(drawn.close);
  const note = h("p.hint");

  function draw() {
    columns = sides.flatMap((side, at) => lines(told[way][at], side, shift(sides, side), sides.length > 1).map((one) => [...one, at]));
    note.textContent = t(`analytics.occupancy.${way}`);
    drawn.set({
      xAxis: { type: "time" },
      yAxis: { type: "value", min: 0 },
      series: columns.flatMap(([name, data, ends, at]) => [line(name, data, at, { tooltip: inWords(ends) }), ...(at ? [] : band(name, ends))]),
    });
  }

  const seen = told.view.map(({ series }) => ({ mean: mean(series), most: Math.max(0, ...series.flatMap((one) => one.high)) }));
  draw();
  return {
    title: t("analytics.occupancy"),
    nothing: Object.values(told).flat().every(({ series }) => !series.length),
    tiles: told.view[0].series.length
      ? [
          tile(t("analytics.mean"), number(seen[0].mean ?? 0, 1), sides[1] ? versus(seen[0].mean, seen[1].mean, sides[1]) : {}),
          tile(t("analytics.peak"), number(seen[0].most), sides[1] ? versus(seen[0].most, seen[1].most, sides[1]) : {}),
        ]
      : [],
    content: h(
      "div",
      there.length > 1 && choice(t("analytics.occupancy"), there.map((one) => [one, t(`analytics.way.${one}`)]), way, (next) => ((way = next), remember({ occupancy: next }), draw())),
      drawn.node,
      note,
    ),
    image: drawn.image,
    rows: () => rowsOf(columns.flatMap(([name, data, ends]) => [[name, data], ...asColumns(name, ends)])),
  };
}

/** Cameras are told apart where nothing stands beside them and they are a handful. */
async function ask(side, way, alone) {
  const few = alone && (await side.ask("cameras", { limit: MOST + 1 })).items.length <= MOST;
  return side.series({ ...WAYS[way], over: few ? [] : ["camera", "name"] });
}

function lines(told, side, by, compared) {
  const { series } = told;
  if (!series.length) return [];
  if (compared || series.length > MOST) return [[named(t("analytics.people"), side), meanOverTime(told, series, by), endsOf(told, series, by)]];
  return series.map((one) => [one.name || one.camera || t("analytics.people"), meanOverTime(told, [one], by), endsOf(told, [one], by)]);
}
