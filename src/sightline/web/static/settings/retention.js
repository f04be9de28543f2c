// For how long the hub keeps what it hears: for all cameras, and where one differs.

import { all, get, patch, put, remove } from "../api.js";
import { cameraLink } from "../components/cameras.js";
import { dialog } from "../components/dialog.js";
import { field, form } from "../components/field.js";
import { panel } from "../components/panel.js";
import { h } from "../dom.js";
import { mayAll } from "../session.js";
import { number, t } from "../strings.js";

const OF_CAMERAS = ["frames", "events", "measures", "health", "pictures"];

export async function retention(again) {
  const { items, cameras } = await get("retention");
  const others = Object.entries(cameras);
  return h(
    "div.stack",
    h("p.soft", t("retention.text")),
    panel(t("retention.all"), h("ul.list", items.map((one) => line(one, again)))),
    panel(
      t("retention.cameras"),
      others.length
        ? h("ul.list", others.map(([name, keeps]) => h("li", h("span.grow", cameraLink(name), h("br"), h("span.soft", inWords(keeps))), h("button", { type: "button", onclick: () => otherwise(again, name, keeps) }, t("edit")))))
        : h("p.soft", t("retention.cameras.none")),
      { actions: [h("button", { type: "button", onclick: () => choose(again, cameras) }, t("retention.cameras.add"))] },
    ),
  );
}

const line = (one, again) =>
  h(
    "li",
    h("span.grow", h("strong", t(`retention.${one.kind}`)), h("br"), h("span.soft", t(`retention.${one.kind}.text`))),
    h("span", inDays(one.days), one.days !== one.usual && [h("br"), h("span.soft", t("retention.usual", { usual: inDays(one.usual) }))]),
    mayAll("admin") && h("button", { type: "button", "aria-label": t("retention.change", { what: t(`retention.${one.kind}`) }), onclick: () => change(one, again) }, t("edit")),
  );

const inDays = (days) => t("retention.days", { n: days, days: number(days, 2) });

const inWords = (keeps) => Object.entries(keeps).map(([kind, days]) => `${t(`retention.${kind}`)}: ${inDays(days)}`).join(" · ");

const daysField = (label, name, more) => field(label, name, { type: "number", min: "0.01", max: "36500", step: "any", ...more });

function change(one, again) {
  const path = `retention/${one.kind}`;
  dialog(t(`retention.${one.kind}`), (close) => {
    const finish = async (work) => {
      await work;
      close();
      await again();
    };
    const back = h("button", { type: "button", onclick: () => finish(remove(path)) }, t("retention.back", { usual: inDays(one.usual) }));
    return [
      h("p.soft", t("retention.change.text")),
      form([daysField(t("retention.for"), "days", { required: true, value: one.days })], ({ days }) => finish(put(path, { days: Number(days) })), { extra: [one.days !== one.usual && back] }),
    ];
  });
}

async function choose(again, cameras) {
  const names = (await all("cameras")).map((one) => one.name);
  dialog(t("retention.cameras.add"), (close) =>
    form(
      [field(t("camera.name"), "name", { options: names.map((name) => [name, name]) })],
      async ({ name }) => {
        close();
        otherwise(again, name, cameras[name] ?? {});
      },
      { submit: t("next") },
    ),
  );
}

function otherwise(again, name, keeps) {
  dialog(t("retention.of", { camera: name }), (close) => [
    h("p.soft", t("retention.of.text")),
    form(
      OF_CAMERAS.map((kind) => daysField(t(`retention.${kind}`), kind, { value: keeps[kind] ?? "", placeholder: t("retention.as-all") })),
      async (values) => {
        const wished = Object.entries(values).filter(([, days]) => days !== "");
        await patch(`cameras/${encodeURIComponent(name)}`, { keeps: Object.fromEntries(wished.map(([kind, days]) => [kind, Number(days)])) });
        close();
        await again();
      },
    ),
  ]);
}
