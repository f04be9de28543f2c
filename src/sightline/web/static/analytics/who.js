// Which cameras a side is about: a fleet query, with the sites and names that there are at hand.

import { all } from "../api.js";
import { field } from "../components/field.js";
import { h } from "../dom.js";
import { t } from "../strings.js";

/** A field whose `change(query)` is called with what somebody entered. */
export function whoPicker(label, name, value, change) {
  const list = h("datalist", { id: `who-${name}` });
  let asked = false;
  const offer = async () => {
    if (asked) return;
    asked = true;
    const cameras = await all("cameras", {}, 1000).catch(() => []);
    const tags = new Set(cameras.flatMap((one) => Object.entries(one.tags).map(([key, word]) => `${key}=${quoted(word)}`)));
    const sites = [...tags].sort((a, b) => b.startsWith("site=") - a.startsWith("site=") || a.localeCompare(b));
    list.append(...[...sites, ...cameras.map((one) => `name=${quoted(one.name)}`)].slice(0, 300).map((text) => h("option", { value: text })));
  };
  const input = field(label, name, { type: "search", value, list: list.id, placeholder: t("events.camera.all"), autocomplete: "off", onfocus: offer, onchange: ({ target }) => change(target.value.trim() || null) });
  return h("div.who", input, list);
}

/** A value as the fleet's language has it. */
export const quoted = (word) => (/^[^\s()=~!"]+$/.test(word) ? word : `"${word.replaceAll('"', "")}"`);
