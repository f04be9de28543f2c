// Live metadata of cameras on one connection, which heals by itself. A page that nobody looks at
// hears nothing, so that its cameras need not hurry.

import { Away, get } from "../api.js";
import { unreachable } from "./connection.js";

const FIRST_MS = 500;
const LONGEST_MS = 10000;
const HIDDEN_MS = 5000;

/** `heard(message)` is told each frame, event and presence; `state("open" | "lost")` how the
 *  connection is. Returns a function that ends it. */
export function live(cameras, { fps = 10, heard, state = () => {} }) {
  let socket = null;
  let ended = false;
  let wait = FIRST_MS;
  let timer = 0;
  let leaving = 0;

  function connect() {
    clearTimeout(timer);
    if (ended || socket || document.hidden) return;
    const query = new URLSearchParams({ fps: String(fps), cameras: cameras.join(",") });
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const mine = (socket = new WebSocket(`${scheme}//${location.host}/api/v1/live?${query}`));
    mine.addEventListener("open", () => {
      wait = FIRST_MS;
      state("open");
    });
    mine.addEventListener("message", (event) => heard(JSON.parse(event.data)));
    mine.addEventListener("close", () => {
      if (socket !== mine) return;
      socket = null;
      lost();
    });
  }

  function lost() {
    state("lost");
    timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_MS);
    // Why it was lost: a hub that is away is said once for all, and who is signed out is told so.
    get("me").catch((error) => !ended && error instanceof Away && unreachable(connect));
  }

  function looked() {
    clearTimeout(leaving);
    if (document.hidden) leaving = setTimeout(rest, HIDDEN_MS);
    else connect();
  }

  function rest() {
    const held = socket;
    socket = null;
    held?.close();
  }

  if (cameras.length) {
    document.addEventListener("visibilitychange", looked);
    connect();
  }
  return () => {
    ended = true;
    document.removeEventListener("visibilitychange", looked);
    clearTimeout(timer);
    clearTimeout(leaving);
    rest();
  };
}
