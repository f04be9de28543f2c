// People and tokens, what is kept and what may leave, how the hub is linked, and who changed what.

import { get, patch, post, remove } from "../api.js";
import { attempt, confirm, dialog } from "../components/dialog.js";
import { field, form } from "../components/field.js";
import { head, panel } from "../components/panel.js";
import { table } from "../components/table.js";
import { fill, h } from "../dom.js";
import { go } from "../router.js";
import { current, may, mayAll } from "../session.js";
import { links } from "../settings/links.js";
import { privacy } from "../settings/privacy.js";
import { retention } from "../settings/retention.js";
import { ago, dayAndTime, t } from "../strings.js";

const PARTS = [["me", "viewer"], ["people", "admin"], ["tokens", "admin"], ["cameras", "operator"], ["retention", "operator"], ["privacy", "viewer"], ["links", "admin"], ["audit", "admin"]];
const OF_ANYBODY = ["me", "privacy"]; // also of who sees some cameras alone
const ROLES = ["viewer", "operator", "admin"];
const DAYS = ["", "1", "30", "365"];

export default async function settings({ parameters: { part = "me" } }) {
  const shown = PARTS.filter(([key, role]) => (OF_ANYBODY.includes(key) ? may : mayAll)(role));
  const [name] = shown.find(([key]) => key === part) ?? shown[0];
  const place = h("div");
  const tabs = h("nav.tabs", { "aria-label": t("place.settings") }, shown.map(([key]) => h("a", { href: `/settings/${key}`, "aria-current": key === name ? "page" : null }, t(`settings.${key}`))));
  const pages = { me, people, tokens, cameras, retention, privacy, links, audit };
  const draw = async () => fill(place, await pages[name](draw));
  await draw();
  requestAnimationFrame(() => tabs.querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" }));
  return h("div", head(t("place.settings")), tabs, place);
}

function me() {
  const who = current();
  const facts = h("dl.facts", h("dt", t("settings.name")), h("dd", who.name), h("dt", t("settings.role")), h("dd", t(`role.${who.role}`)), h("dt", t("settings.sees")), h("dd", who.scope || t("settings.sees.all")));
  const change = form(
    [
      field(t("settings.password.old"), "old", { type: "password", autocomplete: "current-password", required: true }),
      field(t("settings.password.new"), "new", { type: "password", autocomplete: "new-password", required: true, minlength: 12, hint: t("setup.hint") }),
    ],
    async (values) => {
      await post("users/me/password", values, { stranger: true }); // 401 is for the old one
      go("/login");
    },
    { submit: t("settings.password") },
  );
  return h("div.grid", panel(t("settings.me"), facts), who.kind === "user" && panel(t("settings.password"), change));
}

async function people(again) {
  const { items } = await get("users");
  const rows = table(t("settings.people"), [
    { title: t("settings.name"), cell: (one) => one.name, sort: (one) => one.name },
    { title: t("settings.role"), cell: (one) => t(`role.${one.role}`), sort: (one) => one.role },
    { title: t("settings.sees"), cell: (one) => one.scope || t("settings.sees.all"), narrow: false },
    { title: "", cell: (one) => h("button", { type: "button", onclick: () => edit(one, again) }, t("edit")) },
  ]);
  rows.rows(items);
  return h("div", h("div.toolbar", h("button.primary", { type: "button", onclick: () => edit(null, again) }, t("settings.people.add"))), rows.node);
}

function edit(person, again) {
  dialog(person ? person.name : t("settings.people.add"), (close) => [
    form(
      [
        !person && field(t("settings.name"), "name", { required: true, maxlength: 64 }),
        field(t("settings.role"), "role", { options: ROLES.map((role) => [role, t(`role.${role}`)]), value: person?.role ?? "viewer" }),
        field(t("settings.scope"), "scope", { value: person?.scope ?? "", placeholder: "site=oslo", hint: t("settings.scope.hint") }),
        field(person ? t("settings.password.set") : t("settings.password.first"), "password", { type: "password", autocomplete: "new-password", minlength: 12, required: !person, hint: t("setup.hint") }),
      ],
      async ({ password, ...values }) => {
        const body = { ...values, ...(password ? { password } : {}) };
        if (person) await patch(`users/${encodeURIComponent(person.name)}`, body);
        else await post("users", body);
        close();
        await again();
      },
    ),
    person && h("div.actions", h("button.danger", { type: "button", onclick: () => gone(person, again, close) }, t("settings.people.remove"))),
  ]);
}

async function gone(person, again, close) {
  if (!(await confirm(t("settings.people.remove"), t("settings.people.remove.text", { name: person.name })))) return;
  await attempt(() => remove(`users/${encodeURIComponent(person.name)}`), t("done"));
  close();
  await again();
}

async function tokens(again) {
  const { items } = await get("tokens");
  const rows = table(
    t("settings.tokens"),
    [
      { title: t("settings.name"), cell: (one) => one.name, sort: (one) => one.name },
      { title: t("settings.role"), cell: (one) => t(`role.${one.role}`) },
      { title: t("settings.sees"), cell: (one) => one.scope || t("settings.sees.all"), narrow: false },
      { title: t("settings.used"), cell: (one) => (one.used_ns ? ago(one.used_ns / 1e6) : t("never")), narrow: false },
      { title: t("settings.expires"), cell: (one) => (one.expires_ns ? dayAndTime(one.expires_ns / 1e6) : t("never")), narrow: false },
      { title: "", cell: (one) => h("button", { type: "button", onclick: () => attempt(() => remove(`tokens/${one.id}`), t("done")).then(again) }, t("settings.tokens.withdraw")) },
    ],
    { key: (one) => one.id },
  );
  rows.rows(items);
  return h("div", h("p.soft.lead", t("settings.tokens.text")), h("div.toolbar", h("button.primary", { type: "button", onclick: () => give(again) }, t("settings.tokens.add"))), items.length ? rows.node : null);
}

function give(again) {
  dialog(
    t("settings.tokens.add"),
    () => {
      const place = h("div");
      fill(
        place,
        form(
          [
            field(t("settings.name"), "name", { maxlength: 64, placeholder: "nightly report" }),
            field(t("settings.role"), "role", { options: ROLES.map((role) => [role, t(`role.${role}`)]), value: "viewer" }),
            field(t("settings.scope"), "scope", { placeholder: "site=oslo", hint: t("settings.scope.hint") }),
            field(t("settings.expires"), "days", { options: DAYS.map((days) => [days, t(`settings.days.${days || "never"}`)]), value: "30" }),
          ],
          async ({ days, ...values }) => {
            const given = await post("tokens", { ...values, expires_s: days ? Number(days) * 86400 : null });
            fill(place, h("p", t("settings.tokens.once")), h("pre", { tabindex: "0" }, given.token));
          },
        ),
      );
      return place;
    },
    { onClose: again },
  );
}

async function cameras(again) {
  const { items } = await get("enrollment-tokens");
  const rows = table(
    t("settings.cameras"),
    [
      { title: t("camera.tags"), cell: (one) => Object.entries(one.tags).map((pair) => pair.join("=")).join(" ") || t("none") },
      { title: t("settings.used.times"), cell: (one) => `${one.used}/${one.uses}` },
      { title: t("settings.expires"), cell: (one) => dayAndTime(one.expires_ns / 1e6) },
      { title: t("settings.by"), cell: (one) => one.created_by, narrow: false },
      { title: "", cell: (one) => h("button", { type: "button", onclick: () => attempt(() => remove(`enrollment-tokens/${one.id}`), t("done")).then(again) }, t("settings.tokens.withdraw")) },
    ],
    { key: (one) => one.id },
  );
  rows.rows(items);
  return h("div", h("p.soft.lead", t("settings.cameras.text")), items.length ? rows.node : h("p", t("settings.cameras.none")));
}

/** What else is known of a change, in one line. */
const told = (detail) =>
  Object.entries(detail ?? {})
    .map(([key, value]) => `${key.replaceAll("_", " ")} ${value !== null && typeof value === "object" ? JSON.stringify(value) : value}`)
    .join(", ");

async function audit() {
  const { items } = await get("audit", { limit: 500 });
  const rows = table(
    t("settings.audit"),
    [
      { title: t("events.when"), cell: (one) => dayAndTime(one.time_ns / 1e6), sort: (one) => one.time_ns },
      { title: t("audit.who"), cell: (one) => one.actor, sort: (one) => one.actor },
      { title: t("audit.what"), cell: (one) => one.action, sort: (one) => one.action },
      { title: t("audit.subject"), cell: (one) => one.subject, narrow: false },
      { title: t("audit.more"), cell: (one) => told(one.detail) || t("none"), narrow: false },
      { title: t("audit.from"), cell: (one) => one.remote || t("none"), narrow: false },
    ],
    { key: (one) => one.id },
  );
  rows.rows(items);
  return rows.node;
}
