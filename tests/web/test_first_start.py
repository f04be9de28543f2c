"""From nothing to a counting line, as somebody who has just installed it goes."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubrun import RunningHub
from place import staffed_place
from starting import Started
from visits import PASSWORD, Visit

LINE = ((0.3, 0.62), (0.95, 0.62))  # across the way to the rendered door


@pytest.fixture
def started(tmp_path: Path, browser: Any) -> Iterator[Started]:
    hub = Started(tmp_path / "site")
    yield hub
    assert hub.end() == 0, hub.said


def test_from_the_printed_link_to_a_line_that_counts(started: Started, browser: Any) -> None:
    began = time.monotonic()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(started.setup_link())
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Render one for me").click()
    page.get_by_role("link", name="Draw the first line").click()
    canvas = page.locator(".stage.easel canvas")
    canvas.wait_for()
    page.wait_for_selector("button[aria-pressed=true]:has-text('Line')")
    box = canvas.bounding_box()
    for x, y in LINE:
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("main:not([aria-busy]) h1:has-text('rendered-entrance')")
    page.wait_for_selector("li:has-text('line 1: crossed the line')")
    print(f"counted {time.monotonic() - began:.1f} s after the link was opened")
    page.goto(f"{started.url}/events")
    page.wait_for_selector("td:has-text('line 1: crossed the line')")
    context.close()


def test_a_link_opens_the_door_once(started: Started, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    link = started.setup_link()
    page.goto(f"{started.url}/setup")
    page.wait_for_selector("text=Open the link that the hub printed")
    page.goto(link)
    page.fill("input[name=password]", "too short")
    page.fill("input[name=again]", "too short")
    page.get_by_role("button", name="Begin").click()
    assert page.locator("input[name=password]").evaluate("(one) => !one.validity.valid")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD + "!")
    page.get_by_role("button", name="Begin").click()
    assert page.locator("input[name=again]").evaluate("(one) => !one.validity.valid")
    page.fill("input[name=again]", PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_selector("main:not([aria-busy]) h1:has-text('Two steps')")
    context.clear_cookies()
    page.goto(link)
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_selector("p.wrong:has-text('set up already; sign in instead')")
    context.close()


def test_where_no_camera_can_be_rendered_the_command_is_what_there_is(
    browser: Any, tmp_path: Path
) -> None:
    with staffed_place(tmp_path) as hub:
        page = _welcome(browser, hub, "operator")
        assert page.get_by_role("button", name="Render one for me").count() == 0
        page.get_by_role("button", name="I have a camera").click()
        page.fill("input[name=source]", "scene:entrance?live=1")
        page.click("dialog button.primary")
        page.wait_for_selector("dialog pre")
        assert page.inner_text("dialog pre").endswith(" 'scene:entrance?live=1'")
        viewer = _welcome(browser, hub, "viewer")
        assert "needs the role" in viewer.inner_text("main")


def _welcome(browser: Any, hub: RunningHub, name: str) -> Any:
    return Visit(browser, hub.url, name).go("/welcome")
