// The hub's public interface, as any user of it could call it.

import { t } from "./strings.js";

const BASE = "/api/v1/";

/** What the hub refused, with its own sentence (problem+json, RFC 9457). */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `the hub answered ${status}`);
    this.name = "Refused";
    this.status = status;
    this.problem = problem;
  }
}

/** The hub cannot be reached. */
export class Away extends Error {
  constructor() {
    super("the hub cannot be reached");
    this.name = "Away";
  }
}

let csrf = "";
let signedOut = () => {};
let page = new AbortController();

/** What the page on screen has asked for is not wanted any more: whoever waits for it, waits
 *  for ever and is forgotten. Changes go through. */
export function giveUp() {
  page.abort();
  page = new AbortController();
}

/** Set by the session: the token that proves a change was meant, and what to do when it ends. */
export function authorise(token, onSignedOut) {
  csrf = token ?? csrf;
  if (onSignedOut) signedOut = onSignedOut;
}

let renewed = async () => ({ same: false, other: "" });

/** Set by the session: who is there, when a change that a page offers is refused. */
export function onDoubt(ask) {
  renewed = ask;
}

/** `path` with its query; keys that are empty are left out, lists are told one by one. */
export function url(path, query = {}) {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== null && one !== "") search.append(key, one);
    }
  }
  const text = search.toString();
  return `${BASE}${path}${text ? `?${text}` : ""}`;
}

/** A request; the answer as {data, etag}. Raises Refused or Away. `stranger`: whoever asks may
 *  be nobody yet, so a 401 ends no session. `kept`: it outlives the page that asks. */
export async function request(method, path, { query, body, raw, etag, stranger, kept, again } = {}) {
  const signal = method === "GET" && !kept ? page.signal : null;
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (etag) headers["If-Match"] = etag;
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  let answer, data;
  try {
    answer = await fetch(url(path, query), {
      method,
      headers,
      signal,
      credentials: "same-origin",
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
    const type = answer.headers.get("Content-Type") ?? "";
    data = type.includes("json") ? await answer.json().catch(() => null) : null;
  } catch {
    if (!signal?.aborted) throw new Away();
  }
  if (signal?.aborted) return new Promise(() => {});
  if (!answer.ok) {
    if (answer.status === 401 && !stranger) signedOut();
    if (answer.status === 403 && method !== "GET" && !again) {
      const { same, other } = await renewed();
      if (same) return request(method, path, { query, body, raw, etag, again: true });
      if (other) throw new Refused(403, { detail: t("session.other", { name: other }) });
    }
    throw new Refused(answer.status, data ?? {});
  }
  return { data, etag: answer.headers.get("ETag") };
}

export const get = async (path, query, options) =>
  (await request("GET", path, { query, ...options })).data;
export const post = async (path, body, options) =>
  (await request("POST", path, { body, ...options })).data;
export const patch = async (path, body, options) =>
  (await request("PATCH", path, { body, ...options })).data;
export const put = async (path, body, options) =>
  (await request("PUT", path, { body, ...options })).data;
export const remove = async (path, options) => (await request("DELETE", path, options)).data;

/** All items of a list, page by page, at most `most` of them. */
export async function all(path, query = {}, most = 5000) {
  const items = [];
  let cursor;
  do {
    const page = await get(path, { limit: 1000, ...query, cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor && items.length < most);
  return items;
}
