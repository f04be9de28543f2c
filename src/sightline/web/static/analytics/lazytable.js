// The same numbers as a table, asked for when somebody opens it.

import { sentence } from "../components/states.js";
import { fill, h } from "../dom.js";
import { t } from "../strings.js";

/** `load()` gives rows of cells. */
export function lazyTable(label, header, load) {
  const place = h("div");
  let asked = false;
  const open = async ({ target }) => {
    if (!target.open || asked) return;
    asked = true;
    try {
      const rows = await load();
      fill(place, h("div.scroll", { tabindex: "0", role: "region", "aria-label": label }, h("table", { "aria-label": label }, h("thead", h("tr", header.map((text) => h("th", { scope: "col" }, text)))), h("tbody", rows.map((row) => h("tr", row.map((cell) => h("td", cell))))))));
    } catch (error) {
      asked = false;
      fill(place, h("p.wrong", sentence(error)));
    }
  };
  return h("details.as-table", { ontoggle: open }, h("summary", t("chart.table")), place);
}
