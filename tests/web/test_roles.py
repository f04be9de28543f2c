"""Each role, page by page: what a page offers works, and what is not for the role is not there."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hostile import SHORT, fill
from hubrun import KEYBOARD, RunningHub
from place import staffed_place
from visits import PASSWORD, THERE, Visit

from sightline.hub.api.routes import live
from sightline.hub.auth.users import UserChange
from sightline.hub.store.tables.people import sessions

RANK = {"viewer": 1, "operator": 2, "admin": 3}
PLAN = f"/plans/{quote(SHORT, safe='')}"
PAGES = (
    "/", "/wall", "/cameras/front", "/cameras/front/edit", "/analytics", "/events",
    "/alerts?state=all", "/models", "/deployments", "/fleet", "/plans", PLAN, "/settings",
    "/settings/people", "/settings/tokens", "/settings/cameras", "/settings/retention",
    "/settings/privacy", "/settings/links", "/settings/audit", "/welcome",
)  # fmt: skip
# Where, what it says, the least role for it, and whether one has to see the whole site.
CONTROLS = (
    ("/cameras/front", "Draw lines and zones", "operator", False),
    ("/cameras/front", "Restart the camera", "operator", False),
    ("/cameras/front", "Read its log", "operator", False),
    ("/cameras/front", "Ask for a picture", "operator", False),
    ("/cameras/front/edit", "Save", "operator", False),
    ("/alerts?state=all", "Who was told", "viewer", False),
    ("/alerts?state=all", "I have seen it", "operator", False),
    ("/alerts?state=all", "Add a rule", "operator", True),
    ("/alerts?state=all", "Change", "operator", True),
    ("/alerts?state=all", "Add a channel", "admin", True),
    ("/models", "Upload a package", "operator", False),
    ("/models", "Roll out", "operator", False),
    ("/models", "Forget", "admin", True),
    ("/deployments", "Begin a rollout", "operator", False),
    ("/deployments/{id}", "Abort", "operator", True),
    ("/fleet", "Let a camera in", "operator", True),
    ("/fleet", "choose", "operator", False),
    ("/plans", "Add a floor plan", "operator", True),
    (PLAN, "Save", "operator", True),
    (PLAN, "Remove the plan", "operator", True),
    ("/settings", "People", "admin", True),
    ("/settings", "API tokens", "admin", True),
    ("/settings", "Audit log", "admin", True),
    ("/settings/people", "Let somebody in", "admin", True),
    ("/settings/tokens", "Make a token", "admin", True),
    ("/settings/cameras", "Withdraw", "operator", True),
    ("/settings", "Retention", "operator", True),
    ("/settings", "Privacy", "viewer", False),
    ("/settings", "Links", "admin", True),
    ("/settings/retention", "Change", "admin", True),
    ("/settings/retention", "Keep otherwise", "operator", True),
    ("/settings/privacy", "choose", "operator", False),
    ("/welcome", "I have a camera", "operator", True),
)
PEOPLE = {
    "viewer": ("viewer", ""),
    "operator": ("operator", ""), "some-operator": ("operator", "name=front"),
    "some-admin": ("admin", "name=front"), "ada": ("admin", ""),
}  # fmt: skip
SEEN = """() => [...document.querySelectorAll("main button, main a, main input[type=checkbox]")]
    .filter((one) => one.offsetParent && !one.closest("[hidden]"))
    .map((one) => one.type === "checkbox" ? "choose" : one.innerText.trim())"""
PRESS = """() => {
    for (const one of [...document.querySelectorAll("main button")]) {
        if (one.isConnected && !one.disabled && !/^Withdraw/.test(one.innerText)) one.click();
        document.querySelectorAll("dialog").forEach((two) => two.close());
    }
}"""
ASKS = re.compile(r"/cameras/front/ask$")  # a question that is too long for an address


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    with staffed_place(tmp_path_factory.mktemp("site")) as running:
        fill(running)
        people = running.services.people
        for name, (role, scope) in PEOPLE.items():
            if scope:
                running.do(people.add_user(KEYBOARD, "", name, role, PASSWORD, scope))
        yield running


@pytest.mark.parametrize("name", PEOPLE)
def test_pages_offer_what_the_role_may_and_nothing_else(
    browser: Any, hub: RunningHub, name: str
) -> None:
    role, scope = PEOPLE[name]
    [rollout] = hub.do(hub.services.deployments.newest(1 << 62, 1))
    seen = Visit(browser, hub.url, name, reduced_motion="reduce")
    page = seen.page
    asked: list[tuple[str, str, int]] = []
    page.on("response", lambda it: asked.append((it.request.method, it.url, it.status)))
    for path in (*PAGES, "/deployments/{id}"):
        address = path.format(id=rollout.id)
        asked.clear()
        seen.turn(address).wait_for_timeout(80)
        assert [one for one in asked if one[2] == 403] == [], path
        offered = page.evaluate(SEEN)
        for place, label, least, whole in CONTROLS:
            if place == path:
                may = RANK[role] >= RANK[least] and not (whole and scope)
                assert (label in offered) == may, (path, label, offered)
        if name == "ada":
            continue  # may do all of it, and what she does cannot be done twice
        page.evaluate(PRESS)
        page.wait_for_timeout(60)
        assert [one for one in asked if one[2] == 403] == [], path
        changes = [one for one in asked if one[0] != "GET" and not ASKS.search(one[1])]
        assert changes == [] or role != "viewer", path
    seen.context.close()


def test_a_page_that_is_not_for_a_role_says_for_whom_it_is(browser: Any, hub: RunningHub) -> None:
    seen = Visit(browser, hub.url, "viewer")
    for path, words in (
        ("/cameras/front/edit", "Drawing needs the role"),
        ("/welcome", "Letting cameras in needs"),
    ):
        assert words in seen.go(path).inner_text("main")
    seen.context.close()


def test_a_control_that_is_no_longer_for_one_says_so(browser: Any, hub: RunningHub) -> None:
    """The page of an operator stands there still; another tab has signed in as a viewer."""
    seen = Visit(browser, hub.url, "operator")
    page = seen.go("/cameras/front")
    other = seen.context.new_page()
    other.goto(f"{hub.url}/login")
    for who, words in (("operator", "The camera restarts"), ("viewer", "viewer is signed in now")):
        other.goto(f"{hub.url}/login")
        other.fill("input[name=name]", who)
        other.fill("input[name=password]", PASSWORD)
        other.click("button.primary")
        other.wait_for_selector("nav.places")
        page.get_by_role("button", name="Restart the camera").click()
        page.wait_for_selector(f".toast:has-text('{words}')")
    page.reload()
    page.wait_for_selector(THERE)
    assert page.get_by_role("button", name="Restart the camera").count() == 0
    seen.context.close()


def test_a_role_that_was_taken_away_ends_at_the_door(browser: Any, hub: RunningHub) -> None:
    people = hub.services.people
    hub.do(people.add_user(KEYBOARD, "", "bob", "operator", PASSWORD))
    seen = Visit(browser, hub.url, "bob")
    page = seen.go("/cameras/front")
    hub.do(people.change_user(KEYBOARD, "", "bob", UserChange(role="viewer")))
    page.evaluate(PRESS)  # unless the page itself has noticed by now
    page.wait_for_selector(".note:has-text('Your session has ended')")
    page.fill("input[name=name]", "bob")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.primary")
    page.wait_for_selector("main:not([aria-busy]) h1:has-text('front')")
    assert page.url == f"{hub.url}/cameras/front"
    assert page.get_by_role("button", name="Restart the camera").count() == 0
    seen.context.close()


def test_a_session_that_ends_is_noticed_by_who_only_looks(
    browser: Any, hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CHECK_S", 0.2)
    seen = Visit(browser, hub.url, "viewer")
    page = seen.go("/wall?n=4&q=name%3Dfront")
    ended = sessions.update().values(created_ns=0)
    hub.do(hub.services.database.write(lambda c: c.execute(ended)))
    page.wait_for_selector(".note:has-text('Your session has ended')")
    page.fill("input[name=name]", "viewer")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.primary")
    page.wait_for_selector("main figure a:has-text('front')")
    assert page.url == f"{hub.url}/wall?n=4&q=name%3Dfront"
    seen.context.close()


def test_a_wrong_old_password_signs_nobody_out(browser: Any, hub: RunningHub) -> None:
    seen = Visit(browser, hub.url, "operator")
    page = seen.go("/settings")
    page.fill("input[name=old]", "not the password")
    page.fill("input[name=new]", f"{PASSWORD} now")
    page.click("form button.primary")
    page.wait_for_selector(".wrong:has-text('do not go together')")
    assert page.url == f"{hub.url}/settings"
    seen.context.close()
