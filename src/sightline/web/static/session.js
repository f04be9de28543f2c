// Who is signed in, and what they may do.

import { authorise, get, onDoubt, post, remove, Refused } from "./api.js";

const RANK = { viewer: 1, operator: 2, admin: 3 };
let me = null;

/** The person who is signed in, or null. */
export const current = () => me;

/** Whether their role is at least `role`. */
export const may = (role) => me !== null && RANK[me.role] >= RANK[role];

/** The same, for what concerns the whole site: not who sees some of its cameras only. */
export const mayAll = (role) => may(role) && !me.scope;

/** Ask the hub who is signed in; null where nobody is. */
export async function load() {
  try {
    me = await get("me", {}, { stranger: true, kept: true });
    authorise(me.csrf);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error;
    me = null;
  }
  return me;
}

/** Who is there after a change was refused: the same person in a new session, another whose
 *  name is returned, or nothing is new. Sessions are of the whole browser, pages of one tab. */
async function renewed() {
  const before = me;
  const now = await get("me", {}, { stranger: true, kept: true }).catch(() => null);
  if (!before || !now || now.csrf === before.csrf) return { same: false, other: "" };
  if (["name", "role", "scope"].some((key) => now[key] !== before[key])) return { same: false, other: now.name };
  me = now;
  authorise(me.csrf);
  return { same: true, other: "" };
}

onDoubt(renewed);

export async function signIn(name, password) {
  await post("session", { name, password });
  return load();
}

export async function signOut() {
  await remove("session");
  sessionStorage.clear();
  me = null;
}

export function forget() {
  me = null;
}
