"""Work that ends with the connection of whoever asked for it.

    router = APIRouter(prefix="/api/v1", route_class=Leaving)

For routes that read and change nothing: a page that is left, or a program that is ended, leaves
nothing behind that the others wait for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_GONE = 499  # nobody hears it; logs and traces do


class Leaving(APIRoute):
    """A route that is cancelled when its asker hangs up."""

    def get_route_handler(self) -> Handler:
        answered = super().get_route_handler()

        async def handle(request: Request) -> Response:
            await request.body()  # after it nothing comes but the end
            working = asyncio.ensure_future(answered(request))
            watching = asyncio.ensure_future(_hung_up(request))
            try:
                await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
                return await working if working.done() else Response(status_code=_GONE)
            finally:
                await _ended(working, watching)

        return handle


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _ended(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
