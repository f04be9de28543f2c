// Form parts, each with its label tied to it, and forms that say what is wrong where it is.

import { h } from "../dom.js";
import { t } from "../strings.js";
import { sentence } from "./states.js";

let count = 0;

/** A labelled input. `more` goes to the input; `hint` is read with it. */
export function field(label, name, { type = "text", hint = null, options = null, ...more } = {}) {
  const id = `field-${(count += 1)}`;
  const described = hint ? { "aria-describedby": `${id}-hint` } : {};
  const { value, ...rest } = more;
  let input;
  if (options) {
    input = h("select", { id, name, ...described, ...rest }, options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)));
  } else if (type === "area") {
    input = h("textarea", { id, name, ...described, ...rest, value: value ?? "" });
  } else {
    input = h("input", { id, name, type, ...described, ...rest, value: type === "checkbox" ? null : (value ?? "") });
  }
  const text = h("label", { for: id }, label);
  return type === "checkbox"
    ? h("div.field.check", input, text, hint && h("p.hint", { id: `${id}-hint` }, hint))
    : h("div.field", text, input, hint && h("p.hint", { id: `${id}-hint` }, hint));
}

/** A form: `send(values)` does the work; what it throws is shown above the button. */
export function form(parts, send, { submit = t("save"), extra = [], kind = "primary" } = {}) {
  const wrong = h("p.wrong", { role: "alert", hidden: true });
  const button = h(`button.${kind}`, { type: "submit" }, submit);
  const node = h("form", { novalidate: false }, parts, wrong, h("div.actions", extra, button));
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.hidden = true;
    button.disabled = true;
    try {
      await send(Object.fromEntries(new FormData(node)), node);
    } catch (error) {
      wrong.textContent = sentence(error);
      wrong.hidden = false;
    }
    button.disabled = false;
  });
  return node;
}

/** One of a few choices, side by side. `choices` are [key, text]. */
export function choice(label, choices, chosen, onchange) {
  const buttons = choices.map(([key, text]) =>
    h("button", { type: "button", "aria-pressed": String(key === chosen), onclick: () => pick(key) }, text),
  );
  const pick = (key) => {
    choices.forEach(([other], at) => buttons[at].setAttribute("aria-pressed", String(other === key)));
    onchange(key);
  };
  return h("div.choice", { role: "group", "aria-label": label }, buttons);
}
