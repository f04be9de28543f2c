// Live metadata of cameras on one connection, which heals by itself.

const FIRST_MS = 500;
const LONGEST_MS = 10000;

/** `heard(message)` is told each frame, event and presence; `state("open" | "lost")` how the
 *  connection is. Returns a function that ends it. */
export function live(cameras, { fps = 10, heard, state = () => {} }) {
  let socket = null;
  let ended = false;
  let wait = FIRST_MS;
  let timer = 0;

  function connect() {
    const query = new URLSearchParams({ fps: String(fps), cameras: cameras.join(",") });
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(`${scheme}//${location.host}/api/v1/live?${query}`);
    socket.addEventListener("open", () => {
      wait = FIRST_MS;
      state("open");
    });
    socket.addEventListener("message", (event) => heard(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      if (ended) return;
      state("lost");
      timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_MS);
    });
  }

  if (cameras.length) connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    socket?.close();
  };
}
