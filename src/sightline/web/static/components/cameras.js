// How cameras are shown wherever they appear.

import { h } from "../dom.js";
import { ago, t } from "../strings.js";
import { chip, state } from "./panel.js";

const KINDS = { online: "good", degraded: "warn", failed: "bad", offline: "bad", revoked: "none" };

export const cameraState = (camera) => state(KINDS[camera.state] ?? "warn", t(`state.${camera.state}`));

export const cameraLink = (name) => h("a", { href: `/cameras/${encodeURIComponent(name)}` }, name);

export const tags = (camera) =>
  Object.entries(camera.tags ?? {}).map(([key, value]) => chip(`${key}=${value}`));

/** Plain words look for names; anything with a sign of the query language is one. */
export const asQuestion = (words) => (/[=~()]|\band\b|\bor\b|\bnot\b/.test(words) || !words ? words : `name~*${words}*`);

export const seen = (ns) => (ns ? ago(ns / 1e6) : t("never"));
