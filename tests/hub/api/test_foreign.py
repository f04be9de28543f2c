"""Who may see one site finds nothing of another: by no route, no export, no live view."""

import asyncio
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi.routing import APIRoute, APIWebSocketRoute
from hubkit import NOW, SECOND, Speaker
from hubrun import KEYBOARD, RunningHub, running_hub
from pgserver import Cluster
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from sightline.hub.alerts.records import raised
from sightline.hub.api.app import ROUTES
from sightline.wire.messages import Event

SECRET = "harbour-gate"  # the camera that is not to be seen
OUT_OF_THE_SCOPE = (f"site=oslo) or (name={SECRET}", "name~x) or name~* or (name~x", "(", ")")
SPAN = {"from": str(NOW - SECOND), "to": str(NOW + 3600 * SECOND)}
BODIES: dict[tuple[str, str], Any] = {
    ("PATCH", "/cameras/{name}"): {"note": "x"},
    ("POST", "/cameras/{name}/ask"): {"config": {}},
    ("POST", "/cameras/{name}/calibrate/people"): {},
    ("POST", "/cameras/{name}/calibrate/points"): {"picture": [], "floor": []},
    ("POST", "/cameras/{name}/commands"): {"name": "restart"},
    ("POST", "/cameras/{name}/pictures"): {"reason": "to look"},
    ("PUT", "/cameras/{name}/twin"): {},
    ("PATCH", "/cameras/{name}/twin"): {},
}


KINDS = {
    "application/json", "application/problem+json", "application/x-ndjson", "text/csv",
    "text/plain",
}  # fmt: skip
WHOLE: dict[str, Any] = {  # bodies that are sound, of what concerns the whole site
    "/plans/{name}": {"size": [1, 1]}, "/rules/{name}": {"condition": "camera.offline for 1 min"},
    "/channels/{name}": {"kind": "webhook", "settings": {}}, "/users": {"name": "eve"},
    "/users/{name}": {"scope": ""}, "/tokens": {"role": "viewer"}, "/enrollment-tokens": {},
    "/retention/{kind}": {"days": 7},
}  # fmt: skip


def routes(kind: type[Any]) -> list[Any]:
    found: list[Any] = []
    for name in ROUTES:
        found += import_module(f"sightline.hub.api.routes.{name}").router.routes
    return [route for route in found if isinstance(route, kind)]


def filled(path: str, words: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: words[found[1]], path)


def of_one_camera() -> list[tuple[str, str]]:
    return [
        (method, route.path)
        for route in routes(APIRoute)
        if route.path.startswith("/api/v1/cameras/{name}")
        for method in sorted(route.methods)
    ]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    with running_hub(tmp_path_factory.mktemp("site")) as running:
        for name, site in (("front", "oslo"), (SECRET, "bergen")):
            running.enrol(name, site=site)
            speaker = Speaker(name)
            said = [Event("line.crossed", NOW, "door", name, 1, "person")]
            running.hear(speaker.announce(), speaker.say(*said), speaker.frames([2, 1]))
        picture = running.services.pictures.ask(SECRET, "to look", KEYBOARD, "")
        running.picture = running.do(picture).id  # type: ignore[attr-defined]
        write = running.services.database.write
        alert = write(lambda c: raised(c, "watch", SECRET, "warning", SECRET, NOW))
        running.alert = running.do(alert)  # type: ignore[attr-defined]
        yield running


def client_of(hub: RunningHub, role: str, scope: str = "site=oslo") -> httpx.Client:
    headers = {"Authorization": f"Bearer {hub.token(role, scope=scope)}"}
    return httpx.Client(base_url=f"{hub.url}/api/v1", headers=headers)


def test_the_walk_is_long() -> None:
    assert len(of_one_camera()) > 15


@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
def test_a_foreign_camera_is_not_there(hub: RunningHub, role: str) -> None:
    with client_of(hub, role) as client:
        for method, path in of_one_camera():
            short = path.removeprefix("/api/v1")
            words = re.sub(r"\{[^}]+\}", "1", short.replace("{name}", SECRET))
            body = BODIES.get((method, short))
            query = {"version": 0, "shelf": "x"}
            answer = client.request(method, words, json=body, params=query)
            assert answer.status_code in (403, 404), (method, path, answer.text)
            own = answer.status_code == 403 or "no camera" in answer.json()["detail"]
            assert own, (method, path, answer.text)


@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
@pytest.mark.parametrize("named", [False, True])
def test_no_list_and_no_export_tells_of_it(hub: RunningHub, role: str, named: bool) -> None:
    paths = [
        "/cameras", "/events", "/measures", "/series",
        "/exports/events.csv", "/exports/events.jsonl",
        "/exports/measures.csv", "/exports/measures.jsonl",
    ]  # fmt: skip
    query = {**SPAN, **({"camera": SECRET, "q": f"name={SECRET}"} if named else {})}
    with client_of(hub, role) as client:
        for path in paths:
            answer = client.get(path, params=query)
            assert answer.is_success, (path, answer.text)
            assert SECRET not in answer.text, path
        for path in (
            "/heatmaps",
            "/heatmaps.csv",
            "/heatmaps.npz",
            "/exports/frames.csv",
            "/exports/frames.parquet",
        ):
            assert client.get(path, params={**SPAN, "camera": SECRET}).status_code == 404, path


@pytest.mark.parametrize("text", OUT_OF_THE_SCOPE)
def test_no_query_leads_out_of_the_scope(hub: RunningHub, text: str) -> None:
    with client_of(hub, "operator") as client:
        for path in ("/cameras", "/fleet", "/events", "/measures", "/series", "/series/kinds"):
            answer = client.get(path, params={**SPAN, "q": text})
            assert answer.status_code == 422, (path, answer.text)
        begun = client.post("/deployments", json={"to": text, "patch": {"detect": {"score": 0.5}}})
        assert begun.status_code == 422, begun.text


def test_all_within_a_scope_is_not_all(hub: RunningHub) -> None:
    with client_of(hub, "operator") as client:
        for text in ("", "*", f"name={SECRET} or name=front"):
            assert client.get("/fleet", params={"q": text}).json()["cameras"] == 1, text


@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
def test_no_answer_at_all_tells_of_it(hub: RunningHub, role: str) -> None:
    """Every question that there is, with whatever stands for a place in it."""
    words = {"name": "front", "number": "1", "id": hub.picture, "kind": "events"}  # type: ignore[attr-defined]
    words |= {"form": "csv", "version": "1"}
    asked = 0
    with client_of(hub, role) as client:
        for route in routes(APIRoute):
            if "GET" not in route.methods:
                continue
            path = filled(route.path, words)
            for camera in ("front", SECRET):
                answer = client.get(f"{hub.url}{path}", params={**SPAN, "camera": camera})
                told = answer.text.replace(f"there is no camera '{SECRET}'", "")  # we asked
                assert SECRET not in told, (route.path, answer.text)
                asked += 1
    assert asked > 80


OWN = {  # what who sees one site may change: himself, what he began, and packages for it
    ("POST", "/models"), ("POST", "/deployments"), ("POST", "/users/me/password"),
    ("DELETE", "/session"), ("POST", "/setup"), ("POST", "/session"), ("POST", "/enroll"),
}  # fmt: skip


@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
def test_nothing_of_another_site_can_be_changed(hub: RunningHub, role: str) -> None:
    words = {"name": SECRET, "number": str(hub.alert), "id": hub.picture, "version": "1"}  # type: ignore[attr-defined]
    words |= {"verb": "abort", "kind": "frames"}
    tried = 0
    with client_of(hub, role) as client:
        for route in routes(APIRoute):
            for method in sorted(route.methods - {"GET"}):
                short = route.path.removeprefix("/api/v1")
                if (method, short) in OWN:
                    continue
                path = filled(short, words)
                body = BODIES.get((method, short), WHOLE.get(short))
                query = {"version": 0} if short.endswith("/revert") else {}
                answer = client.request(method, path, json=body, params=query)
                assert answer.status_code in (403, 404), (method, short, answer.text)
                tried += 1
    assert tried > 30


@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
def test_no_picture_of_it_is_shown(hub: RunningHub, role: str) -> None:
    number = hub.picture  # type: ignore[attr-defined]
    with client_of(hub, role) as client:
        for path in (f"/pictures/{number}", f"/pictures/{number}/image"):
            answer = client.get(path)
            assert answer.status_code == (403 if role == "viewer" else 404), path
            assert SECRET not in answer.text


@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
def test_no_alert_of_it_is_there(hub: RunningHub, role: str) -> None:
    with client_of(hub, role) as client:
        for method, path in (("GET", "deliveries"), ("POST", "acknowledge")):
            hidden = client.request(method, f"/alerts/{hub.alert}/{path}")  # type: ignore[attr-defined]
            unknown = client.request(method, f"/alerts/{hub.alert + 1}/{path}")  # type: ignore[attr-defined]
            assert hidden.status_code == unknown.status_code
            assert SECRET not in hidden.text
            if hidden.status_code == 404:
                assert hidden.json()["detail"] == f"there is no alert {hub.alert}"  # type: ignore[attr-defined]


def test_no_live_view_of_it(hub: RunningHub) -> None:
    address = f"ws{hub.url.removeprefix('http')}"
    headers = {"Authorization": f"Bearer {hub.token('admin', scope='site=oslo')}"}
    tried = 0

    async def look(path: str, held: dict[str, str]) -> None:
        async with connect(f"{address}{path}", additional_headers=held) as socket:
            await socket.recv()

    for route in routes(APIWebSocketRoute):
        path = route.path.replace("{name}", SECRET)
        path += "" if SECRET in path else f"?cameras=front,{SECRET}"
        for held in (headers, {}, {"Authorization": "Bearer sla_wrong"}):
            with pytest.raises(InvalidStatus):
                asyncio.run(look(path, held))
            tried += 1
    assert tried >= 6


def test_all_live_views_together_leave_it_out(hub: RunningHub) -> None:
    address = f"ws{hub.url.removeprefix('http')}/api/v1/live?fps=60"
    headers = {"Authorization": f"Bearer {hub.token('viewer', scope='site=oslo')}"}

    async def look() -> str:
        async with connect(address, additional_headers=headers) as socket:
            await asyncio.sleep(0.3)
            for name in (SECRET, "front"):
                speaker = Speaker(name, boot="live")
                await asyncio.to_thread(hub.hear, speaker.announce(), speaker.frames([1]))
            return str(await asyncio.wait_for(socket.recv(), 10))

    assert '"front"' in asyncio.run(look())


INJECTIONS = [
    "' OR 1=1 --", '"; DROP TABLE events; --', "%", "_", "\\", "x\r\nSet-Cookie: a=b", "\0",
]  # fmt: skip


def test_no_answer_is_taken_for_a_page(hub: RunningHub) -> None:
    """Whatever is in it: a browser runs nothing of it, guesses nothing, and frames nothing."""
    asked = 0
    for camera in ("front", SECRET):
        words = {"name": camera, "number": str(hub.alert), "id": hub.picture, "kind": "frames"}  # type: ignore[attr-defined]
        words |= {"form": "csv", "version": "1"}
        with client_of(hub, "admin", "") as client:
            for route in routes(APIRoute):
                if "GET" not in route.methods:
                    continue
                path = filled(route.path, words)
                answer = client.get(f"{hub.url}{path}", params={**SPAN, "camera": camera})
                told = answer.headers
                kind = told.get("content-type", "").partition(";")[0]
                assert kind in KINDS, (path, kind)
                assert told["x-content-type-options"] == "nosniff"
                assert told["x-frame-options"] == "DENY"
                if path.startswith("/api/"):
                    assert "sandbox" in told["content-security-policy"], path
                if kind == "text/csv":
                    assert told["content-disposition"].startswith("attachment; "), path
                asked += 1
    assert asked > 80


@pytest.mark.parametrize("text", INJECTIONS)
def test_text_stays_text(hub: RunningHub, text: str) -> None:
    _stays_text(hub, text)


def test_text_stays_text_in_postgresql(
    postgres: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("site")
    with running_hub(folder, database=postgres.database()) as hub:
        for text in INJECTIONS:
            _stays_text(hub, text, 0)
        with client_of(hub, "admin", "") as client:
            answer = client.post("/users", json={"name": "x\0", "password": "long enough now"})
            assert answer.status_code == 422, answer.text
            token = client.post("/tokens", json={"name": "x\0"})
            assert token.status_code == 422, token.text


def _stays_text(hub: RunningHub, text: str, stored: int = 1) -> None:
    quoted = quote(text, safe="")
    with client_of(hub, "admin") as client:
        for path in ("/events", "/measures", "/series"):
            answer = client.get(path, params={**SPAN, "name": text, "kind": text, "camera": text})
            assert answer.status_code in (200, 422), answer.text
            found = answer.json()
            assert found.get("items", []) == found.get("series", []) == []
        for path in (f"/exports/events.{quoted}", "/exports/events.csv", f"/cameras/{quoted}"):
            answer = client.get(path, params={**SPAN, "name": text})
            assert answer.status_code in (200, 404, 422), (path, answer.text)
            assert "set-cookie" not in answer.headers
        assert len(client.get("/events", params=SPAN).json()["items"]) == stored


def test_settings_without_secrets(hub: RunningHub) -> None:
    with client_of(hub, "admin", "") as client:
        told = client.get("/settings").json()
    assert told["database"] == "sqlite"
    assert told["listen"] == "127.0.0.1:0"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/settings", None),
        ("GET", "/audit", None),
        ("GET", "/retention", None),
        ("PUT", "/retention/events", {"days": 1}),
        ("GET", "/users", None),
        ("POST", "/users", {"name": "eve", "role": "admin", "password": "long enough now"}),
        ("PATCH", "/users/root", {"scope": ""}),
        ("GET", "/tokens", None),
        ("POST", "/tokens", {"role": "admin"}),
        ("GET", "/enrollment-tokens", None),
        ("POST", "/enrollment-tokens", {"camera": SECRET}),
        ("PUT", "/rules/all", {"condition": f"event.camera = '{SECRET}'"}),
        ("PUT", "/channels/mine", {"kind": "webhook", "settings": {}}),
        ("DELETE", "/models/scene/1", None),
    ],
)
def test_nobody_widens_what_he_may_see(
    hub: RunningHub, method: str, path: str, body: dict[str, Any] | None
) -> None:
    with client_of(hub, "admin") as client:
        answer = client.request(method, path, json=body)
    assert answer.status_code == 403, answer.text
    assert "whole site" in answer.json()["detail"]


def test_rules_and_deployments_of_the_whole_site_are_not_shown(hub: RunningHub) -> None:
    with client_of(hub, "admin", "") as client:
        rule = {"condition": "camera.offline for 1 min", "target": f"name={SECRET}"}
        client.put("/rules/watch", json=rule)
    with client_of(hub, "viewer") as client:
        for path in ("/rules", "/alerts", "/deployments"):
            answer = client.get(path)
            assert answer.json()["items"] == [], path
