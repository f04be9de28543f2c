// Who is signed in, and what they may do.

import { authorise, get, post, remove, Refused } from "./api.js";

const RANK = { viewer: 1, operator: 2, admin: 3 };
let me = null;

/** The person who is signed in, or null. */
export const current = () => me;

/** Whether their role is at least `role`. */
export const may = (role) => me !== null && RANK[me.role] >= RANK[role];

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
