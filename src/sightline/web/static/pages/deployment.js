// One rollout as it happens: where each camera stands, and the story so far.

import { all, get, post } from "../api.js";
import { cameraLink } from "../components/cameras.js";
import { attempt, confirm } from "../components/dialog.js";
import { head, panel, state, tile } from "../components/panel.js";
import { table } from "../components/table.js";
import { limitRows, trialWords } from "../deployments/gate.js";
import { fill, h } from "../dom.js";
import { may } from "../session.js";
import { ago, duration, known, moment, t } from "../strings.js";
import { rolloutState, subject } from "./deployments.js";

const EVERY = 2000;
const KINDS = { done: "good", watched: "none", told: "none", waiting: "none", returning: "warn", returned: "warn", stuck: "bad", gone: "warn", missed: "warn", taken: "warn", left: "none" };
const VERBS = { running: ["pause", "abort", "rollback"], paused: ["resume", "abort", "rollback"], aborting: ["rollback"], done: ["rollback"], aborted: ["rollback"] };

const SHARES = [["good", ["done"]], ["now", ["told", "watched"]], ["warn", ["returning", "returned", "stuck"]], ["none", ["waiting", "taken", "left", "gone", "missed"]]];
const share = (kind, n) => n > 0 && h("span", { data: { kind }, style: { "flex-grow": String(n) } });

export default async function deployment({ parameters: { id }, onLeave, alive }) {
  const path = `deployments/${encodeURIComponent(id)}`;
  const tiles = h("div.tiles");
  const buttons = h("span.row");
  const word = h("span");
  const bar = h("div.progress", { "aria-hidden": "true" });
  const story = h("ol.list.story");
  const rows = table(
    t("deploy.cameras"),
    [
      { title: t("events.camera"), cell: (one) => cameraLink(one.camera), sort: (one) => one.camera },
      { title: t("deploy.state"), cell: (one) => state(KINDS[one.state] ?? "none", t(`member.${one.state}`)), sort: (one) => one.state },
      { title: t("deploy.since"), cell: (one) => (one.since_ns ? ago(one.since_ns / 1e6) : t("none")), narrow: false },
      { title: t("deploy.trial"), cell: (one) => trialWords(one.trial) || t("none"), narrow: false },
      { title: t("deploy.why"), cell: (one) => one.why || t("none") },
    ],
    { key: (one) => one.camera },
  );
  let lines = 0;

  async function load() {
    const [view, cameras, log] = await Promise.all([get(path), get(`${path}/cameras`), all(`${path}/log`)]);
    if (!alive()) return;
    fill(word, rolloutState(view));
    fill(bar, SHARES.map(([kind, states]) => share(kind, states.reduce((sum, one) => sum + (view.cameras[one] ?? 0), 0))));
    fill(
      tiles,
      tile(t("deploy.done"), String(view.cameras.done ?? 0)),
      tile(t("deploy.middle"), String((view.cameras.told ?? 0) + (view.cameras.watched ?? 0))),
      tile(t("deploy.waiting"), String(view.cameras.waiting ?? 0)),
      tile(t("deploy.back"), String((view.cameras.returned ?? 0) + (view.cameras.returning ?? 0) + (view.cameras.stuck ?? 0))),
    );
    fill(buttons, may("operator") && (VERBS[view.state] ?? []).map((verb) => h(verb === "rollback" ? "button.danger" : "button", { type: "button", onclick: () => order(verb) }, t(`deploy.${verb}`))));
    rows.rows(cameras.items);
    for (const line of log.slice(lines)) story.append(h("li", h("span.soft.when", moment(line.time_ns / 1e6)), h("span.grow", h("strong", line.camera || t("deploy.whole")), " ", stage(line), h("br"), h("span.soft", line.why))));
    lines = log.length;
  }

  /** "told, shadow" of a camera, "rolled-back" of the whole, in words. */
  function stage(line) {
    const [first, ...more] = line.state.split(", ");
    const key = `${line.camera ? "member" : "deploy.state"}.${first}`;
    return [known(key) ? t(key) : first, ...more].join(", ");
  }

  async function order(verb) {
    if (verb !== "resume" && !(await confirm(t(`deploy.${verb}`), t(`deploy.${verb}.text`), t(`deploy.${verb}`), { danger: verb === "rollback" }))) return;
    await attempt(() => post(`${path}/${verb}`));
    await load();
  }

  const first = await get(path);
  const { plan } = first;
  await load();
  const timer = setInterval(() => load().catch(() => {}), EVERY);
  onLeave(() => clearInterval(timer));
  const facts = h(
    "dl.facts",
    h("dt", t("deploy.to")), h("dd", plan.target || t("settings.sees.all")),
    h("dt", t("deploy.canary")), h("dd", String(plan.canary)),
    h("dt", t("deploy.batch")), h("dd", String(plan.batch)),
    h("dt", t("deploy.shadow")), h("dd", duration(plan.shadow_s)),
    h("dt", t("deploy.watch")), h("dd", duration(plan.watch_s)),
    h("dt", t("deploy.by")), h("dd", first.created_by),
    plan.note && [h("dt", t("deploy.note")), h("dd", plan.note)],
  );
  const limits = h("details", h("summary", t("gate.title")), h("dl.facts", limitRows(plan.gate)));
  return h("div", head(subject(plan), { sub: word, actions: [buttons] }), bar, tiles, rows.node, h("div.gap"), h("div.grid.side", panel(t("deploy.story"), story), panel(t("deploy.plan"), h("div.stack", facts, limits))));
}
