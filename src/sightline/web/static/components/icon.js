// The signs of the dashboard: strokes on a grid of 24, drawn in the colour of the text.

import { h } from "../dom.js";

const PATHS = {
  eye: ["M2.500 12c2.800-4.700 6-7 9.500-7s6.700 2.300 9.500 7c-2.800 4.700-6 7-9.500 7s-6.700-2.300-9.500-7z", "M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z"],
  overview: ["M4 4h7v9H4z", "M13 4h7v5h-7z", "M13 11h7v9h-7z", "M4 15h7v5H4z"],
  analytics: ["M4 20V4", "M4 20h16", "M8 16l4-5 3 3 5-7"],
  events: ["M5 6h14", "M5 12h14", "M5 18h9"],
  alerts: ["M6 17V11a6 6 0 0 1 12 0v6l2 2H4z", "M10 21h4"],
  fleet: ["M3 8h12v9H3z", "M15 11l6-3v9l-6-3"],
  camera: ["M3 8h12v9H3z", "M15 11l6-3v9l-6-3"],
  models: ["M12 3l8 4.500v9L12 21l-8-4.500v-9z", "M4 7.500l8 4.500 8-4.500", "M12 12v9"],
  deployments: ["M12 16V4", "M7 9l5-5 5 5", "M4 16v4h16v-4"],
  settings: ["M4 7h10", "M18 7h2", "M16 5v4", "M4 17h2", "M10 17h10", "M8 15v4"],
  theme: ["M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z"],
  leave: ["M10 4H4v16h6", "M9 12h11", "M16 8l4 4-4 4"],
  wall: ["M4 5h7v6H4z", "M13 5h7v6h-7z", "M4 13h7v6H4z", "M13 13h7v6h-7z"],
  whole: ["M4 9V4h5", "M15 4h5v5", "M20 15v5h-5", "M9 20H4v-5"],
  warning: ["M12 4l9 16H3z", "M12 10v4", "M12 17v.5"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  plus: ["M12 5v14", "M5 12h14"],
  more: ["M6 12h.01", "M12 12h.01", "M18 12h.01"],
  play: ["M7 5l12 7-12 7z"],
  pause: ["M8 5v14", "M16 5v14"],
  stop: ["M6 6h12v12H6z"],
  undo: ["M9 7L4 12l5 5", "M4 12h10a5 5 0 0 1 0 10h-2"],
  redo: ["M15 7l5 5-5 5", "M20 12H10a5 5 0 0 0 0 10h2"],
  trash: ["M4 7h16", "M9 7V4h6v3", "M6 7l1 13h10l1-13"],
  line: ["M5 19L19 5", "M5 19h.01", "M19 5h.01"],
  zone: ["M4 8l8-4 8 6-3 10H7z"],
  shelf: ["M4 4h16v16H4z", "M4 12h16", "M10 4v16", "M15 4v16"],
  floor: ["M8 5h8l5 14H3z", "M6 12h12", "M12 5v14"],
  hand: ["M5 4l14 7-6 2-2 6z"],
  download: ["M12 4v12", "M7 11l5 5 5-5", "M4 20h16"],
  link: ["M10 14l4-4", "M8 16l-1 1a4 4 0 0 1-5-5l4-4a4 4 0 0 1 5 0", "M16 8l1-1a4 4 0 0 1 5 5l-4 4a4 4 0 0 1-5 0"],
  search: ["M11 5a6 6 0 1 1 0 12 6 6 0 0 1 0-12z", "M20 20l-4.500-4.500"],
  check: ["M5 12l5 5 9-10"],
  clock: ["M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16z", "M12 8v4l3 2"],
  shield: ["M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6z"],
};

/** A sign that only decorates what stands beside it. */
export const icon = (name) =>
  h(
    "svg",
    { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" },
    (PATHS[name] ?? []).map((d) => h("path", { d })),
  );
