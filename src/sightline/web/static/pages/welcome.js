// From nothing to a counting line: a camera first, then a line.

import { all } from "../api.js";
import { enrol } from "../components/enrol.js";
import { head, panel } from "../components/panel.js";
import { fill, h } from "../dom.js";
import { go } from "../router.js";
import { t } from "../strings.js";

const EVERY = 2000;

export default async function welcome({ onLeave, alive }) {
  const state = h("p.soft", { role: "status" }, t("welcome.waiting"));
  const next = h("div.actions");

  async function look() {
    const cameras = (await all("cameras").catch(() => [])).filter((one) => one.state !== "revoked");
    if (!alive() || !cameras.length) return;
    clearInterval(timer);
    const [first] = cameras;
    state.textContent = t("welcome.there", { name: first.name });
    fill(next, h("button.primary", { type: "button", onclick: () => go(`/cameras/${encodeURIComponent(first.name)}/edit`) }, t("welcome.draw")), h("a.button", { href: "/" }, t("welcome.skip")));
  }

  const timer = setInterval(look, EVERY);
  onLeave(() => clearInterval(timer));
  look();
  return h(
    "div",
    head(t("welcome.title"), { sub: t("welcome.sub") }),
    h(
      "div.grid",
      panel(t("welcome.first"), [h("p", t("welcome.first.text")), h("pre", { tabindex: "0" }, "scene:entrance"), h("p.soft", t("welcome.scene")), h("div.actions", h("button.primary", { type: "button", onclick: () => enrol(look) }, t("enrol.title")))]),
      panel(t("welcome.second"), [h("p", t("welcome.second.text")), state, next]),
    ),
  );
}
