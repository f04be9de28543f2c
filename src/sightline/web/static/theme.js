// Runs before the first paint, so that a chosen theme never flashes the other one.
const chosen = localStorage.getItem("sightline.theme");
if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
