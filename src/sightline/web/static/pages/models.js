// Packages: what they do, how good they are, who vouches for them.

import { get, remove, request } from "../api.js";
import { attempt, confirm, dialog } from "../components/dialog.js";
import { icon } from "../components/icon.js";
import { head, panel } from "../components/panel.js";
import { empty, sentence } from "../components/states.js";
import { fill, h } from "../dom.js";
import { checks } from "../models/checks.js";
import { go } from "../router.js";
import { may, mayAll } from "../session.js";
import { ago, bytes, number, t } from "../strings.js";

export default async function models() {
  const place = h("div.grid");
  const file = h("input", { type: "file", accept: ".slm", hidden: true, onchange: () => file.files[0] && upload(file.files[0]) });
  const told = h("p.soft", { role: "status" });

  async function load() {
    const { items } = await get("models");
    fill(place, items.length ? items.map(card) : empty(t("models.empty"), t("models.empty.text"), null, "models"));
  }

  async function upload(chosen) {
    told.textContent = t("models.uploading", { name: chosen.name, size: bytes(chosen.size) });
    try {
      const { data } = await request("POST", "models", { raw: chosen });
      told.textContent = "";
      takenIn(data);
    } catch (error) {
      told.textContent = "";
      dialog(t("models.refused"), [h("p", sentence(error))]);
    }
    file.value = "";
    await load();
  }

  /** What was looked at, and what can be done with it now. */
  function takenIn(one) {
    dialog(t("models.uploaded", { name: one.name, version: one.version }), (close) => [
      checks(one),
      h("div.actions", h("button", { type: "button", onclick: close }, t("close")), h("button.primary", { type: "button", autofocus: true, onclick: () => (close(), deploy(one)) }, icon("deployments"), t("models.deploy"))),
    ]);
  }

  function card(one) {
    const { manifest } = one;
    const { recipe } = manifest;
    return panel(`${one.name} ${one.version}`, [
      h("dl.facts",
        h("dt", t("models.task")), h("dd", recipe.task ?? recipe.decoder),
        h("dt", t("models.input")), h("dd", `${recipe.input.width} × ${recipe.input.height}`),
        h("dt", t("models.labels")), h("dd", recipe.labels.length > 6 ? t("models.labels.many", { n: recipe.labels.length, first: recipe.labels.slice(0, 4).join(", ") }) : recipe.labels.join(", ")),
        h("dt", t("models.size")), h("dd", bytes(one.size)),
        h("dt", t("models.targets")), h("dd", Object.keys(manifest.targets).join(", ")),
        h("dt", t("models.licence")), h("dd", manifest.licence),
        h("dt", t("models.signer")), h("dd", one.signer || t("models.unsigned")),
        manifest.metrics.map((metric) => [h("dt", metric.name), h("dd", `${number(metric.value, 3)} (${metric.source})`)]),
      ),
      h("p.hint.foot", t("models.uploaded.by", { who: one.uploaded_by, ago: ago(one.uploaded_ns / 1e6) })),
      h(
        "div.actions",
        may("operator") && h("button", { type: "button", onclick: () => deploy(one) }, icon("deployments"), t("models.deploy")),
        mayAll("admin") && h("button.quiet", { type: "button", onclick: () => forget(one) }, t("models.forget")),
      ),
    ]);
  }

  async function forget(one) {
    if (!(await confirm(t("models.forget"), t("models.forget.text", { name: `${one.name} ${one.version}` })))) return;
    await attempt(() => remove(`models/${encodeURIComponent(one.name)}/${encodeURIComponent(one.version)}`), t("done"));
    await load();
  }

  const deploy = ({ name, version }) => go(`/deployments?model=${encodeURIComponent(`${name}:${version}`)}`);

  await load();
  return h("div", head(t("place.models"), { sub: t("models.sub"), actions: [may("operator") && h("button.primary", { type: "button", onclick: () => file.click() }, icon("plus"), t("models.upload"))] }), file, told, place);
}
