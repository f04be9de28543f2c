"""One story in a browser, with a hub and a camera as people start them: from an empty hub to a
counting line, an alert that fires, a network that is rolled out, and an event seen again."""

import http.server
import json
import re
import shlex
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starting import CLI, Started
from visits import PASSWORD, PATIENCE_MS, THERE, Visit

from sightline.cli.demo_cameras import demo_package

SOURCE = "scene:entrance?live=1&size=320x180&fps=6&busy=3"
AGENT = {"agent": {"health_s": 1, "measures_s": 2, "flush_s": 0.2}}
LINE = ((0.3, 0.62), (0.95, 0.62))  # across the way to the rendered door
NARRATOR = """
window.drawn = [];
const stroke = CanvasRenderingContext2D.prototype.strokeRect;
CanvasRenderingContext2D.prototype.strokeRect = function (x, y, w, h) {
  const { canvas } = this;
  const [width, height] = [canvas.width / devicePixelRatio, canvas.height / devicePixelRatio];
  window.drawn.push([canvas.ariaLabel, x / width, y / height, w / width, h / height]);
  return stroke.call(this, x, y, w, h);
};
"""


class Place:
    """A hub, `page` of its administrator, and a camera called door."""

    def __init__(self, folder: Path, browser: Any) -> None:
        self.folder, self.browser = folder, browser
        self.hub = Started(folder / "site", "--allow", "loopback")
        self.url = self.hub.url
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script(NARRATOR)
        self.page = context.new_page()
        self.page.set_default_timeout(2 * PATIENCE_MS)
        self.camera: subprocess.Popen[bytes] | None = None

    def go(self, path: str) -> Any:
        self.page.goto(f"{self.url}{path}")
        self.page.wait_for_selector(THERE)
        return self.page

    def run(self, command: str) -> None:
        """Do on this machine what the page says, and call the camera door."""
        config = self.folder / "door.yaml"
        config.write_text(json.dumps(AGENT))
        program, *words = shlex.split(command)
        assert program == "sightline"
        more = ["--name", "door", "--state", str(self.folder / "door"), "--config", str(config)]
        with (self.folder / "door.log").open("wb") as log:
            self.camera = subprocess.Popen([*CLI, *words, *more], stdout=log, stderr=log)

    def until(self, path: str, selector: str) -> None:
        """Come back to a page until it shows something."""
        for _ in range(60):
            if self.go(path).locator(selector).count():
                return
            time.sleep(0.5)
        pytest.fail(f"{path} never showed {selector}: {self.page.inner_text('main')[:400]}")

    def end(self) -> None:
        if self.camera is not None:
            self.camera.terminate()
            self.camera.wait(30)
        self.page.context.close()
        self.hub.end()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Place]:
    """Set up from empty, with a camera let in by its command and a line that has counted."""
    made = Place(tmp_path_factory.mktemp("story"), browser)
    try:
        _set_up(made)
        _let_in(made)
        _draw(made)
        yield made
    finally:
        made.end()


def _set_up(place: Place) -> None:
    page = place.page
    page.goto(place.hub.setup_link())
    page.fill("input[name=name]", "ada")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_selector("main:not([aria-busy]) h1:has-text('Two steps')")


def _let_in(place: Place) -> None:
    page = place.page
    page.get_by_role("button", name="I have a camera").click()
    page.fill("dialog input[name=tags]", "site=oslo")
    page.fill("dialog input[name=source]", SOURCE)
    page.click("dialog button.primary")
    page.wait_for_selector("dialog pre")
    place.run(page.inner_text("dialog pre"))
    page.get_by_role("button", name="Close").click()


def _draw(place: Place) -> None:
    page = place.page
    page.get_by_role("link", name="Draw the first line").click()
    canvas = page.locator(".stage.easel canvas")
    canvas.wait_for()
    page.wait_for_selector("button[aria-pressed=true]:has-text('Line')")
    box = canvas.bounding_box()
    for x, y in LINE:
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("main:not([aria-busy]) h1:has-text('door')")
    page.wait_for_selector("li:has-text('line 1: crossed the line')")


class _Office(http.server.BaseHTTPRequestHandler):
    told: list[dict[str, Any]]

    def do_POST(self) -> None:
        self.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def office() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Where a webhook leads, and what it was told."""
    told: list[dict[str, Any]] = []
    handler = type("Office", (_Office,), {"told": told})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook", told
        server.shutdown()


def test_a_rule_is_put_together_fires_is_told_and_seen(
    place: Place, office: tuple[str, list[dict[str, Any]]]
) -> None:
    address, told = office
    page = place.go("/alerts")
    page.get_by_role("button", name="Add a channel").click()
    page.fill("dialog input[name=name]", "office")
    page.fill("dialog input[name=url]", address)
    page.fill("dialog input[name=secret]", "a secret of sixteen and more")
    page.click("dialog button.primary")
    page.wait_for_selector("li:has-text('office')")
    page.get_by_role("button", name="Add a rule").click()
    page.fill("dialog input[name=name]", "busy door")
    page.get_by_label("Tell me when").select_option("often")
    page.get_by_label("Line", exact=True).fill("line 1")
    page.get_by_label("More often than").fill("0")
    written = 'events("line.crossed", line="line 1", within=10 min) > 0'
    assert page.input_value("dialog textarea") == written
    page.get_by_label("For which cameras").fill("site=oslo")
    page.get_by_label("Say instead").fill("people at the door")
    page.get_by_label("office").check()
    page.click("dialog button.primary")
    page.wait_for_selector(f"code:has-text('{written}')")
    row = page.locator("tr:has-text('people at the door')")
    row.wait_for()
    until(lambda: told)
    assert told[0]["what"] == "raised"
    assert told[0]["alert"]["camera"] == "door"
    row.get_by_role("button", name="Who was told").click()
    page.wait_for_selector("dialog li:has-text('office: raised')")
    page.wait_for_selector("dialog li:has-text('delivered')")
    page.get_by_role("button", name="Close").click()
    row.get_by_role("button", name="I have seen it").focus()
    with page.expect_response("**/api/v1/alerts?*"):
        """The page looks again by itself, and whoever is at a button stays there."""
    page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    page.wait_for_selector("h2:has-text('Nothing is open')")
    page.get_by_role("button", name="Seen", exact=True).click()
    page.locator("tr:has-text('people at the door'):has-text('ada')").wait_for()


def until(what: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _begin(page: Any, **more: str) -> None:
    """Fill the rest of the window: one camera, soon, on a machine that has other work."""
    page.wait_for_selector("dialog select[name=model]")
    plan = {"to": "site=oslo", "canary": "1", "shadow_s": "3", "watch_s": "1", **more}
    for name, value in plan.items():
        page.fill(f"dialog [name={name}]", value)
    page.click("dialog summary")
    limits = {"agreement": 0, "counts": 0, "fps": 0, "latency_ratio": 1000, "errors": 50}
    for name, limit in limits.items():
        page.fill(f"dialog input[name='gate:{name}']", str(limit))
    page.click("dialog button.primary")
    page.wait_for_selector(".tiles")


def _state(page: Any, word: str) -> None:
    page.wait_for_selector(f".sub .state:text-is('{word}')")


def _order(page: Any, verb: str) -> None:
    page.locator("header.head").get_by_role("button", name=verb, exact=True).click()
    page.locator("dialog .actions button").last.click()


def test_a_package_is_uploaded_rolled_out_and_rolled_back(place: Place) -> None:
    page = place.go("/models")
    page.set_input_files("input[type=file]", str(demo_package(place.folder, ("people", "1.0.0"))))
    page.wait_for_selector("dialog:has-text('people 1.0.0 was checked and taken in')")
    checked = page.locator("dialog .checks li").all_inner_texts()
    assert [one for one in checked if "Whole: one file" in one]
    assert [one for one in checked if "nobody this hub trusts" in one]
    page.locator("dialog").get_by_role("button", name="Roll out").click()
    page.wait_for_selector("h1:has-text('Rollouts')")
    page.wait_for_selector("dialog select[name=model]")
    assert page.input_value("dialog select[name=model]") == "people:1.0.0"
    _begin(page)
    assert page.inner_text("h1") == "people 1.0.0"
    _state(page, "Running")
    _order(page, "Pause")
    _state(page, "Paused")
    page.get_by_role("button", name="Go on").click()
    _state(page, "Done")
    page.wait_for_selector("td .state:text-is('Done')")
    story = page.inner_text(".story")
    for word in ("goes first, as canary", "shadow", "Watched", "Paused", "Done"):
        assert word in story, story
    address = page.url.removeprefix(place.url)
    place.until("/cameras/door", ".sub:has-text('people 1.0.0')")
    place.go(address)
    _order(page, "Roll back")
    _state(page, "Rolled back")
    page.wait_for_selector("td .state:text-is('Back')")
    place.until("/cameras/door", ".sub:not(:has-text('people 1.0.0'))")


def test_a_rollout_is_aborted(place: Place) -> None:
    page = place.go("/deployments")
    page.get_by_role("button", name="Begin a rollout").click()
    _begin(page, patch='{"detect": {"score": 0.45}}', watch_s="600")
    _state(page, "Running")
    page.wait_for_selector("td .state:text-is('Trying')")
    _order(page, "Abort")
    _state(page, "Aborted")
    page.wait_for_selector("td .state:text-is('Back')")
    answer = page.request.get(f"{place.url}/api/v1/cameras/door/twin")
    assert "detect" not in answer.json()["desired"]


def test_an_event_is_seen_again_as_what_was_stored(place: Place) -> None:
    page = place.go("/events")
    page.locator("tr:has-text('line 1') >> nth=0").get_by_role("button", name="Replay").click()
    page.wait_for_selector("dialog .player")
    label = "The minute around the event, as boxes"
    shown = f"window.drawn.filter(([of]) => of === '{label}')"
    page.wait_for_function(f"() => new Set({shown}.map((one) => one[1])).size > 5")
    page.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(100)
    before = page.input_value("dialog input[type=range]")
    boxes = page.evaluate(shown)
    stored = _stored(page, place)
    assert {_rounded(one[1:]) for one in boxes} <= stored
    page.wait_for_timeout(300)
    assert page.input_value("dialog input[type=range]") == before
    page.focus("dialog input[type=range]")
    page.keyboard.press("Home")
    assert page.input_value("dialog input[type=range]") < before


def _stored(page: Any, place: Place) -> set[tuple[int, ...]]:
    """Boxes of all that the hub keeps, near enough for a canvas."""
    found, cursor = set(), ""
    while cursor is not None:
        query = {"limit": "1000", "cursor": cursor}
        told = page.request.get(f"{place.url}/api/v1/cameras/door/frames", params=query).json()
        for frame in told["items"]:
            for one in frame["objects"]:
                x1, y1, x2, y2 = one["box"]
                found.add(_rounded((x1, y1, x2 - x1, y2 - y1)))
        cursor = told["next"]
    return found


def _rounded(box: Any) -> tuple[int, ...]:
    return tuple(round(value * 400) for value in box)


def test_a_viewer_sees_it_all_and_is_offered_nothing(place: Place) -> None:
    page = place.go("/settings/people")
    page.get_by_role("button", name="Let somebody in").click()
    page.fill("dialog input[name=name]", "viewer")
    page.fill("dialog input[name=password]", PASSWORD)
    page.click("dialog button.primary")
    page.wait_for_selector("td:has-text('viewer')")
    seen = Visit(place.browser, place.url, "viewer")
    for path, what in (
        ("/alerts", "busy door"), ("/models", "people 1.0.0"), ("/deployments", "people 1.0.0"),
    ):  # fmt: skip
        one = seen.go(path)
        one.wait_for_selector(f"main >> text={what}")
        assert (
            one.get_by_role("button", name=re.compile("Add|Upload|Begin|Roll|Change")).count() == 0
        )
    one.locator("td a").first.click()
    one.wait_for_selector(".tiles")
    assert one.locator("header.head button").count() == 0
    assert seen.complaints == []
    seen.context.close()
