// Heat on a floor or a picture: presence as colour, flow as arrows.

// Light to dark, told apart with every kind of colour vision: yellow, orange, red, violet.
const STOPS = [[255, 226, 92], [250, 160, 40], [214, 69, 52], [122, 28, 109]];
const ARROWS = 26; // across, at most
const FAINT = 0.02; // of the most: less is nobody

/** Colour of a share of the most, 0 to 1: [r, g, b]. */
export function hue(share) {
  const at = Math.min(0.9999, Math.max(0, share)) * (STOPS.length - 1);
  const first = Math.floor(at);
  return STOPS[first].map((value, part) => Math.round(value + (at - first) * (STOPS[first + 1][part] - value)));
}

/** The square root of shares, so that a warm spot does not hide all the rest. */
const lifted = (value, most) => Math.sqrt(Math.max(0, value) / most);

/** Paints presence over all of a pen's picture; `most` is the value of the last colour, which is
 *  the brightest one where it is `dark`. */
export function presence({ context, width, height }, { rows, columns, cells }, most, dark) {
  if (!rows || !most) return;
  const small = new OffscreenCanvas(columns, rows);
  const inner = small.getContext("2d");
  const image = inner.createImageData(columns, rows);
  cells.flat().forEach((value, at) => {
    const share = lifted(value, most);
    image.data.set([...hue(dark ? 1 - share : share), value / most < FAINT / 10 ? 0 : 60 + 160 * share], at * 4);
  });
  inner.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, width, height);
}

/** Paints an arrow for each patch of the grid: where to, how fast, and how many. */
export function flow({ context, width, height }, map, dark) {
  const patches = patchesOf(map);
  const fastest = Math.max(1e-9, ...patches.map((one) => one.speed));
  const busiest = Math.max(1e-9, ...patches.map((one) => one.seconds));
  const reach = (width / Math.min(ARROWS, map.columns)) * 0.92;
  for (const pass of [[dark ? "rgb(8 16 24 / 60%)" : "rgb(255 255 255 / 75%)", 4.5], [dark ? "#ffe25c" : "#7a1c6d", 2]]) {
    [context.strokeStyle, context.lineWidth] = pass;
    context.lineCap = "round";
    for (const { x, y, way, speed, seconds } of patches) {
      context.globalAlpha = 0.35 + 0.65 * lifted(seconds, busiest);
      arrow(context, x * width, y * height, Math.atan2(way[1], way[0]), reach * (0.35 + (0.65 * speed) / fastest));
    }
  }
  context.globalAlpha = 1;
}

function arrow(context, x, y, turn, length) {
  const [dx, dy] = [(Math.cos(turn) * length) / 2, (Math.sin(turn) * length) / 2];
  context.beginPath();
  context.moveTo(x - dx, y - dy);
  context.lineTo(x + dx, y + dy);
  for (const side of [2.55, -2.55]) {
    context.moveTo(x + dx, y + dy);
    context.lineTo(x + dx + 0.36 * length * Math.cos(turn + side), y + dy + 0.36 * length * Math.sin(turn + side));
  }
  context.stroke();
}

/** Squares put together until arrows have room: the mean way, by how long people were there. */
function patchesOf({ rows, columns, cells, flow: ways }) {
  const step = Math.ceil(columns / ARROWS);
  const found = [];
  for (let top = 0; top < rows; top += step) {
    for (let left = 0; left < columns; left += step) {
      let [seconds, across, down, n] = [0, 0, 0, 0];
      for (let row = top; row < Math.min(rows, top + step); row += 1) {
        for (let column = left; column < Math.min(columns, left + step); column += 1) {
          seconds += cells[row][column];
          across += ways[row][column][0] * cells[row][column];
          down += ways[row][column][1] * cells[row][column];
          n += 1;
        }
      }
      if (!seconds) continue;
      const way = [across / seconds, down / seconds];
      found.push({ x: (left + step / 2) / columns, y: (top + step / 2) / rows, way, speed: Math.hypot(...way), seconds: seconds / n });
    }
  }
  const most = Math.max(0, ...found.map((one) => one.seconds));
  return found.filter((one) => one.seconds >= FAINT * most && one.speed > 0);
}

/** The most that is worth a colour of its own: the busiest square but for a few. */
export function mostOf(maps) {
  const all = maps.flatMap((map) => map.cells.flat()).filter((value) => value > 0).sort((a, b) => a - b);
  return all.length ? all[Math.floor((all.length - 1) * 0.995)] : 0;
}

/** The middle of the busiest square, as shares of the sheet; null where nobody was. */
export function warmest({ rows, columns, cells }) {
  const flat = cells.flat();
  const at = flat.indexOf(Math.max(...flat));
  return flat[at] > 0 ? { x: ((at % columns) + 0.5) / columns, y: (Math.floor(at / columns) + 0.5) / rows, seconds: flat[at] } : null;
}
