"""`make paints`: how soon the dashboard is seen, against a hub on this machine.

The first useful paint is timed by the browser from the navigation to the first pixels of
content, and to the page's own heading with the numbers under it. A change of page is timed in
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

from benchmarks.site import large_place

_PLACES = ("analytics", "events", "alerts", "fleet", "models", "deployments", "settings")
_PAINTED = """() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null"""
_CAMERA = "main figcaption a[href^='/cameras/']"
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
        visit = Visit(browser, hub.url, "ada", viewport={"width": 1440, "height": 900})
        first, whole, changes = [], [], {place: [] for place in ("overview", *_PLACES, "camera")}
        for _ in range(rounds):
            painted, filled = _open(visit)
            first.append(painted)
            whole.append(filled)
            for place in (*_PLACES, "overview"):
                link = f"nav.places a[data-place={place}]"
                changes[place].append(visit.page.evaluate(_CHANGE, link))
                visit.page.wait_for_timeout(200)
            visit.page.wait_for_selector(_CAMERA)
            changes["camera"].append(visit.page.evaluate(_CHANGE, _CAMERA))
            visit.page.wait_for_timeout(200)
    _tell(first, whole, changes, load)


def _open(visit: Visit) -> tuple[float, float]:
    """The overview with nothing in the browser's cache: first paint, and numbers on screen."""
    session = visit.context.new_cdp_session(visit.page)
    session.send("Network.clearBrowserCache")
    session.detach()
    visit.page.goto(f"{visit.url}/")
    visit.page.wait_for_selector("main .tile strong")
    return visit.page.evaluate(_PAINTED), visit.page.evaluate(_NOW)


def _tell(
    first: list[float], whole: list[float], changes: dict[str, list[list[float]]], load: float
) -> None:
    title = f"the dashboard in Chromium, load average {load:.1f} on {os.cpu_count()} cores"
    table = Table("milliseconds", "median", "slowest", "asked", "all there, median", title=title)
    for name, times, asked in [
        ("first contentful paint, cold cache", first, "1500"),
        ("overview with its numbers, cold cache", whole, "1500"),
    ]:  # fmt: skip
        table.add_row(name, f"{statistics.median(times):.0f}", f"{max(times):.0f}", asked, "")
    for place, pairs in changes.items():
        stood, done = zip(*pairs, strict=True)
        there = f"{statistics.median(done):.0f}"
        table.add_row(
            f"to {place}", f"{statistics.median(stood):.0f}", f"{max(stood):.0f}", "300", there
        )
    Console(width=None if os.isatty(1) else 100).print(table)


if __name__ == "__main__":
    main()
