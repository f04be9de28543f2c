// What somebody wanted to hear of: open alerts, their rules, and who is told.

import { get, post, put, remove } from "../api.js";
import { LEVELS, editRule } from "../alerts/rule.js";
import { cameraLink } from "../components/cameras.js";
import { attempt, dialog } from "../components/dialog.js";
import { choice, field, form } from "../components/field.js";
import { icon } from "../components/icon.js";
import { head, panel, state } from "../components/panel.js";
import { empty } from "../components/states.js";
import { table } from "../components/table.js";
import { fill, h } from "../dom.js";
import { query, remember } from "../router.js";
import { may, mayAll } from "../session.js";
import { ago, duration, t } from "../strings.js";

const EVERY = 5000;
const KINDS = { info: "none", warning: "warn", critical: "bad" };

export default async function alerts({ onLeave, alive }) {
  let shown = query().state ?? "open";
  const place = h("div");
  const rows = table(
    t("place.alerts"),
    [
      { title: t("alerts.level"), cell: (one) => state(KINDS[one.level] ?? "warn", t(`alerts.level.${one.level}`)), sort: (one) => LEVELS.indexOf(one.level) },
      { title: t("events.camera"), cell: (one) => cameraLink(one.camera), sort: (one) => one.camera },
      { title: t("alerts.what"), main: true, cell: (one) => one.message, sort: (one) => one.message },
      { title: t("alerts.since"), cell: (one) => ago(one.raised_ns / 1e6), sort: (one) => -one.raised_ns },
      { title: t("alerts.lasted"), cell: (one) => (one.cleared_ns ? duration((one.cleared_ns - one.raised_ns) / 1e9) : t("alerts.open")), narrow: false },
      { title: t("alerts.seen"), cell: (one) => one.acknowledged_by || t("none"), narrow: false },
      { title: "", end: true, cell: actions },
    ],
    { key: (one) => one.id, cards: true },
  );

  function actions(one) {
    return h(
      "span.row",
      h("button.quiet", { type: "button", onclick: () => tries(one) }, t("alerts.tries")),
      may("operator") && !one.acknowledged_ns && h("button", { type: "button", onclick: () => seen(one) }, t("alerts.acknowledge")),
    );
  }

  async function load() {
    const { items } = await get("alerts", { state: shown === "all" ? "" : shown, limit: 500 });
    if (!alive()) return;
    if (items.length) {
      if (!rows.node.isConnected) fill(place, rows.node);
      rows.rows(items);
    } else fill(place, empty(t(`alerts.empty.${shown}`), t("alerts.empty.text"), null, "check"));
  }

  async function seen(one) {
    await attempt(() => post(`alerts/${one.id}/acknowledge`));
    await load();
  }

  const states = ["open", "acknowledged", "cleared", "all"].map((key) => [key, t(`alerts.state.${key}`)]);
  const filter = choice(t("alerts.state"), states, shown, (key) => {
    shown = key;
    remember({ state: key === "open" ? null : key });
    load();
  });
  const rules = h("div");
  const channels = h("div");
  await Promise.all([load(), drawRules(rules), mayAll("operator") && drawChannels(channels)]);
  const timer = setInterval(() => load().catch(() => {}), EVERY);
  onLeave(() => clearInterval(timer));
  return h(
    "div",
    head(t("place.alerts")),
    h("div.toolbar", filter),
    place,
    h("div.gap"),
    h(
      "div.grid",
      panel(t("rules.title"), rules, { actions: [mayAll("operator") && h("button", { type: "button", onclick: () => editRule(null, () => drawRules(rules)) }, icon("plus"), t("rules.add"))] }),
      mayAll("operator") && panel(t("channels.title"), channels, { actions: [may("admin") && h("button", { type: "button", onclick: () => editChannel(() => drawChannels(channels)) }, icon("plus"), t("channels.add"))] }),
    ),
  );
}

async function tries(alert) {
  const { items } = await get(`alerts/${alert.id}/deliveries`);
  dialog(
    t("alerts.tries"),
    items.length
      ? h("ul.list", items.map((one) => h("li", h("span.grow", `${one.channel}: ${t(`alerts.told.${one.what}`)}`, h("br"), h("span.soft", one.last || t("none"))), h("span.soft", t(`delivery.${one.state}`, { n: one.tries })))))
      : h("p.soft", t("alerts.tries.none")),
  );
}

async function drawRules(place) {
  const { items } = await get("rules");
  const again = () => drawRules(place);
  fill(
    place,
    items.length
      ? h("ul.list", items.map((one) => h("li", h("span.grow", h("strong", one.name), h("br"), h("code", one.condition), h("br"), h("span.soft", [one.target || t("settings.sees.all"), one.enabled ? null : t("rules.off")].filter(Boolean).join(" · "))), mayAll("operator") && h("button", { type: "button", onclick: () => editRule(one, again) }, t("edit")))))
      : h("p.soft", t("rules.empty")),
  );
}

async function drawChannels(place) {
  const { items } = await get("channels");
  const again = () => drawChannels(place);
  fill(
    place,
    items.length
      ? h("ul.list", items.map((one) => h("li", h("span.grow", h("strong", one.name), h("br"), h("span.soft", `${t(`channel.${one.kind}`)} · ${one.to}`)), may("admin") && h("button.quiet", { type: "button", onclick: () => attempt(() => remove(`channels/${encodeURIComponent(one.name)}`), t("done")).then(again) }, t("rules.remove")))))
      : h("p.soft", t("channels.empty")),
  );
}

function editChannel(again) {
  dialog(t("channels.add"), (close) => {
    const more = h("div.stack");
    const draw = (kind) =>
      fill(
        more,
        kind === "email"
          ? field(t("channels.to"), "to", { required: true, placeholder: "ada@example.org, bob@example.org" })
          : field(t("channels.url"), "url", { required: true, placeholder: kind === "webhook" ? "https://example.org/hook" : "mqtt://broker.example.org" }),
        kind === "webhook" && field(t("channels.secret"), "secret", { required: true, minlength: 16, hint: t("channels.secret.hint") }),
      );
    draw("webhook");
    const kinds = ["webhook", "email", "mqtt", "home-assistant"].map((key) => [key, t(`channel.${key}`)]);
    return form(
      [field(t("settings.name"), "name", { required: true, maxlength: 64 }), field(t("channels.kind"), "kind", { options: kinds, onchange: (event) => draw(event.target.value) }), more],
      async ({ name, kind, to, ...settings }) => {
        const given = kind === "email" ? { to: to.split(",").map((one) => one.trim()).filter(Boolean) } : settings;
        await put(`channels/${encodeURIComponent(name)}`, { kind, settings: given });
        close();
        await again();
      },
    );
  });
}
