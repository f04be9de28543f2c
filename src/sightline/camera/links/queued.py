"""One message after the other, for links whose way to send is a call that is awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sightline.camera.links.base import LinkLost, Said


class Queue:
    """`send` puts in, a task delivers in order. The first failure is that of all that follow."""

    def __init__(self, deliver: Callable[[Said], Awaitable[int]]) -> None:
        self._deliver = deliver
        self._waiting: asyncio.Queue[tuple[Said, asyncio.Future[int]]] = asyncio.Queue()
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._work(), name="link")

    def send(self, said: Said) -> asyncio.Future[int]:
        """See `Link.send`."""
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        if self.lost.done():
            future.set_exception(LinkLost("the connection ended"))
        else:
            self._waiting.put_nowait((said, future))
        return future

    def fail(self, lost: LinkLost) -> None:
        """The connection is over."""
        if not self.lost.done():
            self.lost.set_exception(lost)
            self.lost.exception()

    async def close(self) -> None:
        """Deliver nothing more."""
        self._task.cancel()
        self.fail(LinkLost("closed"))
        while not self._waiting.empty():
            _, future = self._waiting.get_nowait()
            if not future.done():
                future.cancel()

    async def _work(self) -> None:
        while True:
            said, future = await self._waiting.get()
            try:
                size = await self._deliver(said)
            except LinkLost as lost:
                self.fail(lost)
                if not future.done():
                    future.set_exception(lost)
                return
            except asyncio.CancelledError:
                future.cancel()
                raise
            if not future.done():
                future.set_result(size)
