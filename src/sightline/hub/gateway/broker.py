"""Cameras that connect to a broker of somebody else's: the hub is a client of it.

The broker checks who a camera is and keeps it to its own topics (see `broker_config`); the hub
takes what comes on a camera's topic as that camera's word, if it knows it. What it takes is
acknowledged once it is stored, and the session is kept, so the broker holds what comes while the
hub is away, and sends again what was not acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
import time
from collections import Counter, OrderedDict
from urllib.parse import unquote, urlsplit

from sightline.errors import ConfigError
from sightline.hub.gateway.base import Arrival, Hooks
from sightline.hub.gateway.broker_link import Link, SignIn
from sightline.hub.gateway.mqtt.outbound import Outbound
from sightline.hub.gateway.mqtt.packets import Publish
from sightline.wire import topics

_LOG = logging.getLogger(__name__)
_PORTS = {"mqtt": 1883, "mqtts": 8883}
_KNOWN_S = 60.0  # an answer of the registry is believed so long
_HERE_S = 95.0  # cameras report every 30 s
_MOST_KNOWN = 100_000
_LONGEST_WAIT_S = 15.0


class Broker:
    """A `Gateway` through a broker. `run` is its task; `open` says whether it is connected.

    url     mqtt(s)://[USER:PASSWORD@]HOST[:PORT]
    client  by which name the broker keeps the hub's session
    tls     for mqtts
    Raises ConfigError for a URL that is none.
    """

    def __init__(self, url: str, hooks: Hooks, client: str, tls: ssl.SSLContext | None) -> None:
        self._host, self._port, secure = place(url)
        self._tls = tls if secure else None
        parsed = urlsplit(url)
        user = unquote(parsed.username) if parsed.username else None
        password = unquote(parsed.password or "").encode() if user else None
        self._sign_in = SignIn(client, user, password)
        self._hooks = hooks
        self._outbound = Outbound(window=100, messages=100_000, size=64 << 20)
        self._known: OrderedDict[str, tuple[float, bool]] = OrderedDict()
        self._here: dict[str, float] = {}
        self._greeted: set[str] = set()
        self._wanted: Counter[str] = Counter()  # how often each was told what it is to be
        self._link: Link | None = None
        self._counts: Counter[str] = Counter()

    @property
    def counts(self) -> Counter[str]:
        return self._counts

    @property
    def open(self) -> bool:
        return self._link is not None and self._link.open

    async def run(self) -> None:
        """Stay connected until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch(), name="presence by broker")
            wait_s = 0.25
            while True:
                try:
                    await self._connected()
                    wait_s = 0.25
                except (OSError, TimeoutError) as error:
                    self._counts["unreachable"] += 1
                    _LOG.warning("the broker at %s:%d: %s", self._host, self._port, error)
                await asyncio.sleep(wait_s * random.uniform(0.5, 1.5))  # noqa: S311
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)

    async def _connected(self) -> None:
        """One connection, to its end."""
        link = Link(self._sign_in, self._take, self._outbound)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(20):
            await loop.create_connection(
                lambda: link, self._host, self._port, ssl=self._tls,
                server_hostname=self._host if self._tls else None,
            )  # fmt: skip
        self._link = link
        self._greeted.clear()
        try:
            await link.run()
        finally:
            link.abort()
            self._link = None

    async def _take(self, message: Publish) -> asyncio.Future[None] | None:
        """Hand a message on; None where it means nothing and is not to come again."""
        address = topics.parse(message.topic)
        if address is None or address.direction != "up" or not message.payload:
            self._counts["topic"] += 1
            return None
        camera = address.camera
        if not await self._is_known(camera):
            self._counts["unknown"] += 1
            return None
        if message.retain and address.kind == "health":
            return None  # how it was when it was last heard, which the hub has
        await self._greet(camera)
        return self._hooks.deliver(Arrival(camera, message.topic, message.payload, time.time_ns()))

    async def _is_known(self, camera: str) -> bool:
        now = time.monotonic()
        asked, known = self._known.get(camera, (-_KNOWN_S, False))
        if now - asked > _KNOWN_S:
            known = await self._hooks.known(camera)
            self._known[camera] = (now, known)
            self._known.move_to_end(camera)
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return known

    async def _greet(self, camera: str) -> None:
        """It is here; the broker may have lost what it is to be."""
        if camera not in self._here:
            self._hooks.present(camera, True)
        self._here[camera] = time.monotonic()
        if camera not in self._greeted:
            self._greeted.add(camera)
            before = self._wanted[camera]
            desired = await self._hooks.desired(camera)
            # Not where somebody told it a newer one while this was being read.
            if desired is not None and self._wanted[camera] == before:
                await self.tell(camera, topics.down(camera, "desired"), desired, True)

    async def _watch(self) -> None:
        """Cameras that are not heard for long are gone."""
        while True:
            await asyncio.sleep(5)
            before = time.monotonic() - _HERE_S
            for camera in [name for name, heard in self._here.items() if heard < before]:
                del self._here[camera]
                self._hooks.present(camera, False)

    async def tell(self, camera: str, topic: str, payload: bytes, retain: bool = False) -> None:
        """The broker keeps it for a camera that is away, if its session is to be kept."""
        self._wanted[camera] += retain
        self._outbound.put(Publish(topic, payload, 1, retain=retain))
        if self._link is not None:
            self._link.pump()

    async def cut(self, camera: str) -> None:
        """Nothing more is taken from it, nor kept for it; the broker has to shut it out."""
        self._known[camera] = (time.monotonic(), False)
        if self._here.pop(camera, None) is not None:
            self._hooks.present(camera, False)
        await self.tell(camera, topics.down(camera, "desired"), b"", True)

    def connected(self, camera: str) -> bool:
        """Whether it was heard lately."""
        return camera in self._here


def place(url: str) -> tuple[str, int, bool]:
    """Host, port and whether TLS is spoken. Raises ConfigError."""
    try:
        parsed = urlsplit(url)
        port = parsed.port
    except ValueError:
        parsed, port = urlsplit(""), None
    if parsed.scheme not in _PORTS or not parsed.hostname:
        raise ConfigError("--broker is mqtt://HOST:PORT or mqtts://HOST:PORT of an MQTT broker")
    secure = parsed.scheme == "mqtts"
    return parsed.hostname, port or _PORTS[parsed.scheme], secure


def without_credentials(url: str) -> str:
    """What cameras are told of a broker: where it is. Empty stays empty."""
    if not url:
        return ""
    host, port, secure = place(url)
    named = f"[{host}]" if ":" in host else host
    return f"{'mqtts' if secure else 'mqtt'}://{named}:{port}"
