// The forms beside a plan: the plan itself, and one camera on it.

import { cameraState } from "../components/cameras.js";
import { field } from "../components/field.js";
import { icon } from "../components/icon.js";
import { panel } from "../components/panel.js";
import { h } from "../dom.js";
import { number, t } from "../strings.js";

const OFF = 0.02; // of a drawing's shape: less is nobody's eye

/** Size, site, and who is on the plan. */
export function planForm(draft, cameras, { changed, choose, middle }) {
  const { layout, view } = draft;
  const set = (key, of = (input) => input.value) => ({ onchange: (event) => (draft.set({ [key]: of(event.target) }), changed()) });
  const side = (axis) => set("size", (input) => layout.size.map((value, at) => (at === axis ? Number(input.value) || value : value)));
  const corner = (axis) => set("origin", (input) => layout.origin.map((value, at) => (at === axis ? Number(input.value) || 0 : value)));
  return [
    panel(t("plan.cameras"), [
      layout.cameras.length ? people(draft, choose) : h("p.soft", t("plan.cameras.none")),
      adder(draft, cameras, { changed, choose, middle }),
    ]),
    panel(t("plan.about"), h(
      "div.properties",
      { data: { of: "" } },
      field(t("plan.site"), "site", { value: layout.site, maxlength: 256, hint: t("plan.site.hint"), ...set("site", (input) => input.value.trim()) }),
      h("div.pair", field(t("plan.width"), "width", { ...metres(layout.size[0], 0.5), ...side(0) }), field(t("plan.height"), "height", { ...metres(layout.size[1], 0.5), ...side(1) })),
      shape(draft, changed),
      h(
        "details",
        h("summary", t("plan.axes")),
        h("div.pair", field(t("plan.left"), "left", { ...metres(layout.origin[0]), ...corner(0) }), field(t("plan.low"), "low", { ...metres(layout.origin[1]), ...corner(1) })),
        field(t("plan.upwards"), "upwards", { type: "checkbox", checked: layout.upwards, ...set("upwards", (input) => input.checked) }),
      ),
      view.drawing && h("p.hint", t("plan.drawing.kept", { width: view.drawing.width, height: view.drawing.height })),
    )),
  ];
}

const metres = (value, min = null) => ({ type: "number", step: "any", value: String(value), min });

/** A drawing of another shape than the plan is stretched: say so, and offer the height that fits. */
function shape(draft, changed) {
  const { layout, view } = draft;
  if (!view.drawing) return null;
  const height = (layout.size[0] * view.drawing.height) / view.drawing.width;
  if (Math.abs(height / layout.size[1] - 1) < OFF) return null;
  const fitting = Math.round(height * 100) / 100;
  return h("p.hint", t("plan.stretched"), " ", h("button", { type: "button", onclick: () => (draft.set({ size: [layout.size[0], fitting] }), changed()) }, t("plan.fit", { height: number(fitting, 2) })));
}

const people = (draft, choose) =>
  h("ul.list", draft.shown().cameras.map((one) =>
    h(
      "li",
      h("button.quiet.grow", { type: "button", onclick: () => choose(one.camera) }, one.camera),
      one.trouble ? h("span.trouble", icon("warning"), t("plan.trouble")) : !one.calibrated && h("span.soft", t("plan.pin.only")),
      cameraState(one),
    )));

function adder(draft, cameras, { changed, choose, middle }) {
  const rest = cameras.filter((one) => one.state !== "revoked" && !draft.find(one.name));
  if (!rest.length) return h("p.hint", t(cameras.length ? "plan.all" : "plan.no.cameras"));
  const near = rest.filter((one) => draft.layout.site && one.tags.site === draft.layout.site);
  const options = [...near, ...rest.filter((one) => !near.includes(one))].map((one) => [one.name, one.tags.site ? `${one.name} (${one.tags.site})` : one.name]);
  return field(t("plan.add"), "add", {
    options: [["", t("plan.choose")], ...options],
    value: "",
    onchange: ({ target }) => {
      if (!target.value) return;
      const { value } = target;
      target.blur();
      draft.add(value, middle);
      choose(value);
      changed();
    },
  });
}

/** Where one camera is, and how it is known what it sees. */
export function cameraForm(one, draft, { changed, choose }) {
  const set = (key, of) => ({ onchange: (event) => (draft.place(one.camera, { [key]: of(event.target.value) }), changed()) });
  const numbered = (key) => ({ type: "number", step: key === "turn" ? 5 : 0.1, value: String(one[key]), ...set(key, (text) => Number(text) || 0) });
  return panel(one.camera, h(
    "div.properties",
    { data: { of: one.camera } },
    h("p", cameraState(one)),
    h("div.pair", field(t("plan.x"), "x", numbered("x")), field(t("plan.y"), "y", numbered("y"))),
    field(t("plan.turn"), "turn", { ...numbered("turn"), hint: t("plan.turn.hint") }),
    one.calibrated
      ? field(t("plan.metres"), "metres", { options: [["plan", t("plan.metres.plan")], ["camera", t("plan.metres.camera")]], value: one.metres, hint: t("plan.metres.hint"), ...set("metres", (text) => text) })
      : h("p.hint", t("plan.uncalibrated")),
    one.trouble && h("p.wrong", icon("warning"), t("plan.trouble.text", { text: one.trouble })),
    h(
      "div.actions",
      h("button.quiet", { type: "button", onclick: () => (draft.remove(one.camera), choose(null)) }, t("plan.take.off")),
      h("button", { type: "button", onclick: () => choose(null) }, t("done")),
    ),
  ));
}
