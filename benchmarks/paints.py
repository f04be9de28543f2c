"""`make paints`: how soon the dashboard is seen, against a hub on this machine.

The first useful paint is timed by the browser from the navigation to the first pixels of
content, and to the first numbers, or the plan, on screen. A change of page is timed in
the page, from the click on the menu to the frame that shows the new heading, and to the one in
which nothing is awaited any more.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from chromium import chromium
from place import busy_place
from rich.console import Console
from rich.table import Table
from visits import Visit

from benchmarks.site import FLOOR, floor_plan, large_place

_MENU = ("analytics", "events", "alerts", "fleet", "models", "deployments", "settings")
_PAINTED = """() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null"""
_CAMERA = "main figcaption a[href^='/cameras/']"
_PLANS, _PLAN = "main a[href='/plans']", f"main a[href='/plans/{FLOOR}']"
_COLD = {  # what an address shows once it has something to say
    "overview": ("/", "main .tile strong"),
    "analytics": ("/analytics", "main .tile strong"),
    "a floor plan": (f"/plans/{FLOOR}", "main canvas"),
}
_NOW = "() => performance.now()"
# Two frames: the one in which the heading is there, and the one that says it was drawn.
_CHANGE = """(link) => new Promise((done) => {
  const before = document.querySelector("main").firstElementChild;
  const began = performance.now();
  document.querySelector(link).click();
  let stood = null;
  const look = () => {
    const now = performance.now() - began;
    const main = document.querySelector("main");
    if (main?.firstElementChild !== before && main?.querySelector("h1")) stood ??= now;
    if (stood === null || main.querySelector(".busy")) return requestAnimationFrame(look);
    requestAnimationFrame(() => done([stood, performance.now() - began]));
  };
  requestAnimationFrame(look);
})"""


def main() -> None:
    """Measure, and print medians and the slowest."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paints", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--large", action="store_true", help="1,000 cameras, 100 M detections")
    given = parser.parse_args()
    rounds, place = given.rounds, large_place if given.large else busy_place
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory(prefix="sightline-paints-") as folder,
        place(Path(folder)) as hub,
        chromium() as browser,
    ):
        floor_plan(hub)
        visit = Visit(browser, hub.url, "ada", viewport={"width": 1440, "height": 900})
        opened: dict[str, list[tuple[float, float]]] = {name: [] for name in _COLD}
        changes: dict[str, list[tuple[float, float]]] = {}
        for _ in range(rounds):
            for name, (path, sign) in reversed(_COLD.items()):
                opened[name].append(_open(visit, path, sign))
            ways = [(name, f"nav.places a[data-place={name}]") for name in (*_MENU, "overview")]
            for name, link in [*ways, ("floor plans", _PLANS), ("a floor plan", _PLAN)]:
                changes.setdefault(name, []).append(_change(visit, link))
            _change(visit, ways[-1][1])
            changes.setdefault("a camera", []).append(_change(visit, _CAMERA))
    _tell(opened, changes, load)


def _open(visit: Visit, path: str, sign: str) -> tuple[float, float]:
    """A page with nothing in the browser's cache: first paint, and when its first sign is there."""
    session = visit.context.new_cdp_session(visit.page)
    session.send("Network.clearBrowserCache")
    session.detach()
    visit.page.goto(f"{visit.url}{path}")
    visit.page.wait_for_selector(sign)
    return visit.page.evaluate(_PAINTED), visit.page.evaluate(_NOW)


def _change(visit: Visit, link: str) -> tuple[float, float]:
    """From a click until the page stands, and until it waits for nothing."""
    visit.page.wait_for_selector(link)
    stood, done = visit.page.evaluate(_CHANGE, link)
    visit.page.wait_for_timeout(200)
    return stood, done


def _tell(
    opened: dict[str, list[tuple[float, float]]],
    changes: dict[str, list[tuple[float, float]]],
    load: float,
) -> None:
    title = f"the dashboard in Chromium, load average {load:.1f} on {os.cpu_count()} cores"
    table = Table("milliseconds", "median", "slowest", "asked", "all there, median", title=title)
    told = [(f"first paint of {name}, cold cache", pairs, "1500") for name, pairs in opened.items()]
    told += [(f"to {name}", pairs, "300") for name, pairs in changes.items()]
    for name, pairs, asked in told:
        stood, done = zip(*pairs, strict=True)
        there = f"{statistics.median(done):.0f}"
        table.add_row(name, f"{statistics.median(stood):.0f}", f"{max(stood):.0f}", asked, there)
    Console(width=None if os.isatty(1) else 100).print(table)


if __name__ == "__main__":
    main()
