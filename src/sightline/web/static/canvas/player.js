// Frames come in bunches, because cameras send them so; they are shown at the pace at which
// they were taken, a little later. How much later adapts to the bunches.

import { Memory } from "./memory.js";

const LEAST_MS = 60;
const MOST_MS = 8000;
const WAITING = 600; // frames that are held back at most

export class Player {
  #waiting = [];
  #delay = LEAST_MS;
  memory = new Memory();

  /** Take in a frame as the live stream tells it. */
  hear(frame, now = Date.now()) {
    const captured = frame.time_ns / 1e6;
    const late = now - captured;
    // As late as the latest frame of a bunch, forgotten slowly; a wrong clock is not lateness.
    if (late > 0 && late < MOST_MS) this.#delay = Math.max(late + 30, this.#delay * 0.995, LEAST_MS);
    this.#waiting.push({ captured, objects: frame.objects, off: Math.abs(late) > MOST_MS });
    if (this.#waiting.length > WAITING) this.#waiting.shift();
  }

  /** Show what is due; true where anything changed. */
  step(now = Date.now()) {
    let changed = false;
    while (this.#waiting.length) {
      const [next] = this.#waiting;
      if (!next.off && next.captured + this.#delay > now) break;
      this.#waiting.shift();
      this.memory.see(next.objects, next.captured, now);
      changed = true;
    }
    return changed;
  }

  /** How long ago what is shown was taken, in ms; null before the first frame. */
  latency(now = Date.now()) {
    return this.memory.frames ? now - this.memory.capturedMs : null;
  }
}
