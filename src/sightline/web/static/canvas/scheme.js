// Whether the page is dark now, for what is painted rather than styled.

const media = matchMedia("(prefers-color-scheme: dark)");

/** True where the page is dark, by the person's choice or else the system's. */
export const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : media.matches;
};

/** Calls `action` whenever that changes; returns a function that ends it. */
export function onScheme(action) {
  addEventListener("sightline-theme", action);
  media.addEventListener("change", action);
  return () => {
    removeEventListener("sightline-theme", action);
    media.removeEventListener("change", action);
  };
}
