"""The dashboard over a real hub in a real browser, as people of each role use it."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hubkit import SECOND, Speaker
from hubrun import RunningHub
from place import let_in, staffed_place
from visits import PASSWORD, Visit

from sightline.hub.deployments.plan import LEAST, MOST
from sightline.hub.registry.cameras import CameraChange
from sightline.wire.messages import Event

EVIL = '<img src=x onerror="window.stolen=1">'
PAGES = (
    "/", "/wall", "/cameras/front", "/analytics", "/events", "/alerts", "/fleet", "/plans",
    "/models", "/deployments", "/settings",
)  # fmt: skip
ALL_PAGES = (
    *PAGES,
    "/cameras/front/edit",
    "/settings/people",
    "/settings/retention",
    "/settings/privacy",
    "/settings/links",
    "/settings/audit",
    "/welcome",
)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    with staffed_place(tmp_path_factory.mktemp("site")) as running:
        let_in(running, "front", {"site": "<b>oslo</b>"})
        running.do(running.services.registry.change("front", CameraChange(note=EVIL)))
        now = time.time_ns() - 60 * SECOND
        speaker = Speaker("front", now_ns=now)
        events = [
            Event("line.crossed", now + i * SECOND, EVIL, "front", i, EVIL, (0.5, 0.5),
                  {"direction": "in" if i % 2 else "out", "note": EVIL})
            for i in range(40)
        ]  # fmt: skip
        running.hear(speaker.announce(), speaker.say(*events), speaker.frames([2, 3, 2] * 130))
        yield running


@pytest.fixture
def visit(browser: Any, hub: RunningHub) -> Iterator[Any]:
    opened: list[Visit] = []

    def make(name: str, **context: Any) -> Visit:
        opened.append(Visit(browser, hub.url, name, **context))
        return opened[-1]

    yield make
    for one in opened:
        one.context.close()


@pytest.mark.parametrize("name", ["ada", "operator", "viewer"])
def test_every_page_opens_without_a_complaint_and_runs_no_foreign_markup(
    visit: Any, name: str
) -> None:
    seen = visit(name)
    for path in ALL_PAGES if name == "ada" else PAGES:
        page = seen.go(path)
        page.wait_for_timeout(250)
        assert page.evaluate("window.stolen") is None, path
        assert page.locator("text=That did not work").count() == 0, path
        assert page.title().endswith("Sightline"), path
    assert seen.complaints == []


def test_who_is_not_signed_in_sees_the_door_and_comes_back(browser: Any, hub: RunningHub) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{hub.url}/events")
    page.wait_for_selector("input[name=password]")
    page.fill("input[name=name]", "viewer")
    page.fill("input[name=password]", "not the password")
    page.click("button.primary")
    page.wait_for_selector(".wrong:not([hidden])")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.primary")
    page.wait_for_selector("nav.places")
    assert page.url.endswith("/events")
    context.close()


def test_a_viewer_is_offered_nothing_that_is_not_his(visit: Any) -> None:
    seen = visit("viewer")
    page = seen.go("/cameras/front")
    assert page.get_by_text("Draw lines and zones").count() == 0
    assert seen.go("/fleet").get_by_text("Let a camera in").count() == 0
    assert "needs the role" in seen.go("/cameras/front/edit").inner_text("main")
    assert seen.go("/settings/people").locator(".tabs a").all_inner_texts() == ["You", "Privacy"]


def test_an_event_is_played_again(visit: Any) -> None:
    page = visit("viewer").go("/events")
    page.click("text=Replay >> nth=0")
    page.wait_for_selector("dialog .player")
    before = page.input_value("dialog input[type=range]")
    page.wait_for_timeout(1200)
    assert float(page.input_value("dialog input[type=range]")) > float(before)


def test_a_camera_is_let_in_by_a_command(visit: Any) -> None:
    page = visit("operator").go("/fleet")
    page.click("text=Let a camera in")
    page.fill("input[name=tags]", "site=oslo")
    page.click("dialog button.primary")
    page.wait_for_selector("dialog pre")
    command = page.inner_text("dialog pre")
    assert re.search(r"sightline camera --hub http://\S+ --token slt_[0-9a-f]{40} SOURCE", command)
    assert page.locator("dialog img.qr").evaluate("(one) => one.naturalWidth") > 50


def test_a_rule_that_is_wrong_shows_where(visit: Any) -> None:
    page = visit("operator").go("/alerts")
    page.click("text=Add a rule")
    page.fill("dialog input[name=name]", "slow")
    page.fill("dialog textarea", "health.fsp < 5")
    page.click("dialog button.primary")
    page.wait_for_selector(".wrong-rule:not([hidden])")
    assert "^" in page.inner_text(".wrong-rule")
    page.fill("dialog textarea", "health.fps < 5")
    page.click("dialog button.primary")
    page.wait_for_selector("code:has-text('health.fps < 5')")


def test_a_lost_hub_is_said_and_comes_back(visit: Any) -> None:
    seen = visit("viewer")
    page = seen.go("/fleet")
    page.route("**/api/v1/**", lambda route: route.abort())
    page.route("**/healthz", lambda route: route.abort())
    page.click("nav.places a[data-place=models]")
    page.wait_for_selector(".lost:not([hidden])")
    page.unroute("**/api/v1/**")
    page.unroute("**/healthz")
    page.wait_for_selector(".lost", state="hidden")
    page.wait_for_selector("main:not([aria-busy]) h1:has-text('Models')")


@pytest.mark.parametrize("width", [390, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen(visit: Any, width: int, scheme: str) -> None:
    seen = visit("ada", viewport={"width": width, "height": 844}, color_scheme=scheme)
    for path in PAGES:
        page = seen.go(path)
        page.wait_for_timeout(150)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide at {width}"


def test_the_gate_is_that_of_the_hub(script: Any) -> None:
    shown = script("deployments/gate.js", "(module) => module.LIMITS")
    assert shown == {
        **{name: {"least": limit} for name, limit in LEAST.items()},
        **{name: {"most": limit} for name, limit in MOST.items()},
    }
