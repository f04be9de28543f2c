"""Pages of other sites change nothing and hear nothing, with and without a proxy before the hub."""

import asyncio
import itertools
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hubkit import Speaker
from hubrun import KEYBOARD, RunningHub, running_hub, signing_request
from pydantic import ValidationError
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from sightline.hub.api.access import COOKIE
from sightline.hub.api.routes import live
from sightline.hub.auth.users import UserChange
from sightline.hub.settings import Settings

PASSWORD = "a sentence is easy"
OUTSIDE = "https://cams.example"
BESIDE = "http://127.0.0.1:1"  # another program's page on this very machine


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    with running_hub(tmp_path_factory.mktemp("site"), url=f"{OUTSIDE}:443/") as running:
        running.do(running.services.people.add_user(KEYBOARD, "", "ada", "admin", PASSWORD))
        running.enrol("door")
        running.hear(Speaker("door").announce())
        yield running


def signed_in(hub: RunningHub) -> dict[str, str]:
    """What a browser sends with everything."""
    cookie = f"{COOKIE}={hub.do(hub.services.people.sign_in('ada', PASSWORD, ''))}"
    me = httpx.get(f"{hub.url}/api/v1/me", headers={"Cookie": cookie}).json()
    return {"Cookie": cookie, "X-CSRF-Token": me["csrf"]}


FOREIGN: dict[str, dict[str, str]] = {
    "another site": {"Origin": "https://evil.example"},
    "no site at all": {"Origin": "null"},
    "this machine, another port": {"Origin": BESIDE},
    "a longer name": {"Origin": f"{OUTSIDE}.evil.example"},
    "our name in the clear": {"Origin": OUTSIDE.replace("https", "http")},
    "the browser says so": {"Sec-Fetch-Site": "cross-site"},
    "a sister": {"Sec-Fetch-Site": "same-site", "Origin": OUTSIDE},
}
OURS: dict[str, dict[str, str]] = {
    "a program": {},
    "the proxy's address": {"Origin": OUTSIDE},
    "the browser says so": {"Sec-Fetch-Site": "same-origin", "Origin": "https://other.name"},
    "somebody did it by hand": {"Sec-Fetch-Site": "none"},
}


@pytest.mark.parametrize("case", FOREIGN)
def test_a_foreign_page_changes_nothing(hub: RunningHub, case: str) -> None:
    held = signed_in(hub)
    for method, path, body in (
        ("POST", "/tokens", {"role": "admin"}),
        ("PATCH", "/cameras/door", {"note": "x"}),
        ("DELETE", "/session", None),
        ("POST", "/session", {"name": "ada", "password": PASSWORD}),
        ("POST", "/setup", {"token": "x", "name": "eve", "password": PASSWORD}),
    ):
        answer = httpx.request(
            method, f"{hub.url}/api/v1{path}", json=body, headers={**held, **FOREIGN[case]}
        )
        assert answer.status_code == 403, (path, answer.text)
        assert "hub.yaml" in answer.json()["detail"]
        assert "set-cookie" not in answer.headers
    assert httpx.get(f"{hub.url}/api/v1/me", headers=held).status_code == 200


@pytest.mark.parametrize("case", OURS)
def test_our_own_page_may(hub: RunningHub, case: str) -> None:
    headers = {**signed_in(hub), **OURS[case]}
    answer = httpx.patch(f"{hub.url}/api/v1/cameras/door", json={"note": case}, headers=headers)
    assert answer.status_code == 200, answer.text


def test_the_page_at_the_hubs_own_address_may(hub: RunningHub) -> None:
    headers = {**signed_in(hub), "Origin": hub.url}
    answer = httpx.patch(f"{hub.url}/api/v1/cameras/door", json={"note": "x"}, headers=headers)
    assert answer.status_code == 200, answer.text


def test_a_token_needs_no_page(hub: RunningHub) -> None:
    headers = {"Authorization": f"Bearer {hub.token('operator')}", "Origin": "https://my.app"}
    answer = httpx.patch(f"{hub.url}/api/v1/cameras/door", json={"note": "x"}, headers=headers)
    assert answer.status_code == 200, answer.text


def test_looking_is_no_change_and_no_other_site_reads_it(hub: RunningHub) -> None:
    headers = {**signed_in(hub), **FOREIGN["another site"]}
    answer = httpx.get(f"{hub.url}/api/v1/cameras", headers=headers)
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PATCH"}
    before = httpx.request("OPTIONS", f"{hub.url}/api/v1/cameras/door", headers=asked)
    assert before.is_error
    assert not [name for name in before.headers if name.startswith("access-control-")]


boots = itertools.count()


def listen(hub: RunningHub, path: str, headers: dict[str, str]) -> str:
    async def hear() -> str:
        address = f"ws{hub.url.removeprefix('http')}/api/v1{path}"
        async with connect(address, additional_headers=headers) as socket:
            speaker = Speaker("door", boot=f"boot {next(boots)}")
            await asyncio.to_thread(hub.hear, speaker.announce(), speaker.frames([1]))
            return str(await asyncio.wait_for(socket.recv(), 10))

    return asyncio.run(hear())


@pytest.mark.parametrize("path", ["/live", "/cameras/door/live"])
@pytest.mark.parametrize("case", [*FOREIGN, "no page"])
def test_a_foreign_page_hears_nothing(hub: RunningHub, path: str, case: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        listen(hub, path, {"Cookie": signed_in(hub)["Cookie"], **FOREIGN.get(case, {})})
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("origin", [OUTSIDE, None])
def test_our_own_page_hears(hub: RunningHub, origin: str | None) -> None:
    headers = {"Cookie": signed_in(hub)["Cookie"], "Origin": origin or hub.url}
    assert '"door"' in listen(hub, "/cameras/door/live", headers)


def test_a_program_hears_by_its_token_alone(hub: RunningHub) -> None:
    assert '"door"' in listen(hub, "/live", {"Authorization": f"Bearer {hub.token()}"})


@pytest.mark.parametrize("end", ["sign out", "password", "disabled", "withdrawn", "scope"])
def test_who_may_look_no_longer_is_cut_off(
    hub: RunningHub, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(live, "CHECK_S", 0.1)
    people = hub.services.people
    hub.do(people.add_user(KEYBOARD, "", end.replace(" ", "-"), "viewer", PASSWORD, "name=door"))
    secret = hub.do(people.sign_in(end.replace(" ", "-"), PASSWORD, ""))
    token, number = hub.do(people.give_out(KEYBOARD, "", role="viewer"))
    headers = {"Cookie": f"{COOKIE}={secret}", "Origin": hub.url}
    if end == "withdrawn":
        headers = {"Authorization": f"Bearer {token}"}
    change = {
        "password": UserChange(password=f"{PASSWORD} now"),
        "disabled": UserChange(disabled=True),
    }
    change["scope"] = UserChange(scope="name=other")

    def shut() -> None:
        if end == "sign out":
            hub.do(people.sign_out(secret))
        elif end == "withdrawn":
            hub.do(people.withdraw_token(KEYBOARD, "", number))
        else:
            hub.do(people.change_user(KEYBOARD, "", end, change[end]))

    async def hear() -> int:
        address = f"ws{hub.url.removeprefix('http')}/api/v1/live?cameras=door"
        async with connect(address, additional_headers=headers) as socket:
            await asyncio.sleep(0.3)
            assert socket.close_code is None
            await asyncio.to_thread(shut)
            await asyncio.wait_for(socket.wait_closed(), 10)
            return int(socket.close_code or 0)

    assert asyncio.run(hear()) == 1008


def begun(hub: RunningHub, name: str, **headers: str) -> httpx.Response:
    body = {"name": name, "password": "not the password" if name != "ada" else PASSWORD}
    return httpx.post(f"{hub.url}/api/v1/session", json=body, headers=headers)


def test_who_guesses_behind_a_proxy_shuts_out_himself_alone(hub: RunningHub) -> None:
    statuses = [
        begun(hub, f"guess{n}", **{"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.5"}).status_code
        for n in range(8)
    ]
    assert statuses[-1] == 429
    assert begun(hub, "ada", **{"X-Forwarded-For": "203.0.113.6"}).status_code == 204
    answer = httpx.get(
        f"{hub.url}/api/v1/audit", headers={"Authorization": f"Bearer {hub.token('admin')}"}
    )
    assert {"203.0.113.5", "203.0.113.6"} <= {one["remote"] for one in answer.json()["items"]}


def test_a_proxy_that_nobody_named_is_not_believed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running_hub(tmp_path_factory.mktemp("site"), proxies=("192.0.2.0/24",)) as hub:
        told = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        hub.do(hub.services.people.add_user(KEYBOARD, "", "ada", "admin", PASSWORD))
        assert "secure" not in begun(hub, "ada", **told).headers["set-cookie"].lower()
        lines = hub.do(hub.services.people.audit(None, 5))
        assert lines[0].remote == "127.0.0.1"


@pytest.mark.parametrize("headers", [{}, {"Host": "cams.example"}], ids=["its own", "passed on"])
def test_all_addresses_are_those_that_the_proxy_has(hub: RunningHub, headers: Any) -> None:
    assert "; Secure" in begun(hub, "ada", **headers).headers["set-cookie"]
    asked = {**headers, "Authorization": f"Bearer {hub.token('admin')}"}
    given = httpx.post(f"{hub.url}/api/v1/enrollment-tokens", json={}, headers=asked)
    assert f"--hub {OUTSIDE} --token" in given.json()["command"]
    assert hub.hub.setup_url is None or hub.hub.setup_url.startswith(OUTSIDE)


@pytest.mark.parametrize(
    ("headers", "mqtt"),
    [
        ({}, "mqtt://127.0.0.1:"),
        ({"Host": "cams.example"}, "wss://cams.example/mqtt"),
        ({"X-Forwarded-For": "203.0.113.7"}, "wss://cams.example/mqtt"),
    ],
    ids=["beside the hub", "by its name", "passed on"],
)
def test_a_camera_goes_on_as_it_came(hub: RunningHub, headers: Any, mqtt: str) -> None:
    token, _ = hub.do(hub.services.registry.give_out("test"))
    asked = {"token": token, "request": signing_request()}
    answer = httpx.post(f"{hub.url}/api/v1/enroll", json=asked, headers=headers)
    assert answer.json()["mqtt"].startswith(mqtt)


@pytest.mark.parametrize("path", ["/mqtt", "/mqtt/"])
def test_mqtt_is_spoken_there(hub: RunningHub, path: str) -> None:
    async def spoken() -> str | None:
        address = f"ws{hub.url.removeprefix('http')}{path}"
        async with connect(address, subprotocols=[Subprotocol("mqtt")]) as socket:
            return socket.subprotocol

    assert asyncio.run(spoken()) == "mqtt"


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "cams.example"}, {"url": "https://cams.example/hub"}, {"url": "ftp://cams"},
        {"url": "https://a@b"}, {"url": "https://a b"}, {"proxies": ["everybody"]},
    ],
)  # fmt: skip
def test_what_is_no_address(tmp_path_factory: pytest.TempPathFactory, wrong: Any) -> None:
    with pytest.raises(ValidationError):
        Settings(data=tmp_path_factory.mktemp("site"), **wrong)
