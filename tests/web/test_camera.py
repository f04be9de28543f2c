"""One camera's page: its log, its picture behind the boxes, and what left it."""

import io
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hubkit import NOW, Speaker
from hubrun import KEYBOARD, RunningHub, running_hub
from PIL import Image
from visits import PASSWORD, Visit

from sightline.hub.gateway.base import Arrival
from sightline.hub.simulation.identity import identities
from sightline.web import mount
from sightline.wire import topics
from sightline.wire.control import Health, Result, encode_control

EVIL = '<img src=x onerror="window.stolen=1">'
PICTURE = {
    "id": "p1", "camera": "front", "asked_by": "ada", "asked_ns": NOW, "reason": "a test",
    "time_ns": NOW, "arrived_ns": NOW, "policy": "redacted", "sha256": "00", "bytes": 900,
}  # fmt: skip
MIDDLE = """() => {
  const canvas = document.querySelector(".stage canvas");
  const [x, y] = [canvas.width / 2, canvas.height / 2];
  return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
}"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    folder = tmp_path_factory.mktemp("site")
    with running_hub(folder / "hub", mount) as running:
        for role in ("viewer", "operator"):
            running.do(running.services.people.add_user(KEYBOARD, "", role, role, PASSWORD))
        token, _ = running.do(running.services.registry.give_out("test"))
        running.do(identities(running.url, token, ["front"], folder / "keys"))
        running.hear(Speaker("front").announce())
        yield running


@pytest.fixture
def visit(browser: Any, hub: RunningHub) -> Iterator[Any]:
    opened: list[Visit] = []

    def make(name: str) -> Visit:
        opened.append(Visit(browser, hub.url, name, viewport={"width": 1280, "height": 900}))
        return opened[-1]

    yield make
    for one in opened:
        assert one.complaints == []
        one.context.close()


def test_the_log_is_asked_for_and_shown_as_text(visit: Any, hub: RunningHub) -> None:
    page = visit("operator").go("/cameras/front")
    with page.expect_response(re.compile(r"/commands$")) as asked:
        page.get_by_role("button", name="Read its log").click()
    id = asked.value.json()["id"]
    said = encode_control(Result(id, True, ["the camera is running", EVIL]))
    hub.arrive(Arrival("front", topics.up("front", "result", id), said, NOW))
    page.wait_for_selector(".log pre")
    assert page.inner_text(".log pre").splitlines() == ["the camera is running", EVIL]
    assert page.evaluate("window.stolen") is None


def test_a_camera_that_refuses_says_why(visit: Any, hub: RunningHub) -> None:
    page = visit("operator").go("/cameras/front")
    with page.expect_response(re.compile(r"/commands$")) as asked:
        page.get_by_role("button", name="Read its log").click()
    id = asked.value.json()["id"]
    said = encode_control(Result(id, False, error="no such command"))
    hub.arrive(Arrival("front", topics.up("front", "result", id), said, NOW))
    page.wait_for_selector(".log .wrong:has-text('no such command')")


def test_a_viewer_may_not_ask(visit: Any) -> None:
    page = visit("viewer").go("/cameras/front")
    page.wait_for_selector("text=Nothing to complain about")
    assert page.get_by_role("button", name="Read its log").count() == 0


def test_a_picture_that_was_let_out_lies_behind_the_boxes(visit: Any) -> None:
    seen = visit("operator")
    drawn = io.BytesIO()
    Image.new("RGB", (64, 36), (250, 0, 0)).save(drawn, "JPEG")

    def redacted(route: Any) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "desired": {"privacy": {"policy": "redacted"}}})

    seen.page.route("**/cameras/front/twin", redacted)
    listed = {"items": [PICTURE], "next": None}
    seen.page.route("**/front/pictures?*", lambda route: route.fulfill(json=listed))
    seen.page.route(
        "**/pictures/p1/image",
        lambda route: route.fulfill(body=drawn.getvalue(), content_type="image/jpeg"),
    )
    page = seen.go("/cameras/front")
    page.get_by_role("button", name="Look", exact=True).click()
    page.wait_for_function("() => document.querySelector('dialog img').naturalWidth === 64")
    page.get_by_role("button", name="Lay it behind the live view").click()
    page.wait_for_function(f"() => {{ const [r, g] = ({MIDDLE})(); return r > 120 && g < 60; }}")
    page.get_by_role("button", name="Take the picture away").click()
    page.wait_for_function(f"() => {{ const [r, g] = ({MIDDLE})(); return g > 120; }}")


def test_health_is_drawn_as_it_was(visit: Any, hub: RunningHub) -> None:
    now = time.time_ns()
    for minutes in range(5):
        at = now - minutes * 60 * 10**9
        said = Health("front", "boot-1", at, "running", fps=9.0, memory_mb=100, temperature_c=40)
        hub.arrive(Arrival("front", topics.up("front", "health"), encode_control(said), at))
    page = visit("viewer").go("/cameras/front")
    for title in ("Frames a second", "Waiting to be sent, in KB", "Memory and temperature"):
        page.wait_for_selector(f".chart[aria-label='{title}'] canvas")
