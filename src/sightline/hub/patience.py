"""How long the hub waits for who sends slowly: a request that drips in holds a connection open.

The web server itself only bounds the time between two requests (`timeout_keep_alive`). Here a
head has to be whole within `HEAD_S` to twice that, and a body has to come on at `LEAST` bytes
in every `HEAD_S` while somebody waits for it.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 10.0
LEAST = 8 << 10


class Impatient(H11Protocol):
    """A connection that is looked at every `HEAD_S`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look."""
        super().connection_made(transport)
        self._heard = 0
        self._asked: object = None  # the last request before the head that was unfinished
        self._due = self.loop.call_later(HEAD_S, self._look)

    def data_received(self, data: bytes) -> None:
        """Count it."""
        self._heard += len(data)
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._due.cancel()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """From here on it is another protocol, with bounds of its own."""
        self._due.cancel()
        super().handle_websocket_upgrade(event)

    def _look(self) -> None:
        if self.transport.is_closing():
            return
        heard, self._heard = self._heard, 0
        busy = self.cycle is not None and not self.cycle.response_complete
        if busy:
            stalled = self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused
            if stalled and heard < LEAST:
                self.transport.abort()
                return
            self._asked = self  # no head is unfinished
        elif self.timeout_keep_alive_task is None:
            if self._asked is self.cycle:
                self.transport.abort()
                return
            self._asked = self.cycle
        self._due = self.loop.call_later(HEAD_S, self._look)
