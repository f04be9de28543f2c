"""People sign in through a provider, by the whole way that a browser goes."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hubrun import KEYBOARD, RunningHub, running_hub
from oidcprovider import CLIENT, SECRET, Told, provider

from sightline.errors import ConfigError
from sightline.hub.auth.oidc import Provider
from sightline.hub.settings import OidcSettings

PASSWORD = "a sentence is easy"


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Told]:
    with provider() as told:
        yield told


@pytest.fixture(scope="module")
def hub(elsewhere: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    oidc = OidcSettings(
        issuer=elsewhere.url, client_id=CLIENT, client_secret=SECRET,
        roles={"admins": "admin", "staff": "viewer"},
    )  # fmt: skip
    with running_hub(tmp_path_factory.mktemp("site"), oidc=oidc) as running:
        yield running


@pytest.fixture
def as_told(elsewhere: Told) -> Iterator[Told]:
    """The provider, put right again afterwards."""
    yield elsewhere
    elsewhere.wrong, elsewhere.signs_with, elsewhere.published = {}, "k1", "k1"


def go(hub: RunningHub) -> tuple[httpx.Response, httpx.Response]:
    """What a browser sees at the end of the way, and who it is then."""
    with httpx.Client(follow_redirects=True) as client:
        seen = client.get(f"{hub.url}/api/v1/signin/elsewhere")
        return seen, client.get(f"{hub.url}/api/v1/me")


def person(name: str, *groups: str, sub: str = "") -> dict[str, Any]:
    return {"sub": sub or name, "preferred_username": name, "groups": list(groups)}


def test_groups_are_roles(hub: RunningHub, as_told: Told) -> None:
    as_told.claims = person("ada", "other", "staff", "admins")
    me = go(hub)[1].json()
    assert (me["name"], me["role"], me["kind"]) == ("ada", "admin", "user")
    as_told.claims = person("ada", "staff")
    assert go(hub)[1].json()["role"] == "viewer"
    assert httpx.get(f"{hub.url}/api/v1/signin").json() == {"elsewhere": "single sign-on"}


def test_who_has_no_role_stays_outside(hub: RunningHub, as_told: Told) -> None:
    as_told.claims = person("eve", "other")
    answer, _ = go(hub)
    assert answer.status_code == 403
    assert "gave you a role" in answer.json()["detail"]
    hub.do(hub.services.people.add_user(KEYBOARD, "", "eve", "operator", ""))
    assert go(hub)[1].json()["role"] == "operator"


def test_a_name_is_not_handed_over(hub: RunningHub, as_told: Told) -> None:
    hub.do(hub.services.people.add_user(KEYBOARD, "", "bob", "admin", PASSWORD))
    as_told.claims = person("bob", "staff")
    answer, _ = go(hub)
    assert answer.status_code == 409
    as_told.claims = person("carol", "staff")
    assert go(hub)[1].is_success
    as_told.claims = person("carol", "admins", sub="another carol")
    answer, _ = go(hub)
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"}, {"aud": "another"}, {"iss": "https://another.example"},
        {"exp": int(time.time()) - 3600}, {"sub": None},
    ],
    ids=["nonce", "audience", "issuer", "expired", "nobody"],
)  # fmt: skip
def test_an_identity_token_that_is_not_sound(
    hub: RunningHub, as_told: Told, wrong: dict[str, Any]
) -> None:
    as_told.claims, as_told.wrong = person("mallory", "admins"), wrong
    answer, me = go(hub)
    assert answer.status_code == 401, answer.text
    assert me.status_code == 401


def test_keys_that_change_are_asked_again(hub: RunningHub, as_told: Told) -> None:
    as_told.claims = person("ada", "staff")
    as_told.signs_with = "k2"
    answer, _ = go(hub)
    assert answer.status_code == 401
    assert "does not publish" in answer.json()["detail"]
    as_told.published = "k2"
    assert go(hub)[1].is_success


def test_another_browser_cannot_finish_it(hub: RunningHub, as_told: Told) -> None:
    as_told.claims = person("ada", "staff")
    begun = httpx.get(f"{hub.url}/api/v1/signin/elsewhere")
    back = httpx.get(begun.headers["location"]).headers["location"]
    assert httpx.get(back).status_code == 401
    cookies = {"sightline_signin": begun.cookies["sightline_signin"]}
    with httpx.Client(cookies=cookies) as client:
        assert client.get(back).status_code == 303
        assert client.get(back).status_code == 401  # once only


def test_a_provider_that_says_no(hub: RunningHub) -> None:
    begun = httpx.get(f"{hub.url}/api/v1/signin/elsewhere")
    state = begun.cookies["sightline_signin"]
    with httpx.Client(cookies={"sightline_signin": state}) as client:
        query = {"state": state, "error": "access_denied"}
        answer = client.get(f"{hub.url}/api/v1/signin/back", params=query)
    assert answer.status_code == 401
    assert "access_denied" in answer.json()["detail"]


async def test_a_provider_that_is_away() -> None:
    from sightline.hub.auth.oidc import ProviderAway

    settings = OidcSettings(issuer="http://127.0.0.1:1", client_id="x", client_secret="y")
    with pytest.raises(ProviderAway, match="does not answer"):
        await Provider(settings).begin("http://127.0.0.1/back")


@pytest.mark.parametrize("issuer", ["http://login.example", "ftp://x", "login.example"])
def test_an_issuer_in_the_clear(issuer: str) -> None:
    with pytest.raises(ConfigError, match="https"):
        Provider(OidcSettings(issuer=issuer, client_id="x", client_secret="y"))
