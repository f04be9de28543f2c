"""The other end of the gateway: a camera's MQTT session that comes back by itself."""

from __future__ import annotations

import asyncio
import random
import ssl
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from sightline.errors import ConfigError
from sightline.hub.gateway.mqtt.packets import (
    ACCEPTED,
    Connack,
    Connect,
    Packet,
    Pingreq,
    Puback,
    Publish,
    Suback,
    Subscribe,
    encode,
    puback,
    publish,
)  # fmt: skip
from sightline.hub.gateway.mqtt.reader import Reader
from sightline.hub.simulation.identity import Identity
from sightline.wire import topics
from sightline.wire.credential import sign_in

Message = tuple[str, bytes, float]  # topic, payload, when it was said

_KEEP_ALIVE_S = 30
_WINDOW = 64  # messages sent and not acknowledged
_LONGEST_WAIT_S = 10.0
_PORTS = {"mqtt": 1883, "mqtts": 8883}


class Session(asyncio.Protocol):
    """Sends in order what it is given, again after a new connection, until it is acknowledged.

    on_told          topic and payload of what the hub says
    on_acknowledged  told of each message that was acknowledged, how many seconds after `say`
    """

    def __init__(
        self,
        identity: Identity,
        on_told: Callable[[str, bytes], None],
        on_acknowledged: Callable[[float], None],
    ) -> None:
        self.identity = identity
        self._on_told, self._on_acknowledged = on_told, on_acknowledged
        self._unsent: list[Message] = []
        self._sent: dict[int, Message] = {}
        self._last = 0
        self._transport: asyncio.Transport | None = None
        self._lost = asyncio.Event()
        self.open = False
        self.reconnects = -1

    @property
    def waiting(self) -> int:
        """Messages that are not acknowledged yet."""
        return len(self._unsent) + len(self._sent)

    @property
    def unsent(self) -> Sequence[Message]:
        """Messages that wait to be sent, in order."""
        return tuple(self._unsent)

    def say(self, topic: str, payload: bytes) -> None:
        """Queue a message."""
        self._unsent.append((topic, payload, time.monotonic()))
        self._pump()

    async def run(self) -> None:
        """Stay connected until cancelled."""
        loop, wait_s = asyncio.get_running_loop(), 0.1
        host, port, tls = _place(self.identity)
        while True:
            self._lost.clear()
            try:
                async with asyncio.timeout(20):
                    await loop.create_connection(lambda: self, host, port, ssl=tls)
            except (OSError, TimeoutError):
                await asyncio.sleep(wait_s * random.uniform(0.5, 1.5))  # noqa: S311
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
                continue
            wait_s = 0.1
            await self._until_lost()
            await asyncio.sleep(random.uniform(0.05, 0.5))  # noqa: S311

    async def _until_lost(self) -> None:
        while not self._lost.is_set():
            try:
                async with asyncio.timeout(_KEEP_ALIVE_S / 2):
                    await self._lost.wait()
            except TimeoutError:
                self._write(encode(Pingreq()))

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._reader = transport, Reader()
        camera = self.identity.camera
        token = sign_in(camera, self.identity.key).encode()
        self._write(encode(Connect(camera, False, _KEEP_ALIVE_S, camera, token)))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport, self.open = None, False
        self._lost.set()

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        for packet in self._reader.feed(data):
            if not isinstance(packet, Puback):
                self._on(packet)
            elif message := self._sent.pop(packet.id, None):
                self._on_acknowledged(now - message[2])
        self._pump()

    def _on(self, packet: Packet) -> None:
        match packet:
            case Connack(code) if code == ACCEPTED:
                self.reconnects += 1
                listened = topics.listens(self.identity.camera)
                self._write(encode(Subscribe(1, ((listened, 1),))))
            case Connack():
                self.close()
            case Suback():
                self._unsent = [*self._sent.values(), *self._unsent]
                self._sent.clear()
                self.open = True
                self._pump()
            case Publish(topic, payload, qos, id):
                if qos:
                    self._write(puback(id))
                self._on_told(topic, payload)
            case _:
                pass

    def _pump(self) -> None:
        if not self.open:
            return
        room = _WINDOW - len(self._sent)
        now, self._unsent = self._unsent[:room], self._unsent[room:]
        parts = []
        for message in now:
            self._last = self._last % 0xFFFF + 1
            self._sent[self._last] = message
            parts.append(publish(message[0], message[1], 1, self._last))
        if parts:
            self._write(b"".join(parts))

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


def _place(identity: Identity) -> tuple[str, int, ssl.SSLContext | None]:
    url = urlsplit(identity.mqtt)
    if url.scheme not in _PORTS or not url.hostname:
        raise ConfigError(f"simulated cameras speak mqtt:// and mqtts://, not {identity.mqtt}")
    tls = None
    if url.scheme == "mqtts":
        tls = ssl.create_default_context(cadata=identity.authority or None)
    return url.hostname, url.port or _PORTS[url.scheme], tls
