// Dark or light, as the person chose it or as the system says.

/** Whether the page is dark now. */
export const dark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};
