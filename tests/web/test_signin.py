"""Signing in as people do it, in a real browser: elsewhere and back, refused, and once more."""

from collections.abc import Iterator
from typing import Any

import pytest
from hubrun import KEYBOARD, RunningHub, running_hub
from oidcprovider import CLIENT, SECRET, Told, provider
from visits import PASSWORD, Visit

from sightline.hub.settings import OidcSettings
from sightline.hub.store.tables.people import sessions
from sightline.web import mount


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    with provider() as one:
        yield one


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, told: Told, browser: Any) -> Iterator[RunningHub]:
    oidc = OidcSettings(
        name="The House", issuer=told.url, client_id=CLIENT, client_secret=SECRET,
        roles={"staff": "viewer"},
    )  # fmt: skip
    with running_hub(tmp_path_factory.mktemp("site"), mount, oidc=oidc) as running:
        running.do(running.services.people.add_user(KEYBOARD, "", "root", "admin", PASSWORD))
        yield running


@pytest.fixture
def page(browser: Any, hub: RunningHub) -> Iterator[Any]:
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(f"{hub.url}/login")
    yield opened
    context.close()


def test_from_the_page_to_the_provider_and_back(page: Any, hub: RunningHub, told: Told) -> None:
    told.claims = {"sub": "1", "preferred_username": "ada", "groups": ["staff"]}
    page.get_by_role("link", name="Sign in with The House").click()
    page.wait_for_url(f"{hub.url}/")
    me = page.evaluate("async () => (await fetch('/api/v1/me')).json()")
    assert (me["name"], me["role"]) == ("ada", "viewer")


@pytest.mark.parametrize(
    ("claims", "wrong", "words"),
    [
        ({"sub": "2", "preferred_username": "eve", "groups": []}, {}, "has given you a role"),
        ({"sub": "1", "groups": ["staff"]}, {"aud": "another"}, "was refused or took too long"),
    ],
    ids=["no role", "a token for somebody else"],
)  # fmt: skip
def test_who_is_refused_elsewhere_is_told_on_a_page(
    page: Any, hub: RunningHub, told: Told, claims: Any, wrong: Any, words: str
) -> None:
    told.claims, told.wrong = claims, wrong
    page.get_by_role("link", name="Sign in with The House").click()
    page.wait_for_selector(f".note:has-text('{words}')")
    told.wrong = {}
    assert page.locator("input[name=password]").count() == 1


def test_a_way_back_that_nobody_asked_for_is_told_on_a_page(page: Any, hub: RunningHub) -> None:
    page.goto(f"{hub.url}/api/v1/signin/back?state=x&error=%3Cb%3Eno%3C%2Fb%3E")
    page.wait_for_selector(".note:has-text('was refused or took too long')")
    assert "%3Cb%3E" not in page.url


def test_an_address_cannot_put_words_into_our_mouth(page: Any, hub: RunningHub) -> None:
    page.goto(f"{hub.url}/login?told=call+this+number")
    page.wait_for_selector("input[name=password]")
    assert page.locator(".note").count() == 0


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(page: Any, hub: RunningHub, target: str) -> None:
    page.goto(f"{hub.url}/login?to={target}")
    page.fill("input[name=name]", "root")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.primary")
    page.wait_for_selector("nav.places")
    assert page.url.startswith(f"{hub.url}/")


def test_a_session_that_ends_says_so_and_leads_back(browser: Any, hub: RunningHub) -> None:
    seen = Visit(browser, hub.url, "root")
    page = seen.go("/events?span=week")
    hub.do(hub.services.database.write(lambda c: c.execute(sessions.update().values(seen_ns=0))))
    page.click("nav.places a[data-place=models]")
    page.wait_for_selector(".note:has-text('Your session has ended')")
    page.fill("input[name=name]", "root")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.primary")
    page.wait_for_selector("main:not([aria-busy]) h1:has-text('Models')")
    assert page.url == f"{hub.url}/models"
    seen.context.close()
