// Letting a camera in: a token, the command that uses it, and a code for those with a phone.

import { post } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../strings.js";
import { dialog, toast } from "./dialog.js";
import { field, form } from "./field.js";

const SOURCES = ["usb:0", "rtsp://", "imx500:", "scene:entrance?live=1"];
const HOURS = { 1: 3600, 24: 86400, 168: 604800 };

/** Open the window; `after` is called when it closes. */
export function enrol(after = () => {}) {
  dialog(
    t("enrol.title"),
    () => {
      const place = h("div");
      const fields = [
        h("p.soft", t("enrol.text")),
        field(t("enrol.tags"), "tags", { placeholder: "site=oslo floor=2", hint: t("enrol.tags.hint") }),
        field(t("enrol.source"), "source", { placeholder: "usb:0", maxlength: 300, list: "sources", hint: t("enrol.source.hint") }),
        h("datalist", { id: "sources" }, SOURCES.map((one) => h("option", { value: one }))),
        field(t("enrol.uses"), "uses", { type: "number", min: 1, max: 100000, value: 1 }),
        field(t("enrol.expires"), "hours", { options: Object.keys(HOURS).map((key) => [key, t(`enrol.hours.${key}`)]) }),
      ];
      fill(place, form(fields, async (values) => fill(place, given(await ask(values))), { submit: t("enrol.go") }));
      return place;
    },
    { wide: true, onClose: after },
  );
}

async function ask({ tags, uses, hours, source }) {
  const pairs = tags.split(/\s+/).filter(Boolean).map((pair) => pair.split("="));
  return post("enrollment-tokens", { tags: Object.fromEntries(pairs), uses: Number(uses), expires_s: HOURS[hours], source });
}

function given({ token, command, qr }) {
  const copy = (text) => async () => {
    await navigator.clipboard?.writeText(text);
    toast(t("copied"));
  };
  return h(
    "div.enrolled",
    h("p", t(command.endsWith(" SOURCE") ? "enrol.run" : "enrol.run.whole")),
    h("pre", { tabindex: "0" }, command),
    h("div.actions", h("button", { type: "button", onclick: copy(command) }, t("enrol.copy")), h("button", { type: "button", onclick: copy(token) }, t("enrol.copy.token"))),
    h("p.soft", t("enrol.once")),
    h("img.qr", { src: qr, alt: t("enrol.qr"), width: 220, height: 220 }),
  );
}
