"""Who hangs up leaves no work behind; who stays is answered as ever."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from httpx import ASGITransport

from sightline.hub.api.leaving import Leaving

Message = MutableMapping[str, Any]


class Work:
    """A route that takes for ever, unless it is told to end."""

    def __init__(self) -> None:
        self.begun, self.may_end, self.cancelled = asyncio.Event(), asyncio.Event(), False
        router = APIRouter(route_class=Leaving)
        router.add_api_route("/work", self.work, methods=["POST"])
        self.app = FastAPI()
        self.app.include_router(router)

    async def work(self, body: dict[str, int]) -> dict[str, int]:
        self.begun.set()
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return body


def asked(receive: Callable[[], Awaitable[Message]], sent: list[Message]) -> Any:
    scope = {
        "type": "http", "method": "POST", "path": "/work", "query_string": b"",
        "http_version": "1.1", "headers": [(b"content-type", b"application/json")],
    }  # fmt: skip

    async def send(message: Message) -> None:
        sent.append(message)

    return scope, receive, send


async def test_work_ends_with_its_askers_connection() -> None:
    work, sent, hung_up = Work(), list[Message](), asyncio.Event()
    said = [
        {"type": "http.request", "body": b'{"a"', "more_body": True},
        {"type": "http.request", "body": b": 1}", "more_body": False},
    ]

    async def receive() -> Message:
        if said:
            return said.pop(0)
        await hung_up.wait()
        return {"type": "http.disconnect"}

    serving = asyncio.ensure_future(work.app(*asked(receive, sent)))
    await work.begun.wait()
    assert not work.cancelled
    hung_up.set()
    await serving
    assert work.cancelled
    assert sent[0]["status"] == 499


async def test_who_stays_is_answered() -> None:
    work = Work()
    work.may_end.set()
    transport = ASGITransport(work.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        assert (await client.post("/work", json={"a": 1})).json() == {"a": 1}
        assert (await client.post("/work", json={"a": "b"})).status_code == 422
    assert not work.cancelled
