// The fleet on its floor plans, kept as it is.

import { get } from "../api.js";
import { h } from "../dom.js";
import { t } from "../strings.js";
import { planCard } from "./card.js";

/** {node, refresh(), hear(frame), close}; nothing is to be seen where there are no plans. */
export function fleetMap() {
  const cards = new Map();
  const node = h("section.plans", { "aria-label": t("plans.title"), hidden: true });

  async function refresh() {
    const { items } = await get("plans").catch(() => ({ items: null }));
    if (!items) return;
    const names = new Set(items.map((plan) => plan.name));
    for (const [name, card] of cards) if (!names.has(name)) drop(name, card);
    for (const plan of items) {
      if (cards.has(plan.name)) cards.get(plan.name).show(plan);
      else cards.set(plan.name, planCard(plan));
    }
    for (const plan of items) if (!cards.get(plan.name).node.isConnected) node.append(cards.get(plan.name).node);
    node.hidden = !items.length;
  }

  function drop(name, card) {
    card.close();
    card.node.remove();
    cards.delete(name);
  }

  return { node, refresh, hear: (frame) => cards.forEach((card) => card.hear(frame)), close: () => cards.forEach((card) => card.close()) };
}
