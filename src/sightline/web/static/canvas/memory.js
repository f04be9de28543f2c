// What the last seconds of a camera's metadata looked like: the newest objects, where they
// came from, and how old that is.

const TRAIL_MS = 4000;
const GONE_MS = 3000; // a camera that says nothing for so long is shown as silent

export class Memory {
  #trails = new Map();
  objects = [];
  capturedMs = 0;
  arrivedMs = 0;
  frames = 0;

  /** Take in one frame: `objects` are {label, score, box, track}, `capturedMs` its time. */
  see(objects, capturedMs, nowMs) {
    if (capturedMs < this.capturedMs - 60e3) this.#trails.clear();
    this.objects = objects;
    this.capturedMs = capturedMs;
    this.arrivedMs = nowMs;
    this.frames += 1;
    for (const { track, box } of objects) {
      if (track === null || track === undefined) continue;
      let trail = this.#trails.get(track);
      if (!trail) this.#trails.set(track, (trail = []));
      trail.push([(box[0] + box[2]) / 2, box[3], capturedMs]);
    }
    for (const [track, trail] of this.#trails) {
      while (trail.length && trail[0][2] < capturedMs - TRAIL_MS) trail.shift();
      if (!trail.length) this.#trails.delete(track);
    }
  }

  get trails() {
    return this.#trails;
  }

  silent(nowMs) {
    return !this.arrivedMs || nowMs - this.arrivedMs > GONE_MS;
  }
}
