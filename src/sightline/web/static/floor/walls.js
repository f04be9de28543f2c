// Walls that somebody draws, by pointer or by keys: from corner to corner; Enter, or the last corner
// once more, ends one.

const SNAP_M = 0.1;
const FAR = 10; // times as far with Shift
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Listens on a board while `on()`; `walls()` are those there are, `change(walls, joined)` is told,
 *  `aimed(point)` where keys point, in metres. */
export function drawing(board, { on, walls, change, done, aimed }) {
  let open = false;
  let aim = null;

  board.canvas.addEventListener("click", (event) => {
    if (!on()) return;
    point(null);
    mark(snapped(board.paper.within(board.place(event)), open ? walls().at(-1).at(-1) : null, event.shiftKey));
  });

  board.canvas.addEventListener("keydown", (event) => {
    if (on() && !event.ctrlKey && !event.metaKey && pressed(event)) event.preventDefault();
  });

  function pressed({ key, shiftKey }) {
    const way = WAYS[key];
    if (way) move(way, SNAP_M * (shiftKey ? FAR : 1));
    else if (key === " ") mark(aim ?? start());
    else if (key === "Backspace" && open) back();
    else return false;
    return true;
  }

  function move(way, far) {
    const [x, y] = aim ?? start();
    const [dx, dy] = board.paper.step(way);
    point(snapped(board.paper.within([x + dx * far, y + dy * far]), null, false));
  }

  /** Where keys begin: at the last corner, else in the middle. */
  const start = () => (open ? walls().at(-1).at(-1) : snapped(board.paper.metres([0.5, 0.5]), null, false));

  function point(to) {
    aim = to;
    board.aim(to);
    if (to) aimed(to);
  }

  /** A corner; the last one once more ends the wall. */
  function mark(corner) {
    const all = walls();
    if (open && same(corner, all.at(-1).at(-1))) return end();
    change(open ? [...all.slice(0, -1), [...all.at(-1), corner]] : [...all, [corner]], open);
    open = true;
    if (aim) point(corner);
    return undefined;
  }

  function back() {
    const all = walls();
    const rest = all.at(-1).slice(0, -1);
    open = rest.length > 0;
    change(open ? [...all.slice(0, -1), rest] : all.slice(0, -1), true);
  }

  /** The wall that was begun is finished, or dropped where it has one corner only. */
  function end() {
    const all = walls();
    if (open && all.at(-1)?.length === 1) change(all.slice(0, -1), true);
    open = false;
    done();
  }

  return { end, rest: () => point(null), get open() { return open; } };
}

/** On a grid of a tenth of a metre; level or upright with Shift. */
function snapped(point, before, straight) {
  const [x, y] = point.map((value) => Math.round(Math.round(value / SNAP_M) * SNAP_M * 100) / 100);
  if (!straight || !before) return [x, y];
  return Math.abs(x - before[0]) > Math.abs(y - before[1]) ? [x, before[1]] : [before[0], y];
}

const same = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]) < 2 * SNAP_M;
