"""Whatever goes wrong has one shape, and tells no secrets of the house."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI

from sightline.errors import OutputError

Make = Callable[..., Awaitable[httpx.AsyncClient]]


def check(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/v1/nothing", None, 404),
        ("PUT", "/api/v1/me", None, 405),
        ("GET", "/api/v1/cameras/nowhere", None, 404),
        ("GET", "/api/v1/cameras?limit=0", None, 422),
        ("GET", "/api/v1/cameras?cursor=%21%21", None, 422),
        ("GET", "/api/v1/cameras?q=site%3D%28", None, 422),
        ("POST", "/api/v1/users", b"{", 422),
        ("POST", "/api/v1/users", b'{"name": "x", "surprise": 1}', 422),
        ("POST", "/api/v1/enroll", b'{"token": 1}', 422),
        ("POST", "/api/v1/users", b" " * (2 << 20), 413),
        ("DELETE", "/api/v1/tokens/99", None, 404),
    ],
)
async def test_one_shape(
    as_role: Make, method: str, path: str, body: bytes | None, status: int
) -> None:
    client = await as_role("admin")
    check(await client.request(method, path, content=body), status)


async def test_a_body_that_grows_beyond_its_bound_is_cut_off(as_role: Make) -> None:
    async def stream() -> object:
        for _ in range(40):
            yield b" " * (64 << 10)

    client = await as_role("admin")
    check(await client.post("/api/v1/users", content=stream()), 413)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path", ["cameras/pictures/twin", "cameras/x/pictures/y/z", "models/", "plans/x/drawing/y"]
)
async def test_no_address_that_looks_like_a_files_lifts_the_bound(
    anybody: httpx.AsyncClient, path: str
) -> None:
    answer = await anybody.put(f"/api/v1/{path}", content=b" " * (2 << 20))
    check(answer, 413)


async def test_what_nobody_expected_is_a_number_in_the_log(
    app: FastAPI, as_role: Make, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> None:
        raise ZeroDivisionError("the secret inside")

    app.add_api_route("/api/v1/broken", broken)
    answer = await (await as_role("admin")).get("/api/v1/broken")
    check(answer, 500)
    assert "secret" not in answer.text
    assert answer.json()["request"] in caplog.text


async def test_a_full_disk_says_so(app: FastAPI, as_role: Make) -> None:
    async def full() -> None:
        raise OutputError("the disk is full; free some space")

    app.add_api_route("/api/v1/full", full)
    answer = await (await as_role("admin")).get("/api/v1/full")
    check(answer, 507)
    assert answer.json()["detail"] == "the disk is full; free some space"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "hub:8600", ""])
async def test_other_names_lead_nowhere(as_role: Make, host: str) -> None:
    client = await as_role("admin")
    answer = await client.get("/api/v1/cameras", headers={"Host": host})
    check(answer, 421)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8600", "[::1]:9"])
async def test_its_own_names_lead_to_it(as_role: Make, host: str) -> None:
    client = await as_role("admin")
    answer = await client.get("/api/v1/audit", headers={"Host": host})
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
