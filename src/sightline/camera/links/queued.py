"""One message after the other, for links whose way to send is a call that is awaited."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sightline.camera.links.base import LinkLost, Said

_log = logging.getLogger(__name__)


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
        """The connection is over, and with it all that was not delivered."""
        if self.lost.done():
            return
        self.lost.set_exception(lost)
        self.lost.exception()
        self._task.cancel()
        while not self._waiting.empty():
            _settle(self._waiting.get_nowait()[1], lost)

    async def close(self) -> None:
        """Deliver nothing more."""
        self.fail(LinkLost("closed"))
        await asyncio.wait([self._task])
        if not self._task.cancelled() and self._task.exception():
            _log.error("a message cannot be sent", exc_info=self._task.exception())

    async def _work(self) -> None:
        while True:
            said, future = await self._waiting.get()
            try:
                size = await self._deliver(said)
            except LinkLost as lost:
                _settle(future, lost)
                self.fail(lost)
                return
            except asyncio.CancelledError:
                _settle(future, LinkLost("the connection ended"))
                raise
            except Exception as error:
                unknown = LinkLost(f"{type(error).__name__}: {error}")
                _settle(future, unknown)
                self.fail(unknown)
                raise
            if not future.done():
                future.set_result(size)


def _settle(future: asyncio.Future[int], lost: LinkLost) -> None:
    if not future.done():
        future.set_exception(lost)
        future.exception()  # whoever waits sees it; nobody has to
