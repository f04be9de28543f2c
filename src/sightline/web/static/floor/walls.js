// Walls that somebody draws: click from corner to corner; Enter or a second click ends one.

const SNAP_M = 0.1;

/** Listens on a board while `on()`; `walls()` are those there are, `change(walls, joined)` is told. */
export function drawing(board, { on, walls, change, done }) {
  let open = false;

  board.canvas.addEventListener("click", (event) => {
    if (!on()) return;
    const all = walls();
    const point = snapped(board.paper.within(board.place(event)), open ? all.at(-1).at(-1) : null, event.shiftKey);
    if (!open) change([...all, [point]]);
    else if (same(point, all.at(-1).at(-1))) return end();
    else change([...all.slice(0, -1), [...all.at(-1), point]], true);
    open = true;
    return undefined;
  });

  /** The wall that was begun is finished, or dropped where it has one corner only. */
  function end() {
    const all = walls();
    if (open && all.at(-1)?.length === 1) change(all.slice(0, -1), true);
    open = false;
    done();
  }

  return { end, get open() { return open; } };
}

/** On a grid of a tenth of a metre; level or upright with Shift. */
function snapped(point, before, straight) {
  const [x, y] = point.map((value) => Math.round(Math.round(value / SNAP_M) * SNAP_M * 100) / 100);
  if (!straight || !before) return [x, y];
  return Math.abs(x - before[0]) > Math.abs(y - before[1]) ? [x, before[1]] : [before[0], y];
}

const same = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]) < 2 * SNAP_M;
