"""Many cameras at once in a real browser: which, how soon, and nothing for nobody."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hubrun import KEYBOARD, RunningHub, running_hub
from visits import PASSWORD, Visit

from sightline.hub.registry.cameras import CameraChange
from sightline.hub.simulation.identity import identities
from sightline.hub.simulation.simulation import Simulation
from sightline.web import mount

NAMES = [f"cam-{number}" for number in range(1, 13)]
SHOWN = "() => [...document.querySelectorAll('.wall figcaption a')].map((one) => one.textContent)"
# Every badge that is on screen says how old its picture is.
ALIVE = """() => [...document.querySelectorAll(".wall figure")]
  .filter((one) => one.getBoundingClientRect().top >= 0)
  .filter((one) => one.getBoundingClientRect().bottom <= innerHeight)
  .every((one) => /^[\\d,]+ ms ago$/.test(one.querySelector(".badge").textContent))"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    folder = tmp_path_factory.mktemp("site")
    with running_hub(folder / "hub", mount) as running:
        running.do(running.services.people.add_user(KEYBOARD, "", "viewer", "viewer", PASSWORD))
        registry = running.services.registry
        token, _ = running.do(registry.give_out("test", tags={}, uses=len(NAMES)))
        known = running.do(identities(running.url, token, NAMES, folder / "keys"))
        for name in NAMES[:5]:
            running.do(registry.change(name, CameraChange(tags={"site": "oslo"})))
        stopped = asyncio.Event()

        async def live() -> None:
            async with Simulation(known, fps=5, people=3):
                await stopped.wait()

        living = running.start(live())
        yield running
        running.call(stopped.set)
        living.result(30)


@pytest.fixture
def visit(browser: Any, hub: RunningHub) -> Iterator[Callable[..., Visit]]:
    opened: list[Visit] = []

    def make(**context: Any) -> Visit:
        opened.append(Visit(browser, hub.url, "viewer", **context))
        return opened[-1]

    yield make
    for one in opened:
        assert [said for said in one.complaints if "422" not in said] == []
        one.context.close()


def until(done: Callable[[], Any]) -> None:
    for _ in range(600):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def test_all_cameras_are_live_and_hurry_while_somebody_looks(
    visit: Callable[..., Visit], hub: RunningHub
) -> None:
    page = visit(viewport={"width": 1440, "height": 900}).go("/wall")
    assert page.evaluate(SHOWN) == sorted(NAMES)
    page.wait_for_function(ALIVE)
    assert set(hub.services.watchers.watched) == set(NAMES)
    page.click("nav.places a[data-place=models]")
    until(lambda: not hub.services.watchers.watched)


def test_a_link_shows_the_same(visit: Callable[..., Visit], hub: RunningHub) -> None:
    page = visit(viewport={"width": 1440, "height": 900}).go("/wall")
    page.get_by_role("button", name="4", exact=True).click()
    page.wait_for_function(f"() => ({SHOWN})().length === 4")
    page.get_by_role("button", name="Next").click()
    page.wait_for_selector("text=5 to 8 of 12")
    second = page.evaluate(SHOWN)
    other = visit().go(page.url.removeprefix(hub.url))
    assert other.evaluate(SHOWN) == second == sorted(NAMES)[4:8]
    page.fill("input[type=search]", "site=oslo")
    page.wait_for_selector("text=1 to 4 of 5")
    page.fill("input[type=search]", "am-12")
    page.wait_for_function(f"() => ({SHOWN})().join() === 'cam-12'")
    page.fill("input[type=search]", "site=((")
    page.wait_for_selector("p.wrong:not([hidden])")
    page.fill("input[type=search]", "nobody")
    page.wait_for_selector("text=No camera is meant by this")


def test_only_what_is_on_screen_is_drawn(visit: Callable[..., Visit]) -> None:
    page = visit(viewport={"width": 390, "height": 844}).go("/wall")
    page.wait_for_function(ALIVE)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    page.evaluate(
        """() => {
          window.drawn = new Set();
          const clear = CanvasRenderingContext2D.prototype.clearRect;
          CanvasRenderingContext2D.prototype.clearRect = function (...args) {
            window.drawn.add(this.canvas.ariaLabel);
            return clear.apply(this, args);
          };
        }"""
    )
    page.wait_for_timeout(1500)
    first, last = (
        f"What {name} sees now, as boxes" for name in (sorted(NAMES)[0], sorted(NAMES)[-1])
    )
    drawn = page.evaluate("[...window.drawn]")
    assert first in drawn
    assert last not in drawn
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_function("(last) => window.drawn.has(last)", arg=last)


def test_a_page_that_nobody_sees_lets_its_cameras_rest(
    visit: Callable[..., Visit], hub: RunningHub
) -> None:
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page = visit(viewport={"width": 1440, "height": 900}).go("/wall?n=4")
    until(lambda: len(hub.services.watchers.watched) == 4)
    page.evaluate(hide, True)
    until(lambda: not hub.services.watchers.watched)
    page.evaluate(hide, False)
    until(lambda: len(hub.services.watchers.watched) == 4)
    page.wait_for_function(ALIVE)
