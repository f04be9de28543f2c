// Which page belongs to an address; pages are modules that load when they are first shown.

const PAGES = [
  ["/", "overview"],
  ["/wall", "wall"],
  ["/cameras/:name", "camera"],
  ["/cameras/:name/edit", "editor"],
  ["/analytics", "analytics"],
  ["/events", "events"],
  ["/alerts", "alerts"],
  ["/models", "models"],
  ["/deployments", "deployments"],
  ["/deployments/:id", "deployment"],
  ["/fleet", "fleet"],
  ["/plans", "plans"],
  ["/plans/:name", "plan"],
  ["/settings", "settings"],
  ["/settings/:part", "settings"],
  ["/login", "login"],
  ["/setup", "setup"],
  ["/welcome", "welcome"],
].map(([path, page]) => {
  const names = [];
  const pattern = path.replace(/:(\w+)/g, (_, name) => {
    names.push(name);
    return "([^/]+)";
  });
  return { pattern: new RegExp(`^${pattern}$`), names, page };
});

let show = () => {};

/** Begin: `render(page, parameters)` is called for the address and each change of it. */
export function start(render) {
  show = () => {
    const found = match(location.pathname);
    render(found?.page ?? "missing", found?.parameters ?? {});
  };
  addEventListener("popstate", show);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey) return;
    if (link.origin !== location.origin || link.target || link.hasAttribute("download")) return;
    if (link.pathname.startsWith("/api/") || (link.pathname === location.pathname && link.hash)) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
  show();
}

/** Fetch the pages that are not shown yet, so that going there waits for nothing. */
export const preload = () => Promise.all([...new Set(PAGES.map(({ page }) => page))].map(load));

/** The module of a page. */
export const load = (page) => import(`./pages/${page}.js`);

/** The page of a path, with what its address says. */
export function match(path) {
  for (const { pattern, names, page } of PAGES) {
    const found = pattern.exec(path);
    if (found) {
      const values = found.slice(1).map(read);
      if (values.includes(null)) return null;
      return { page, parameters: Object.fromEntries(names.map((name, at) => [name, values[at]])) };
    }
  }
  return null;
}

function read(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return null; // a mistyped %
  }
}

/** Go to an address of the dashboard. */
export function go(address, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"]({}, "", address);
  show();
}

/** What the address asks for besides its path. */
export const query = () => Object.fromEntries(new URLSearchParams(location.search));

/** Keep a view's settings in the address, so that a link shows the same; no new history. */
export function remember(values) {
  const search = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === "") search.delete(key);
    else search.set(key, value);
  }
  const text = search.toString();
  history.replaceState({}, "", location.pathname + (text ? `?${text}` : ""));
}
