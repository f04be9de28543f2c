// Who is where on a floor plan now: what its cameras see, laid on the floor by their calibration.

import { Player } from "../canvas/player.js";
import { colourOf } from "../canvas/shapes.js";

/** `show(plan)`, `hear(frame)`, `step(now)`: true where somebody moved, and `paint(pen, paper)`. */
export class People {
  #players = new Map();
  #floors = new Map();

  constructor(plan) {
    this.show(plan);
  }

  show(plan) {
    this.#floors = new Map(plan.cameras.filter((one) => one.floor?.length).map((one) => [one.camera, one.floor]));
  }

  get cameras() {
    return [...this.#floors.keys()];
  }

  hear(frame) {
    if (!this.#floors.has(frame.camera)) return;
    if (!this.#players.has(frame.camera)) this.#players.set(frame.camera, new Player());
    this.#players.get(frame.camera).hear(frame);
  }

  step(now = Date.now()) {
    let moved = false;
    for (const player of this.#players.values()) moved = player.step(now) || moved;
    return moved;
  }

  paint(pen, paper) {
    for (const [camera, { memory }] of this.#players) {
      const floor = this.#floors.get(camera);
      if (!floor || memory.silent(Date.now())) continue;
      for (const [track, points] of memory.trails) trail(pen, paper, points.map(([x, y]) => metres(floor, x, y)), colourOf(track));
      for (const { box, track } of memory.objects) dot(pen, paper, metres(floor, (box[0] + box[2]) / 2, box[3]), colourOf(track));
    }
  }
}

/** A place on the picture on the floor, null where that is none. */
export function metres(floor, x, y) {
  const [across, along, depth] = floor.map(([a, b, c]) => a * x + b * y + c);
  return depth > 0 ? [across / depth, along / depth] : null;
}

function trail({ context, at }, paper, places, colour) {
  const points = places.filter(Boolean);
  if (points.length < 2) return;
  context.strokeStyle = colour;
  context.globalAlpha = 0.6;
  context.lineWidth = 2;
  context.beginPath();
  points.forEach((point, number) => context[number ? "lineTo" : "moveTo"](...at(...paper.at(point))));
  context.stroke();
  context.globalAlpha = 1;
}

function dot({ context, at }, paper, place, colour) {
  if (!place) return;
  context.beginPath();
  context.arc(...at(...paper.at(place)), 5, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = "rgb(8 16 24 / 70%)";
  context.lineWidth = 1.5;
  context.stroke();
}
