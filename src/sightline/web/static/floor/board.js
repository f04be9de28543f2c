// A floor plan on the page: its drawing or a grid, its walls, what cameras see, and the cameras.

import { url } from "../api.js";
import { isDark, onScheme } from "../canvas/scheme.js";
import { marks } from "../canvas/grids.js";
import { stage } from "../canvas/stage.js";
import { h } from "../dom.js";
import { t } from "../strings.js";
import { Paper } from "./paper.js";
import { People } from "./people.js";

const COLOURS = {
  light: { ground: "#f7f9fa", mesh: "#dfe5ea", wall: "#33414d", view: "27 95 138", edge: "#1b5f8a" },
  dark: { ground: "#10171d", mesh: "#212d37", wall: "#b7c4cf", view: "109 182 227", edge: "#6db6e3" },
};
const KINDS = { online: "good", degraded: "warn", failed: "bad", offline: "bad", revoked: "none" };

/** `over(pen, paper)` paints between the drawing and the cameras; `marker(camera)` is an element
 *  that stands for one, null for none. Returns {node, paper, canvas, show(plan), hear(frame), again,
 *  place, close}: whoever hears frames sees people where they walk. */
export function board(plan, { over = null, marker = pin, views = true, image = null } = {}) {
  let paper = new Paper(plan);
  let picture = null;
  let standing = "";
  const view = stage(t("plan.label", { name: plan.name }), paper.aspect, paint);
  const pins = h("div.pins");
  view.node.classList.add("floor");
  view.node.append(pins);
  const people = new People(plan);
  const offScheme = onScheme(view.again);
  let beat = 0;
  let aim = null; // where keys point, in metres
  load();
  place();

  function load() {
    picture = null;
    const source = image ?? (plan.drawing && url(`plans/${encodeURIComponent(plan.name)}/drawing`, { v: plan.drawing.sha256.slice(0, 12) }));
    if (!source) return;
    const coming = new Image();
    coming.onload = () => {
      picture = coming;
      view.again();
    };
    coming.src = source;
  }

  function paint(pen) {
    const look = COLOURS[isDark() && !picture ? "dark" : "light"]; // drawings are light
    backdrop(pen, look);
    if (plan.walls.length) walls(pen, look);
    if (views && !over) plan.cameras.forEach((one) => sight(pen, look, one));
    over?.(pen, paper);
    people.paint(pen, paper);
    if (aim) marks(pen, [paper.at(aim)], [""]);
  }

  function backdrop({ context, width, height }, look) {
    context.fillStyle = look.ground;
    context.fillRect(0, 0, width, height);
    if (picture) {
      context.globalAlpha = isDark() ? 0.82 : 1;
      context.drawImage(picture, 0, 0, width, height);
      context.globalAlpha = 1;
      return;
    }
    context.strokeStyle = look.mesh;
    context.lineWidth = 1;
    context.beginPath();
    const [across, down] = [(paper.mesh / paper.width) * width, (paper.mesh / paper.height) * height];
    for (let x = across; x < width - 1; x += across) line(context, x, 0, x, height);
    for (let y = down; y < height - 1; y += down) line(context, 0, y, width, y);
    context.stroke();
  }

  function walls({ context, at }, look) {
    context.strokeStyle = look.wall;
    context.lineWidth = 3;
    context.lineJoin = context.lineCap = "round";
    context.beginPath();
    for (const wall of plan.walls) {
      wall.forEach((point, number) => context[number ? "lineTo" : "moveTo"](...at(...paper.at(point))));
    }
    context.stroke();
  }

  function sight({ context, at }, look, { sees }) {
    if (sees.length < 3) return;
    context.beginPath();
    sees.forEach((point, number) => context[number ? "lineTo" : "moveTo"](...at(...paper.at(point))));
    context.closePath();
    context.fillStyle = `rgb(${look.view} / 13%)`;
    context.fill();
    context.strokeStyle = `rgb(${look.view} / 55%)`;
    context.lineWidth = 1.2;
    context.stroke();
  }

  /** Only where something has moved: whoever has the focus keeps it. */
  function place() {
    people.show(plan);
    const now = JSON.stringify([plan.cameras, plan.size, plan.origin, plan.upwards]);
    if (now === standing) return;
    standing = now;
    pins.replaceChildren(...plan.cameras.map(put).filter(Boolean));
  }

  function put(one) {
    const node = marker(one, paper);
    if (!node) return null;
    const [across, down] = paper.at([one.x, one.y]);
    node.classList.toggle("west", across > 0.6); // its name stands on the other side
    node.style.setProperty("left", `${across * 100}%`);
    node.style.setProperty("top", `${down * 100}%`);
    return node;
  }

  function tick() {
    beat = requestAnimationFrame(tick);
    if (people.step()) view.again();
  }

  return {
    node: view.node,
    hear(frame) {
      people.hear(frame);
      beat ||= requestAnimationFrame(tick);
    },
    cameras: () => people.cameras,
    aim(point) {
      aim = point;
      view.again();
    },
    canvas: view.canvas,
    again: view.again,
    close() {
      cancelAnimationFrame(beat);
      offScheme();
      view.close();
    },
    /** Where a pointer is, in the plan's metres. */
    place: (event) => paper.metres(view.place(event)),
    get paper() {
      return paper;
    },
    show(next, { picture: other = image } = {}) {
      const drawn = next.drawing?.sha256 !== plan.drawing?.sha256 || other !== image || next.name !== plan.name;
      plan = next;
      image = other;
      paper = new Paper(plan);
      view.shape(paper.aspect);
      if (drawn) load();
      place();
      view.again();
    },
  };
}

/** A camera as a link that says how it is. */
export function pin(camera, paper) {
  const said = t("plan.pin", { name: camera.camera, state: t(`state.${camera.state}`) });
  return h("a.pin", { href: `/cameras/${encodeURIComponent(camera.camera)}`, data: { kind: KINDS[camera.state] ?? "warn" }, "aria-label": said, title: said }, nose(camera, paper), h("span.name", camera.camera));
}

const FORMS = {
  good: () => h("circle", { r: 5 }),
  warn: () => h("path", { d: "M0 -6.500L6.500 0L0 6.500L-6.500 0Z" }),
  bad: () => h("rect", { x: -5, y: -5, width: 10, height: 10 }),
  none: () => h("circle", { r: 4, class: "hollow" }),
};

/** The sign of a camera, its nose where it looks; the form says how it is, as the colour does. */
export const nose = (camera, paper) =>
  h(
    "svg",
    { viewBox: "-12 -12 24 24", class: "nose", "aria-hidden": "true" },
    h("path", { class: "cone", d: "M0 0L-7 -11A13 13 0 0 1 7 -11Z", transform: `rotate(${facing(camera, paper)})` }),
    FORMS[kindOf(camera.state)](),
  );

/** Degrees from the top: to the middle of what it sees, else as it was told. */
function facing({ x, y, turn, metres, sees = [] }, paper) {
  if (metres === "camera" || sees.length < 3) return turn;
  const [across, along] = [0, 1].map((axis) => sees.reduce((sum, point) => sum + point[axis], 0) / sees.length);
  const [right, down] = paper.step([across - x, along - y]);
  return (Math.atan2(right, -down) * 180) / Math.PI;
}

export const kindOf = (state) => KINDS[state] ?? "warn";

function line(context, x1, y1, x2, y2) {
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
}
