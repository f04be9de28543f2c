"""The frame around the pages: the way to each of them, by mouse, by keyboard, on a telephone."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hubrun import RunningHub
from place import staffed_place
from visits import Visit

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
_IN_VIEW = """(one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && right > left;
}"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    with staffed_place(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def wide(browser: Any, hub: RunningHub) -> Iterator[Visit]:
    seen = Visit(browser, hub.url, "ada")
    yield seen
    seen.context.close()


def test_an_address_that_leads_nowhere_is_a_page(wide: Visit, hub: RunningHub) -> None:
    for path in ("/nowhere", "/cameras/a/b/c", "/cameras/%E0%A4%A"):
        page = wide.go(path)
        assert page.inner_text("main h1") == "There is no such page"
    page.click("text=To the overview")
    page.wait_for_url(f"{hub.url}/")


@pytest.mark.parametrize(("system", "first"), [("dark", "light"), ("light", "dark")])
def test_the_other_look_is_one_press_away_and_stays(
    browser: Any, hub: RunningHub, system: str, first: str
) -> None:
    seen = Visit(browser, hub.url, "ada", color_scheme=system)
    page = seen.go("/")
    chosen = "document.documentElement.dataset.theme"
    button = page.get_by_role("button", name="Dark or light").first
    assert page.evaluate(chosen) is None
    button.click()
    assert page.evaluate(chosen) == first
    button.click()
    assert page.evaluate(chosen) == system
    seen.go("/events")
    assert page.evaluate(chosen) == system
    seen.context.close()


def test_programs_are_told_as_ever_where_nothing_is(hub: RunningHub) -> None:
    with httpx.Client(base_url=hub.url) as client:
        person = client.get("/nowhere", headers={"accept": "text/html"})
        assert (person.status_code, "default-src 'none'" in str(person.headers)) == (404, True)
        for path, accept in (("/nowhere", "*/*"), ("/api/v1/nowhere", "text/html")):
            answer = client.get(path, headers={"accept": accept})
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "application/problem+json"
        assert client.post("/events").status_code == 405


def test_on_a_telephone_every_place_and_the_way_out_is_at_hand(
    browser: Any, hub: RunningHub
) -> None:
    seen = Visit(browser, hub.url, "ada", **PHONE)
    page = seen.go("/")
    links = page.locator("nav.places a:visible")
    assert links.count() >= 4
    for number in range(links.count()):
        assert links.nth(number).evaluate(_IN_VIEW)
    page.get_by_role("button", name="More", exact=True).tap()
    dialog = page.locator("dialog[open]")
    for place in ("Fleet", "Models", "Rollouts", "Settings"):
        assert dialog.get_by_role("link", name=place).evaluate(_IN_VIEW)
    assert dialog.locator("p").inner_text() == "ada, Administrator"
    dialog.get_by_role("link", name="Settings").tap()
    page.wait_for_selector("main h1:has-text('Settings')")
    assert page.locator("dialog").count() == 0
    page.get_by_role("button", name="More", exact=True).tap()
    page.get_by_role("button", name="Sign out").tap()
    page.wait_for_selector("input[name=password]")
    seen.context.close()


def test_by_keyboard_alone_one_gets_past_the_menu_and_to_every_place(wide: Visit) -> None:
    page = wide.go("/events")
    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent")
    assert skip == "Skip to the content"
    assert page.locator(".skip").evaluate(_IN_VIEW)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for place in ("models", "settings"):
        page.locator(f"nav.places a[data-place={place}]").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(f"nav.places a[data-place={place}][aria-current=page]")
        page.wait_for_selector("main:focus")


def test_focus_is_seen_wherever_it_is(wide: Visit) -> None:
    page = wide.go("/settings/people")
    stops: list[str] = []
    for _ in range(30):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const one = document.activeElement;
                const { outlineStyle, outlineWidth } = getComputedStyle(one);
                return [one.tagName, outlineStyle !== "none" && parseFloat(outlineWidth) >= 2];
            }"""
        )
        if found[0] == "BODY":
            break
        assert found[1], found
        stops.append(found[0])
    assert len(stops) > 12


def test_a_window_keeps_focus_inside_and_gives_it_back(wide: Visit) -> None:
    page = wide.go("/settings/people")
    opener = page.get_by_role("button", name="Let somebody in")
    opener.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    assert opener.evaluate("(one) => one === document.activeElement")
