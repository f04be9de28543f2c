// Cameras on a plan that somebody moves, by pointer, touch or keyboard.

import { h } from "../dom.js";
import { t } from "../strings.js";
import { kindOf, nose } from "./board.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP_M = 0.1;
const TURN = 5; // degrees

/** Makes the markers. `of()` is the draft and the board; `choose(name)` and `changed()` are told. */
export function placing(of, { choose, changed, chosen }) {
  let held = null;

  function marker(camera, paper) {
    const name = camera.camera;
    const node = h(
      "button.pin",
      {
        type: "button",
        data: { kind: kindOf(camera.state), camera: name },
        "aria-pressed": String(chosen() === name),
        "aria-label": t("plan.move", { name, x: camera.x, y: camera.y }),
        onclick: () => choose(name),
        onkeydown: (event) => press(event, camera),
        onpointerdown: (event) => take(event, name),
      },
      nose(camera, paper),
      h("span.name", name),
    );
    return node;
  }

  function press(event, { camera, x, y, turn }) {
    const step = STEPS[event.key];
    const { draft, board } = of();
    if (event.key === "Delete") draft.remove(camera);
    else if (step && event.altKey) draft.place(camera, { turn: (turn + TURN * (step[0] - step[1])) % 360 });
    else if (step) {
      const far = STEP_M * (event.shiftKey ? 10 : 1);
      const [dx, dy] = board.paper.step(step);
      const [nx, ny] = board.paper.within([x + dx * far, y + dy * far]);
      draft.place(camera, { x: nx, y: ny });
    } else return;
    event.preventDefault();
    changed();
    board.node.querySelector(`[data-camera="${CSS.escape(camera)}"]`)?.focus();
  }

  function take(event, name) {
    if (event.button) return;
    held = { name, moved: false, from: [event.clientX, event.clientY] };
    addEventListener("pointermove", drag);
    addEventListener("pointerup", drop, { once: true });
    addEventListener("pointercancel", drop, { once: true });
  }

  function drag(event) {
    const far = Math.hypot(event.clientX - held.from[0], event.clientY - held.from[1]);
    if (!held.moved && far < 4) return;
    const { draft, board } = of();
    const [x, y] = board.paper.within(board.place(event));
    draft.place(held.name, { x, y }, { joined: held.moved });
    held.moved = true;
    changed();
  }

  function drop() {
    removeEventListener("pointermove", drag);
    if (held?.moved) choose(held.name);
    held = null;
  }

  return marker;
}
