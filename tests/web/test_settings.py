"""Settings that look after the site: what is kept, what may leave, and how the hub is linked."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hubrun import RunningHub
from place import let_in, staffed_place
from visits import Visit, visits

from sightline.hub.store import keeping
from sightline.hub.twin import twins
from sightline.wire.control import Reported


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    with staffed_place(tmp_path_factory.mktemp("settings")) as running:
        for name in ("door", "yard"):
            let_in(running, name, {"site": "oslo"})
        said = Reported(0, "applied", {"model": "x", "privacy": {"policy": "redacted"}})
        write = running.services.database.write
        running.do(write(lambda connection: twins.report(connection, "door", said, 1)))
        yield running


@pytest.fixture
def visit(browser: Any, hub: RunningHub) -> Iterator[Callable[..., Visit]]:
    with visits(browser, hub) as make:
        yield make


def of_frames(page: Any) -> str:
    return str(page.inner_text("section[aria-label='Of all cameras'] li:has-text('Frames')"))


def test_how_long_things_are_kept(hub: RunningHub, visit: Callable[..., Visit]) -> None:
    page = visit("ada").go("/settings/retention")
    assert "30 days" in of_frames(page)
    page.click("[aria-label='Change how long to keep: Frames']")
    page.fill("dialog input[name=days]", "1")
    page.click("dialog button[type=submit]")
    page.wait_for_selector("text=hub.yaml says 30 days")
    assert "1 day" in of_frames(page)
    assert hub.do(hub.services.database.read(keeping.wished)) == {"frames": 1}
    page.click("[aria-label='Change how long to keep: Frames']")
    page.click("dialog >> text=Back to 30 days")
    page.wait_for_selector("text=hub.yaml says", state="detached")
    assert hub.do(hub.services.database.read(keeping.wished)) == {}


def test_one_camera_keeps_otherwise(hub: RunningHub, visit: Callable[..., Visit]) -> None:
    page = visit("operator").go("/settings/retention")
    assert not page.query_selector("[aria-label^='Change how long']")  # for administrators alone
    page.click("button:has-text('Keep otherwise')")
    page.select_option("dialog select[name=name]", "yard")
    page.click("dialog button[type=submit]")
    page.fill("dialog input[name=pictures]", "2")
    page.click("dialog button[type=submit]")
    page.wait_for_selector("li:has-text('yard'):has-text('Pictures: 2 days')")
    assert hub.do(hub.services.registry.show("yard")).keeps == {"pictures": 2}


def test_the_policy_of_many_at_once(hub: RunningHub, visit: Callable[..., Visit]) -> None:
    page = visit("operator").go("/settings/privacy")
    assert "Redacted" in page.inner_text("tr:has-text('door')")
    assert "Not told yet" in page.inner_text("tr:has-text('yard')")
    page.check("thead input[type=checkbox]")
    page.click("button:has-text('Set the policy')")
    page.select_option("dialog select[name=policy]", "roi")
    page.fill("dialog input[name=classes]", "face, car")
    page.click("dialog button[type=submit]")
    page.wait_for_selector("tr:has-text('door'):has-text('to become: Only these')")
    for name in ("door", "yard"):
        desired = hub.do(hub.services.twins.show(name)).desired
        assert desired["privacy"] == {"policy": "roi", "classes": ["face", "car"]}
    page.fill("main input[type=search]", "name=yard")
    page.wait_for_selector("tr:has-text('door')", state="detached")
    assert page.url.endswith("?q=name%3Dyard")


def test_a_viewer_sees_policies_and_changes_none(visit: Callable[..., Visit]) -> None:
    page = visit("viewer").go("/settings/privacy")
    page.wait_for_selector("tr:has-text('door')")
    assert not page.query_selector("main table input[type=checkbox]")
    assert page.locator("nav.tabs a").all_inner_texts() == ["You", "Privacy"]


def test_how_the_hub_is_linked(hub: RunningHub, visit: Callable[..., Visit]) -> None:
    page = visit("ada").go("/settings/links")
    told = page.inner_text("main")
    assert hub.url in told
    assert "SQLite" in told
    assert "by password" in told
