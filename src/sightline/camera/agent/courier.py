"""What goes between a camera and its link: reconnects by itself, loses nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from tenacity import AsyncRetrying, retry_if_exception_type
from tenacity.wait import wait_base, wait_random_exponential

from sightline.camera.agent.ledger import Ledger
from sightline.camera.links.base import Heard, Link, LinkLost, Said
from sightline.camera.outbox.draft import Stored
from sightline.camera.outbox.outbox import Outbox
from sightline.wire.control import Health, Reported, Result

_log = logging.getLogger(__name__)

_STEADY_S = 10.0  # a connection that lasted so long was a good one
BACK_OFF = wait_random_exponential(multiplier=0.5, max=30)


class Courier:
    """Sends what the outbox holds and the newest health and reported state; hands on what is heard.

    make   a link, made anew for each connection
    hear   takes what the camera is told
    """

    def __init__(
        self,
        outbox: Outbox,
        make: Callable[[], Link],
        ledger: Ledger,
        hear: Callable[[Heard], Awaitable[None]],
        back_off: wait_base = BACK_OFF,
    ) -> None:
        self._outbox, self._make, self._ledger, self._hear = outbox, make, ledger, hear
        self._back_off = back_off
        self._health: Health | None = None
        self._reported: Reported | None = None
        self._results: dict[str, Result] = {}
        self._unsaid: set[str] = set()
        self._news = asyncio.Event()
        self.connected = False
        self.connections = 0
        self.trouble = ""

    def say(self, said: Health | Reported | Result) -> None:
        """Tell it as soon as may be; of health and reported state only the newest."""
        match said:
            case Health():
                self._health = said
                self._unsaid.add("health")
            case Reported():
                self._reported = said
                self._unsaid.add("reported")
            case Result():
                self._results[said.id] = said
                self._unsaid.add(f"result {said.id}")
        self._news.set()

    async def run(self) -> None:
        """Connect, and again, for ever."""
        while True:
            again = AsyncRetrying(
                retry=retry_if_exception_type(LinkLost), wait=self._back_off, reraise=True
            )
            async for attempt in again:
                with attempt:
                    begun = time.monotonic()
                    try:
                        await self._session()
                    except LinkLost as lost:
                        self._lost(lost)
                        if time.monotonic() - begun < _STEADY_S:
                            raise
            await asyncio.sleep(0.2)

    async def _session(self) -> None:
        """One connection, from its beginning to its end."""
        try:
            async with self._make() as link:
                self._outbox.reconnected()
                self.connected, self.trouble = True, ""
                self.connections += 1
                _log.info("connected")
                if self._health:
                    self._unsaid.add("health")
                if self._reported:
                    self._unsaid.add("reported")
                self._unsaid.update(f"result {id}" for id in self._results)
                self._news.set()
                broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._sending(link, broken), name="sending")
                    group.create_task(self._speaking(link, broken), name="speaking")
                    group.create_task(self._listening(link), name="listening")
                    group.create_task(_until(broken), name="watching")
        except* LinkLost as lost:
            # All that ended together ended for the same reason.
            raise _first(lost) from None
        finally:
            self.connected = False

    def _lost(self, lost: LinkLost) -> None:
        if str(lost) != self.trouble:
            _log.warning("not connected: %s", lost)
        self.trouble = str(lost)

    async def _sending(self, link: Link, broken: asyncio.Future[None]) -> None:
        while True:
            for item in await self._outbox.next():
                self._send(link, item.parcel, _class_of(item), broken, item.id)

    async def _speaking(self, link: Link, broken: asyncio.Future[None]) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            unsaid, self._unsaid = sorted(self._unsaid), set()
            for name in unsaid:
                if name == "health" and self._health:
                    self._send(link, self._health, "health", broken)
                elif name == "reported" and self._reported:
                    self._send(link, self._reported, "reported", broken)
                elif result := self._results.get(name.removeprefix("result ")):
                    self._send(link, result, "result", broken)

    async def _listening(self, link: Link) -> None:
        async for heard in link.heard():
            await self._hear(heard)

    def _send(
        self, link: Link, said: Said, kind: str, broken: asyncio.Future[None], id: int | None = None
    ) -> None:
        def settled(future: asyncio.Future[int]) -> None:
            if future.cancelled():
                return
            error = future.exception()
            if error is not None:
                if not broken.done():
                    broken.set_exception(error)
                return
            if id is None or self._outbox.arrived(id):
                self._ledger.count(kind, future.result())
            if isinstance(said, Result):
                self._results.pop(said.id, None)

        link.send(said).add_done_callback(settled)


async def _until(broken: asyncio.Future[None]) -> None:
    await broken


def _class_of(item: Stored) -> str:
    return "lost" if item.parcel.kind == "lost" else item.rank


def _first(group: BaseExceptionGroup[LinkLost]) -> LinkLost:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, LinkLost)
    return LinkLost(*error.args)
