// Rollouts: begun here, followed one by one.

import { all, get, post } from "../api.js";
import { dialog } from "../components/dialog.js";
import { field, form } from "../components/field.js";
import { icon } from "../components/icon.js";
import { head, state } from "../components/panel.js";
import { empty } from "../components/states.js";
import { table } from "../components/table.js";
import { gateFields, gateOf } from "../deployments/gate.js";
import { fill, h } from "../dom.js";
import { go, query } from "../router.js";
import { may } from "../session.js";
import { ago, t } from "../strings.js";

const EVERY = 4000;
const KINDS = { done: "good", running: "none", paused: "warn", "rolled-back": "bad", returning: "warn", aborting: "warn", aborted: "warn" };

export default async function deployments({ onLeave, alive }) {
  const place = h("div");
  const rows = table(
    t("place.deployments"),
    [
      { title: t("deploy.what"), main: true, cell: (one) => h("a", { href: `/deployments/${one.id}` }, subject(one.plan)) },
      { title: t("deploy.state"), cell: rolloutState, sort: (one) => one.state },
      { title: t("deploy.to"), cell: (one) => one.plan.target || t("settings.sees.all"), narrow: false },
      { title: t("deploy.progress"), cell: (one) => progress(one.cameras) },
      { title: t("deploy.by"), cell: (one) => one.created_by, narrow: false },
      { title: t("deploy.begun"), end: true, cell: (one) => ago(one.created_ns / 1e6), sort: (one) => -one.created_ns },
    ],
    { key: (one) => one.id, cards: true, onOpen: (one) => go(`/deployments/${one.id}`) },
  );

  async function load() {
    const { items } = await get("deployments", { limit: 200 });
    if (!alive()) return;
    if (items.length) {
      if (!rows.node.isConnected) fill(place, rows.node);
      rows.rows(items);
    } else fill(place, empty(t("deploy.empty"), t("deploy.empty.text"), null, "deployments"));
  }

  await load();
  const timer = setInterval(() => load().catch(() => {}), EVERY);
  onLeave(() => clearInterval(timer));
  const asked = query();
  if (may("operator") && (asked.model || asked.to)) begin(asked);
  return h("div", head(t("place.deployments"), { sub: t("deploy.sub"), actions: [may("operator") && h("button.primary", { type: "button", onclick: () => begin({}) }, icon("plus"), t("deploy.begin"))] }), place);
}

/** A state as a dot and a word. */
export const rolloutState = (one) => state(KINDS[one.state] ?? "none", t(`deploy.state.${one.state}`));

/** What a plan brings, in words. */
export const subject = (plan) => (plan.model ? `${plan.model.name} ${plan.model.version}` : t("deploy.config", { keys: Object.keys(plan.patch ?? {}).join(", ") || t("none") }));

function progress(cameras) {
  const total = Object.values(cameras).reduce((sum, one) => sum + one, 0);
  return t("deploy.of", { done: cameras.done ?? 0, total });
}

async function begin({ model = "", to = "" }) {
  const models = (await all("models")).map((one) => `${one.name}:${one.version}`);
  dialog(
    t("deploy.begin"),
    (close) =>
      form(
        [
          field(t("deploy.model"), "model", { options: [["", t("deploy.model.none")], ...models.map((one) => [one, one])], value: model }),
          field(t("deploy.patch"), "patch", { type: "area", placeholder: '{"detect": {"score": 0.4}}', hint: t("deploy.patch.hint"), spellcheck: "false" }),
          field(t("deploy.to"), "to", { value: to, placeholder: "site=oslo", hint: t("settings.scope.hint") }),
          h("div.pair", field(t("deploy.canary"), "canary", { type: "number", min: 0, max: 1000, value: 1 }), field(t("deploy.batch"), "batch", { type: "number", min: 1, max: 1000, value: 10 })),
          h("div.pair", field(t("deploy.shadow"), "shadow_s", { type: "number", min: 0, value: 60 }), field(t("deploy.watch"), "watch_s", { type: "number", min: 0, value: 60 })),
          gateFields(),
          field(t("deploy.note"), "note", { maxlength: 500 }),
        ],
        async (values) => {
          const [gate, { model: chosen, patch, note, to: target, ...numbers }] = gateOf(values);
          const body = { to: target, note, gate, ...Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, Number(value)])) };
          if (chosen) body.model = chosen;
          if (patch.trim()) body.patch = parsed(patch);
          const begun = await post("deployments", body);
          close();
          go(`/deployments/${begun.id}`);
        },
        { submit: t("deploy.begin") },
      ),
    { wide: true },
  );
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw Object.assign(new Error(t("deploy.patch.wrong")), { name: "Refused" });
  }
}
