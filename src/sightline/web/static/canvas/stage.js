// A canvas in the coordinates of the picture: fractions of its width and height, sharp on
// every screen, and drawn at most once a frame of the screen.

import { h } from "../dom.js";

/** `draw(pen)` paints; call `again()` when something changed, or `now()` within a frame of the
 *  screen. pen: {context, width, height,
 *  at(x, y): [px, px], unit: px a CSS pixel}. */
export function stage(label, aspect, draw) {
  const canvas = h("canvas", { role: "img", "aria-label": label });
  const node = h("div.stage", { style: { "aspect-ratio": String(aspect) } }, canvas);
  const context = canvas.getContext("2d");
  let asked = 0;
  let closed = false;

  function paint() {
    asked = 0;
    if (closed || !canvas.width) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const unit = devicePixelRatio || 1;
    context.setTransform(unit, 0, 0, unit, 0, 0);
    const [width, height] = [canvas.width / unit, canvas.height / unit];
    draw({ context, width, height, at: (x, y) => [x * width, y * height] });
  }

  const again = () => (asked ||= requestAnimationFrame(paint));
  const sizes = new ResizeObserver(([entry]) => {
    const unit = devicePixelRatio || 1;
    canvas.width = Math.round(entry.contentRect.width * unit);
    canvas.height = Math.round(entry.contentRect.height * unit);
    again();
  });
  sizes.observe(node);
  return {
    node,
    canvas,
    again,
    now() {
      cancelAnimationFrame(asked);
      paint();
    },
    shape(next) {
      node.style.setProperty("aspect-ratio", String(next));
    },
    /** Where a pointer is, in fractions of the picture. */
    place(event) {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    },
    close() {
      closed = true;
      cancelAnimationFrame(asked);
      sizes.disconnect();
    },
  };
}
