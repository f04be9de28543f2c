"""Every route says who may call it, and keeps to it."""

import re
from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute

from sightline.hub.api import routes as folder
from sightline.hub.api.access import COOKIE, Gate
from sightline.hub.api.app import ROUTES
from sightline.hub.api.services import Services

Make = Callable[..., Awaitable[httpx.AsyncClient]]

OPEN = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("POST", "/api/v1/setup"),
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/enroll"),
    ("GET", "/api/v1/signin"),
    ("GET", "/api/v1/signin/elsewhere"),
    ("GET", "/api/v1/signin/back"),
}
RANK = {"viewer": 1, "operator": 2, "admin": 3}
PASSWORD = "a sentence is easy"


def gates(dependant: Dependant) -> Iterator[Gate]:
    if isinstance(dependant.call, Gate):
        yield dependant.call
    for part in dependant.dependencies:
        yield from gates(part)


def routes() -> list[APIRoute | APIWebSocketRoute]:
    found = []
    for name in ROUTES:
        found += import_module(f"sightline.hub.api.routes.{name}").router.routes
    assert all(isinstance(route, APIRoute | APIWebSocketRoute) for route in found)
    return found


def address(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "1", path)


def test_every_file_of_routes_is_served() -> None:
    assert {module.name for module in iter_modules(folder.__path__)} == set(ROUTES)


def test_every_route_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    paths = {route.path.removeprefix("/api/v1/") for route in routes()}
    assert {path for path in paths if not re.search(rf"[` ]{re.escape(path)}[`?]", page)} == set()


def test_every_route_has_one_gate() -> None:
    assert len(routes()) > 10
    for route in routes():
        assert len(list(gates(route.dependant))) == 1, route.path


def test_no_more_is_open_than_has_to_be() -> None:
    found = set()
    for route in routes():
        [gate] = gates(route.dependant)
        if gate.role is None and not gate.camera:
            methods = route.methods if isinstance(route, APIRoute) else {"WS"}
            found |= {(method, route.path) for method in methods}
    assert found == OPEN


@pytest.mark.parametrize("role", [None, "viewer", "operator", "camera"])
async def test_who_lacks_the_role_is_refused_everywhere(
    anybody: httpx.AsyncClient, as_role: Make, enrol: Make, role: str | None
) -> None:
    client = anybody
    if role == "camera":
        client = await enrol("door")
    elif role is not None:
        client = await as_role(role)
    tried = 0
    for route in routes():
        [gate] = gates(route.dependant)
        if not isinstance(route, APIRoute) or allowed(gate, role):
            continue
        for method in route.methods:
            answer = await client.request(method, address(route.path))
            assert answer.status_code == (401 if role is None else 403), (method, route.path)
            assert answer.headers["content-type"] == "application/problem+json"
            tried += 1
    assert tried > 5


def allowed(gate: Gate, role: str | None) -> bool:
    if gate.role is None and not gate.camera:
        return True
    if role is None:
        return False
    if role == "camera":
        return gate.camera
    return gate.role is not None and RANK[role] >= RANK[gate.role]


@pytest.mark.parametrize("secret", ["", "x", "sla_unknown", "sls_unknown", "a.b.c", "é"])
async def test_what_is_no_token_opens_nothing(anybody: httpx.AsyncClient, secret: str) -> None:
    headers = {"Authorization": f"Bearer {secret}".encode()}
    assert (await anybody.get("/api/v1/cameras", headers=headers)).status_code == 401


async def test_a_viewer_of_one_site_sees_nothing_of_another(as_role: Make, enrol: Make) -> None:
    await enrol("front", site="oslo")
    await enrol("back", site="bergen")
    client = await as_role("viewer", scope="site=oslo")
    seen = (await client.get("/api/v1/cameras")).json()["items"]
    assert [camera["name"] for camera in seen] == ["front"]
    assert (await client.get("/api/v1/cameras/front")).status_code == 200
    hidden = await client.get("/api/v1/cameras/back")
    unknown = await client.get("/api/v1/cameras/nowhere")
    assert hidden.status_code == unknown.status_code == 404
    asked = await client.get("/api/v1/cameras", params={"q": "site=bergen or site=oslo"})
    assert [camera["name"] for camera in asked.json()["items"]] == ["front"]


async def signed_in(client: httpx.AsyncClient, services: Services) -> Any:
    token = await services.people.setup_link()
    body = {"token": token, "name": "ada", "password": PASSWORD}
    assert (await client.post("/api/v1/setup", json=body)).status_code == 201
    answer = await client.post("/api/v1/session", json={"name": "ada", "password": PASSWORD})
    assert answer.status_code == 204
    assert {"HttpOnly", "SameSite=strict"} <= set(answer.headers["set-cookie"].split("; "))
    return (await client.get("/api/v1/me")).json()


async def test_a_browser_needs_the_header_for_changes(
    anybody: httpx.AsyncClient, services: Services
) -> None:
    me = await signed_in(anybody, services)
    body = {"name": "bob", "password": PASSWORD}
    assert (await anybody.post("/api/v1/users", json=body)).status_code == 403
    wrong = await anybody.post("/api/v1/users", json=body, headers={"X-CSRF-Token": "x"})
    assert wrong.status_code == 403
    right = await anybody.post("/api/v1/users", json=body, headers={"X-CSRF-Token": me["csrf"]})
    assert right.status_code == 201


async def test_signing_out_ends_it(anybody: httpx.AsyncClient, services: Services) -> None:
    me = await signed_in(anybody, services)
    held = anybody.cookies[COOKIE]
    gone = await anybody.delete("/api/v1/session", headers={"X-CSRF-Token": me["csrf"]})
    assert gone.status_code == 204
    anybody.cookies.set(COOKIE, held, domain="127.0.0.1")
    assert (await anybody.get("/api/v1/me")).status_code == 401


async def test_a_browser_has_one_session(anybody: httpx.AsyncClient, services: Services) -> None:
    await signed_in(anybody, services)
    before = anybody.cookies[COOKIE]
    again = await anybody.post("/api/v1/session", json={"name": "ada", "password": PASSWORD})
    assert again.status_code == 204
    assert anybody.cookies[COOKIE] != before
    assert await services.people.of_session(before) is None
    assert (await anybody.get("/api/v1/me")).status_code == 200


async def test_a_new_password_of_ones_own_ends_all_sessions(
    app: FastAPI, anybody: httpx.AsyncClient, services: Services
) -> None:
    me = await signed_in(anybody, services)
    elsewhere = await services.people.sign_in("ada", PASSWORD, "")
    csrf = {"X-CSRF-Token": me["csrf"]}
    wrong = {"old": "not the password", "new": f"{PASSWORD} now"}
    path = "/api/v1/users/me/password"
    assert (await anybody.post(path, json=wrong, headers=csrf)).status_code == 401
    assert (await anybody.get("/api/v1/me")).status_code == 200
    right = {**wrong, "old": PASSWORD}
    assert (await anybody.post(path, json=right, headers=csrf)).status_code == 204
    assert (await anybody.get("/api/v1/me")).status_code == 401
    assert await services.people.of_session(elsewhere) is None


async def test_a_revoked_camera_is_nobody(as_role: Make, enrol: Make) -> None:
    camera = await enrol("door")
    admin = await as_role("admin")
    assert (await camera.get("/api/v1/cameras")).status_code == 403
    assert (await admin.delete("/api/v1/cameras/door")).json()["state"] == "revoked"
    assert (await camera.get("/api/v1/cameras")).status_code == 401
