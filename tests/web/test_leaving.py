"""Pages that wait for a slow hub, and what becomes of their questions when they are left."""

from collections.abc import Iterator
from typing import Any

import pytest
from hubrun import RunningHub
from place import busy_place
from visits import Visit, visits


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    with busy_place(tmp_path_factory.mktemp("leaving"), days=1) as running:
        yield running


@pytest.fixture
def visit(browser: Any, hub: RunningHub) -> Iterator[Visit]:
    with visits(browser, hub) as make:
        yield make("ada")


def never(visit: Visit, path: str) -> list[Any]:
    """The hub answers no question about `path`; those that were asked."""
    held: list[Any] = []
    visit.page.route(f"**/api/v1/{path}*", lambda route: held.append(route))
    return held


def to(visit: Visit, place: str) -> None:
    visit.page.click(f"nav.places a[data-place={place}]")


def test_a_page_stands_while_the_hub_thinks(visit: Visit) -> None:
    page = visit.go("/settings")
    never(visit, "cameras")
    to(visit, "fleet")
    page.wait_for_selector("main h1:has-text('Fleet')")
    assert page.inner_text("main .busy")
    assert page.evaluate("document.querySelector('[aria-current=page]').dataset.place") == "fleet"


def test_a_page_that_is_left_asks_no_more_and_the_next_one_waits_for_nothing(visit: Visit) -> None:
    page = visit.go("/settings")
    given_up: list[str] = []
    page.on("requestfailed", lambda one: given_up.append(one.failure))
    held = never(visit, "series")
    to(visit, "analytics")
    page.wait_for_selector("main section .busy")
    assert len(held) >= 6  # as many as a browser has connections for
    to(visit, "alerts")
    page.wait_for_selector("main h2:has-text('Rules')")
    assert given_up
    assert {*given_up} == {"net::ERR_ABORTED"}
    page.wait_for_timeout(300)
    assert page.inner_text("main h1") == "Alerts"  # nobody draws over the page that is shown


def test_live_pictures_end_with_a_page_that_was_left_before_it_was_there(visit: Visit) -> None:
    page = visit.go("/settings")
    sockets: list[Any] = []
    page.on("websocket", lambda one: sockets.append(one))
    never(visit, "events")
    to(visit, "overview")
    page.wait_for_selector("main .busy")
    to(visit, "settings")
    page.wait_for_selector("main h1:has-text('Settings')")
    for _ in range(100):
        if sockets and all(one.is_closed() for one in sockets):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{len(sockets)} connections, not all closed")
