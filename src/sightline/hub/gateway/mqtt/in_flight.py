"""Messages on their way to the store, answered in the order in which they came."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from sightline.hub.gateway.mqtt.packets import puback

Settled = Callable[[bytes, int, bool], None]


class InFlight:
    """Of one connection.

    settled  called with the answers to all that is stored by now, the bytes that are free again,
             and whether something was not stored; from then on nothing is answered
    """

    def __init__(self, settled: Settled) -> None:
        self._settled = settled
        self._waiting: deque[tuple[int, int, asyncio.Future[None]]] = deque()
        self._scheduled = False
        self._failed = False
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, id: int, size: int, stored: asyncio.Future[None]) -> None:
        """Something was handed on. `id` is 0 where no answer is awaited."""
        self._waiting.append((id, size, stored))
        self.bytes += size
        stored.add_done_callback(self._done)

    def _done(self, _: asyncio.Future[None]) -> None:
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._answer)

    def _answer(self) -> None:
        self._scheduled = False
        answers, freed = [], 0
        while self._waiting and self._waiting[0][2].done():
            id, size, stored = self._waiting.popleft()
            freed += size
            self._failed |= stored.cancelled() or stored.exception() is not None
            if id and not self._failed:
                answers.append(puback(id))
        self.bytes -= freed
        self._settled(b"".join(answers), freed, self._failed)
