// Elements without markup strings: text is always text, so a name can never become markup.

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "path", "circle", "rect", "line", "polyline", "polygon", "g"]);

/** An element: h("button.primary", { onclick, disabled }, "Save"). Children that are null or
 *  false are left out; arrays are flattened; keys with null or false are not set. */
export function h(name, props = {}, ...children) {
  if (props === null || typeof props !== "object" || props instanceof Node || Array.isArray(props)) {
    children.unshift(props);
    props = {};
  }
  const [tag, ...classes] = name.split(".");
  const node = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  if (classes.length) node.classList.add(...classes);
  for (const [key, value] of Object.entries(props)) set(node, key, value);
  append(node, children);
  return node;
}

function set(node, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "style") for (const [name, to] of Object.entries(value)) node.style.setProperty(name, to);
  else if (key === "data") Object.assign(node.dataset, value);
  else if (key === "class") node.classList.add(...value.split(" ").filter(Boolean));
  else if (key === "value" || key === "checked" || key === "selected") node[key] = value;
  else node.setAttribute(key, value === true ? "" : value);
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Replace everything inside `node`. */
export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/** Calls `action` at most once in `wait` ms, with the newest arguments. */
export function throttled(action, wait) {
  let timer = 0;
  let held;
  return (...args) => {
    held = args;
    timer ||= setTimeout(() => {
      timer = 0;
      action(...held);
    }, wait);
  };
}

/** Calls `action` once nothing has happened for `wait` ms. */
export function settled(action, wait) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), wait);
  };
}
