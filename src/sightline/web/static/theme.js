// What anybody has typed is never parsed as markup: the policy of the page asks here before an
// element is made of text, and only what empties one may be. Charts begin so.
globalThis.trustedTypes?.createPolicy("default", { createHTML: (text) => (text === "" ? "" : null) });

// Runs before the first paint, so that a chosen theme never flashes the other one.
const chosen = localStorage.getItem("sightline.theme");
if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
