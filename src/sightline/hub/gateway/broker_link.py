"""One connection of the hub to a broker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from sightline.hub.gateway.mqtt.in_flight import InFlight
from sightline.hub.gateway.mqtt.outbound import Outbound
from sightline.hub.gateway.mqtt.packets import (
    ACCEPTED,
    REFUSED,
    Connack,
    Connect,
    Packet,
    Pingreq,
    Puback,
    Publish,
    Suback,
    Subscribe,
    encode,
)  # fmt: skip
from sightline.hub.gateway.mqtt.reader import Malformed, Reader
from sightline.wire import topics

Take = Callable[[Publish], Awaitable["asyncio.Future[None] | None"]]

_ALL = f"{topics.ROOT}/+/up/#"
_KEEP_ALIVE_S = 30
_MOST_MESSAGES = 2000
_MOST_BYTES = 32 << 20


class SignIn(NamedTuple):
    client: str
    user: str | None
    password: bytes | None


class Link(asyncio.Protocol):
    """Signs in, listens to all cameras, acknowledges what is stored; ends with the connection."""

    def __init__(self, sign_in: SignIn, take: Take, outbound: Outbound) -> None:
        self._sign_in, self._take, self._outbound = sign_in, take, outbound
        self._reader = Reader(1 << 20)
        self._queue: asyncio.Queue[Publish] = asyncio.Queue()
        self._in_flight = InFlight(self._settled)
        self._transport: asyncio.Transport | None = None
        self._lost = asyncio.get_running_loop().create_future()
        self._heard = False
        self._paused = False
        self.open = False

    async def run(self) -> None:
        """Until the connection ends. Raises OSError with the reason."""
        handing = asyncio.create_task(self._hand_on(), name="from broker")
        pinging = asyncio.create_task(self._ping(), name="broker ping")
        try:
            await asyncio.wait((self._lost, handing, pinging), return_when="FIRST_COMPLETED")
            for task in (handing, pinging):
                if task.done():
                    task.result()
            self._lost.result()
        finally:
            for task in (handing, pinging):
                task.cancel()
            self._lost.cancel()
            await asyncio.gather(handing, pinging, self._lost, return_exceptions=True)

    def pump(self) -> None:
        """Send what waits."""
        if self.open:
            for data in self._outbound.ready():
                self._write(data)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    async def _hand_on(self) -> None:
        """One after the other, so that a camera's messages stay in order."""
        while True:
            message = await self._queue.get()
            stored = await self._take(message)
            if stored is not None:
                self._in_flight.add(message.id, len(message.payload), stored)
            elif message.id:
                done = asyncio.get_running_loop().create_future()
                done.set_result(None)
                self._in_flight.add(message.id, 0, done)
            self._weigh()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(_KEEP_ALIVE_S / 2)
            if not self._heard and not self._paused:
                raise OSError("does not answer any more")
            self._heard = False
            self._write(encode(Pingreq()))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        client, user, password = self._sign_in
        self._write(encode(Connect(client, False, _KEEP_ALIVE_S, user, password)))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport, self.open = None, False
        self._end(str(exc) if exc else "hung up")

    def data_received(self, data: bytes) -> None:
        self._heard = True
        try:
            for packet in self._reader.feed(data):
                self._on(packet)
        except Malformed as error:
            self._end(f"sent {error}")
        self._weigh()

    def _on(self, packet: Packet) -> None:
        match packet:
            case Publish():
                self._queue.put_nowait(packet)
            case Puback(id):
                self._outbound.acknowledged(id)
                self.pump()
            case Connack(code) if code == ACCEPTED:
                self._write(encode(Subscribe(1, ((_ALL, 1),))))
            case Connack(code):
                self._end(f"does not let the hub in (code {code})")
            case Suback(_, codes) if REFUSED in codes:
                self._end(f"does not let the hub listen to {_ALL}")
            case Suback():
                self.open = True
                for data in self._outbound.again():
                    self._write(data)
                self.pump()
            case _:
                pass

    def _settled(self, answers: bytes, freed: int, failed: bool) -> None:
        if answers:
            self._write(answers)
        if failed:
            self._end("is left, so that it sends again what could not be stored")
        self._weigh()

    def _weigh(self) -> None:
        """Read on, or not, by what is on its way to the store."""
        if self._transport is None or self._transport.is_closing():
            return
        messages = len(self._in_flight) + self._queue.qsize()
        full = messages >= _MOST_MESSAGES or self._in_flight.bytes >= _MOST_BYTES
        if full and not self._paused:
            self._transport.pause_reading()
        elif self._paused and messages <= _MOST_MESSAGES // 2:
            self._transport.resume_reading()
        else:
            return
        self._paused = not self._paused

    def _end(self, why: str) -> None:
        if not self._lost.done():
            self._lost.set_exception(ConnectionError(why))

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)
