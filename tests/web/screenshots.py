"""`make screenshots`: the documentation's pictures of the dashboard, of today's pages.

A hub of a shop is filled and served, a browser goes over its pages, and docs/images/ gets one
picture of each: wide and light, and two as a telephone shows them in the dark. What takes a month
to fill is taken of the demonstration.
"""

import io
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from chromium import chromium
from demoplace import demo_place
from PIL import Image
from place import busy_place
from shopfloor import PLAN, furnish
from visits import Visit

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"}
NARROW: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
PAGES = {
    "overview": "/",
    "wall": "/wall",
    "camera": "/cameras/entrance",
    "editor": "/cameras/entrance/edit",
    "plan": f"/plans/{quote(PLAN)}",
    "analytics": "/analytics?span=day",
    "heat": "/analytics?span=day&vs=none&show=heat",
    "analytics-sites": "/analytics?span=week&vs=cameras&q=site%3Doslo&q2=site%3Dbergen",
    "events": "/events",
    "fleet": "/fleet",
    "settings": "/settings/people",
}
PHONE = {"overview-phone": "/", "camera-phone": "/cameras/entrance"}
DEMO = {
    "demo": "/",
    "month": "/analytics?span=month&vs=none",
    "alerts": "/alerts",
    "models": "/models",
    "rollouts": "/deployments",
}
_SETTLE_MS = 5000  # live views fill their trails, charts are drawn
_PATIENCE_MS = 180_000  # a month's heat is read from stored frames
_COLOURS = 256  # fewer turn small marks, such as the dot of "online", into another colour


def main() -> None:
    """Write them all."""
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="sightline-shots-") as folder,
        busy_place(Path(folder)) as hub,
        chromium() as browser,
    ):
        furnish(hub)
        for pages, look in ((PAGES, WIDE), (PHONE, NARROW)):
            take(Visit(browser, hub.url, "ada", reduced_motion="reduce", **look), pages)
    with (
        tempfile.TemporaryDirectory(prefix="sightline-shots-") as folder,
        demo_place(Path(folder)) as url,
        chromium() as browser,
    ):
        take(Visit(browser, url, "ada", reduced_motion="reduce", **WIDE), DEMO)


def take(visit: Visit, pages: dict[str, str]) -> None:
    """A picture of each page."""
    for name, path in pages.items():
        page = visit.go(path)
        page.wait_for_function("() => !document.querySelector('main .busy')", timeout=_PATIENCE_MS)
        page.wait_for_timeout(_SETTLE_MS)
        save(IMAGES / f"{name}.png", page.screenshot())
    visit.context.close()


def save(file: Path, taken: bytes) -> None:
    """With a palette, which a page of flat areas does with: a fraction of the bytes."""
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    small = picture.quantize(_COLOURS, dither=Image.Dither.NONE)
    small.save(file, optimize=True)
    print(f"{file.name}: {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
