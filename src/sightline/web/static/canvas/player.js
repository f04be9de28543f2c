// Frames are shown at the pace at which they were taken, as little later as their way here
// allows: how much later follows the lateness of the last frames. A camera that knows that
// somebody looks sends each at once; an older one sends a second's frames together.

import { Memory } from "./memory.js";

const LOOK_BACK_MS = 2500;
const ENOUGH = 0.9; // of the frames that come in time; the rest is shown when it comes
const MOST_MS = 8000; // later, or earlier, than that is no lateness but a clock that is wrong
const WAITING = 600; // frames that are held back at most

export class Player {
  #waiting = [];
  #lately = []; // [when it came, how late]
  #delay = 0;
  memory = new Memory();

  /** Take in a frame as the live stream tells it. */
  hear(frame, now = Date.now()) {
    const captured = frame.time_ns / 1e6;
    const late = now - captured;
    const off = Math.abs(late) > MOST_MS;
    if (!off) this.#learn(late, now);
    this.#waiting.push({ captured, objects: frame.objects, off });
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

  /** How long after it was taken the newest frame was shown, in ms; null before the first.
   *  The camera's clock and ours must agree. */
  get latency() {
    return this.memory.frames ? this.memory.arrivedMs - this.memory.capturedMs : null;
  }

  #learn(late, now) {
    this.#lately.push([now, late]);
    while (this.#lately[0][0] < now - LOOK_BACK_MS) this.#lately.shift();
    const sorted = this.#lately.map(([, one]) => one).sort((a, b) => a - b);
    this.#delay = sorted[Math.ceil(ENOUGH * sorted.length) - 1];
  }
}
