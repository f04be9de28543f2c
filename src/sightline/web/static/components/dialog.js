// Windows over the page, on the browser's own <dialog>: focus, Escape and back come with it.

import { h } from "../dom.js";
import { t } from "../strings.js";
import { icon } from "./icon.js";
import { sentence } from "./states.js";

/** Open a window; returns a function that closes it. `content` may be built from that. */
export function dialog(title, content, { wide = false, onClose = null } = {}) {
  const node = h(`dialog${wide ? ".wide" : ""}`, { "aria-label": title });
  const close = () => node.close();
  node.append(
    h("header", h("h2", title), h("button.quiet", { type: "button", onclick: close, "aria-label": t("close") }, icon("close"))),
    h("div.content", typeof content === "function" ? content(close) : content),
  );
  node.addEventListener("close", () => {
    node.remove();
    onClose?.();
  });
  node.addEventListener("click", (event) => event.target === node && close());
  document.body.append(node);
  node.showModal();
  return close;
}

/** Ask before something that cannot be undone; true where the person means it. */
export function confirm(title, text, yes = t("confirm"), { danger = true } = {}) {
  return new Promise((resolve) => {
    let answer = false;
    dialog(
      title,
      (close) => [
        h("p", text),
        h(
          "div.actions",
          h("button", { type: "button", onclick: close }, t("cancel")),
          h(`button.${danger ? "danger" : "primary"}`, { type: "button", onclick: () => ((answer = true), close()) }, yes),
        ),
      ],
      { onClose: () => resolve(answer) },
    );
  });
}

const shelf = h("div.toasts", { role: "status", "aria-live": "polite" });

/** A short note in the corner; an error stays longer. */
export function toast(text, { bad = false } = {}) {
  if (!shelf.isConnected) document.body.append(shelf);
  const note = h(`p.toast${bad ? ".bad" : ""}`, text instanceof Error ? sentence(text) : text);
  shelf.append(note);
  setTimeout(() => note.remove(), bad ? 8000 : 4000);
}

/** Do something that may fail, and say either way. */
export async function attempt(action, done = null) {
  try {
    const value = await action();
    if (done) toast(done);
    return value;
  } catch (error) {
    toast(error, { bad: true });
    return undefined;
  }
}
