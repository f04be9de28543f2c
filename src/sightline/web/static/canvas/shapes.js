// How things look on a picture: boxes, trails, lines and zones. Same forms everywhere.

const PALETTE = ["#56b4e9", "#e69f00", "#2fbf94", "#e58bc0", "#f0e442", "#ff8552", "#8fb8ff", "#c0d860"];
const INK = "rgb(255 255 255 / 92%)";
const SMALL = 420; // px across: on smaller pictures lines are finer
const SHADE = "rgb(8 16 24 / 72%)";

/** A colour that stays with an identity. */
export const colourOf = (id) => PALETTE[((id ?? 0) * 7919) % PALETTE.length];

/** The drawn floor: quiet rules of thirds, so that an empty picture is not taken for a fault. */
export function backdrop({ context, width, height }, dark) {
  context.fillStyle = dark ? "#0f161c" : "#dfe6ec";
  context.fillRect(0, 0, width, height);
  context.strokeStyle = dark ? "#1c2831" : "#cfd9e1";
  context.lineWidth = 1;
  context.beginPath();
  for (let at = 1; at < 12; at += 1) {
    context.moveTo((width * at) / 12, 0);
    context.lineTo((width * at) / 12, height);
    context.moveTo(0, (height * at) / 12);
    context.lineTo(width, (height * at) / 12);
  }
  context.stroke();
}

/** A picture that the camera gave out, dimmed so that what is drawn over it stands out. */
export function picture({ context, width, height }, image) {
  context.drawImage(image, 0, 0, width, height);
  context.fillStyle = "rgb(8 16 24 / 30%)";
  context.fillRect(0, 0, width, height);
}

/** Boxes with their names: `objects` are {box, track, label, score}. */
export function boxes(pen, objects, { names = true } = {}) {
  const { context, at } = pen;
  context.lineWidth = 2;
  const said = []; // words that stand already: a crowd is no heap of them
  for (const { box, track, label } of objects) {
    const [x1, y1] = at(box[0], box[1]);
    const [x2, y2] = at(box[2], box[3]);
    context.strokeStyle = colourOf(track);
    context.strokeRect(x1, y1, x2 - x1, y2 - y1);
    if (!names || x2 - x1 <= 24 || said.some(([x, y]) => Math.abs(x - x1) < 74 && Math.abs(y - y1) < 18)) continue;
    tag(pen, track == null ? label : `${label} ${track}`, x1 - 1, y1 - 18);
    said.push([x1, y1]);
  }
}

/** A word on the picture, readable over anything, and never beyond its edge. */
export function tag({ context, width = Infinity, height = Infinity }, text, x, y) {
  if (!text) return;
  context.font = "500 12px system-ui, sans-serif";
  const wide = context.measureText(text).width + 10;
  const [left, top] = [Math.max(0, Math.min(x, width - wide)), Math.max(0, Math.min(y, height - 18))];
  context.fillStyle = SHADE;
  context.beginPath();
  context.roundRect(left, top, wide, 18, 4);
  context.fill();
  context.fillStyle = INK;
  context.fillText(text, left + 5, top + 13);
}

/** Where objects walked: `trails` is a Map of track to [[x, y], …], oldest first. */
export function trails({ context, at }, paths) {
  context.lineWidth = 2;
  context.lineJoin = "round";
  for (const [track, points] of paths) {
    context.strokeStyle = colourOf(track);
    for (let from = 1; from < points.length; from += 1) {
      context.globalAlpha = 0.15 + (0.6 * from) / points.length;
      context.beginPath();
      context.moveTo(...at(...points[from - 1]));
      context.lineTo(...at(...points[from]));
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/** A counting line with an arrow to where "in" is. */
export function line(pen, { name, points }, { colour = "#f0e442", text = null, bold = false } = {}) {
  const { context, at } = pen;
  const [[x1, y1], [x2, y2]] = points.map(([x, y]) => at(x, y));
  stroke(context, colour, bold, () => {
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
  });
  const [mx, my] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  // Walking from the first to the second point, "in" is from the left hand to the right hand.
  const [nx, ny] = [-(y2 - y1) / length, (x2 - x1) / length];
  stroke(context, colour, bold, () => arrow(context, mx, my, mx + nx * 26, my + ny * 26));
  const label = text ?? name;
  context.font = "500 12px system-ui, sans-serif";
  const wide = context.measureText(label).width + 10;
  tag(pen, label, mx + nx * 34 - (wide * (1 - nx)) / 2, my + ny * 34 - 9);
}

function arrow(context, x1, y1, x2, y2) {
  const turn = Math.atan2(y2 - y1, x2 - x1);
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  for (const side of [2.6, -2.6]) {
    context.moveTo(x2, y2);
    context.lineTo(x2 + 9 * Math.cos(turn + side), y2 + 9 * Math.sin(turn + side));
  }
}

/** A zone, lightly filled; `dash` tells kinds apart for those who do not see the colour. */
export function zone(pen, { name, polygon }, { colour = "#56b4e9", text = null, bold = false, dash = [] } = {}) {
  const { context, at } = pen;
  const corners = polygon.map(([x, y]) => at(x, y));
  const path = () => {
    corners.forEach(([x, y], number) => (number ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
  };
  context.beginPath();
  path();
  context.globalAlpha = bold ? 0.28 : 0.16;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash(dash);
  stroke(context, colour, bold, path);
  context.setLineDash([]);
  const [left, top] = corners.reduce((best, one) => (one[1] < best[1] ? one : best));
  tag(pen, text ?? name, left + 4, top + 4);
}

/** The way of a queue from its head backwards: a ring where it begins. */
export function way({ context, at }, path, colour, bold = false) {
  const [[x, y], ...rest] = path.map(([px, py]) => at(px, py));
  stroke(context, colour, bold, () => {
    context.moveTo(x + 9, y);
    context.arc(x, y, 9, 0, 2 * Math.PI);
    context.moveTo(x, y);
    rest.forEach(([px, py]) => context.lineTo(px, py));
  });
  context.beginPath();
  context.arc(x, y, 4, 0, 2 * Math.PI);
  context.fillStyle = "#ffffff";
  context.fill();
}

function stroke(context, colour, bold, path) {
  const share = context.canvas?.clientWidth < SMALL ? 0.6 : 1;
  for (const [style, width] of [["rgb(8 16 24 / 55%)", bold ? 6 : 4.5], [colour, bold ? 3.2 : 2]]) {
    context.strokeStyle = style;
    context.lineWidth = width * share;
    context.lineCap = "round";
    context.beginPath();
    path();
    context.stroke();
  }
}

/** A corner that can be taken hold of. */
export function handle({ context, at }, [x, y], { active = false, small = false } = {}) {
  const [px, py] = at(x, y);
  context.beginPath();
  context.arc(px, py, active ? 9 : small ? 4.5 : 7, 0, 2 * Math.PI);
  context.fillStyle = active ? "#f0e442" : small ? "rgb(255 255 255 / 55%)" : "#ffffff";
  context.fill();
  context.strokeStyle = "#15202a";
  context.lineWidth = 2;
  context.stroke();
}
