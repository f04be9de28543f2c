// One beat of the screen for everything that moves; it rests while nothing does.

const moving = new Set();
let asked = 0;

function beat() {
  asked = requestAnimationFrame(beat);
  const now = Date.now();
  for (const step of moving) step(now);
}

/** Call `step(ms since 1970)` with each frame of the screen. Returns a function that ends it. */
export function onBeat(step) {
  moving.add(step);
  asked ||= requestAnimationFrame(beat);
  return () => {
    moving.delete(step);
    if (moving.size) return;
    cancelAnimationFrame(asked);
    asked = 0;
  };
}
