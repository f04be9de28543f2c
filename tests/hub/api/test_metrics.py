"""Who reads the hub's own numbers."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from sightline.hub.api.app import create_app
from sightline.hub.api.services import Services

Make = Callable[..., Awaitable[httpx.AsyncClient]]


def asking(services: Services, setting: str, address: str) -> httpx.AsyncClient:
    settings = services.settings.model_copy(update={"metrics": setting})
    app = create_app(replace(services, settings=settings))
    transport = httpx.ASGITransport(app, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    ("setting", "address", "headers", "status"),
    [
        ("token", "127.0.0.1", {}, 401),
        ("loopback", "127.0.0.1", {}, 200),
        ("loopback", "::1", {}, 200),
        ("loopback", "192.168.0.9", {}, 401),
        ("loopback", "127.0.0.1", {"X-Forwarded-For": "192.168.0.9"}, 401),
        ("loopback", "127.0.0.1", {"Forwarded": "for=192.168.0.9"}, 401),
    ],
)
async def test_without_a_token(
    services: Services, setting: str, address: str, headers: dict[str, str], status: int
) -> None:
    async with asking(services, setting, address) as client:
        answer = await client.get("/metrics", headers=headers)
        assert answer.status_code == status
        assert ("sightline_cameras" in answer.text) == (status == 200)
        assert (await client.get("/api/v1/cameras")).status_code == 401


async def test_with_a_viewers_token(as_role: Make) -> None:
    assert (await (await as_role("viewer")).get("/metrics")).status_code == 200
