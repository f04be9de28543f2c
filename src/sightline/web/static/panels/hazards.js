// What was dangerous: how often, of which kind, and where.

import { chart } from "../components/chart.js";
import { tile } from "../components/panel.js";
import { h } from "../dom.js";
import { lazyTable } from "../analytics/lazytable.js";
import { line, named, overTime, rowsOf, shift, sum, total, versus } from "../analytics/numbers.js";
import { duration, known, number, t } from "../strings.js";

export const id = "hazards";
export const kinds = [
  "hazard.person_in_zone", "hazard.closing", "hazard.person_down", "hazard.running", "hazard.wrong_way",
  "hazard.unprotected", "speed.over", "distance.close", "crowd.dense", "crowd.gathering", "zone.full",
];

export async function show({ sides, onLeave, remembered }) {
  const told = await Promise.all(sides.map((side) => side.series({ kind: kinds, over: ["camera", "name", "part"] })));
  const exposed = await Promise.all(sides.map(async (side) => sum((await side.series({ kind: "hazard.exposure", over: ["camera", "name"] })).series, "total")));
  const own = told[0].series.map((one) => [word(one.kind), overTime(told[0], [one])]);
  const other = sides[1] && told[1].series.length ? [[named(t("analytics.hazards.all"), sides[1]), overTime(told[1], told[1].series, { by: shift(sides, sides[1]) })]] : [];
  const drawn = chart(t("analytics.hazards"), {
    xAxis: { type: "time" },
    yAxis: { type: "value", minInterval: 1 },
    series: [
      ...own.map(([name, data]) => ({ name, type: "bar", stack: "all", barMaxWidth: 14, data })),
      ...other.map(([name, data]) => line(name, data, 1)),
    ],
  });
  onLeave(drawn.close);
  const counts = told.map(({ series }) => sum(series));
  return {
    title: t("analytics.hazards"),
    tiles: [tile(t("analytics.hazards"), number(counts[0]), sides[1] ? versus(counts[0], counts[1], sides[1]) : {})],
    content: h(
      "div",
      counts[0] || other.length ? drawn.node : h("p.soft", t("analytics.hazards.none")),
      h("p.hint", exposed[0] ? t("analytics.hazards.exposed", { span: duration(exposed[0]) }) : null, " ", h("a", { href: remembered("/events") }, t("analytics.hazards.list"))),
      lazyTable(t("analytics.hazards"), [t("events.what"), t("analytics.hazards.where"), t("events.camera"), t("analytics.n")], () => byPlace(sides[0])),
    ),
    image: drawn.image,
    rows: () => rowsOf([...own, ...other]),
  };
}

const word = (kind) => (known(`event.${kind}`) ? t(`event.${kind}`) : kind.replace(/^hazard\./, "").replaceAll("_", " "));

async function byPlace(side) {
  const { series } = await side.series({ kind: kinds, resolution: "day" });
  return series.map((one) => [word(one.kind), one.name, one.camera, total(one.n)]).sort((a, b) => b[3] - a[3]).slice(0, 200);
}
