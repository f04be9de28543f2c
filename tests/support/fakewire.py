"""A connection without a network: what the gateway writes, and whether it still listens."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from sightline.hub.gateway.base import Arrival, Credentials, Hooks
from sightline.hub.gateway.mqtt.connection import Connection
from sightline.hub.gateway.mqtt.endpoint import Endpoint
from sightline.hub.gateway.mqtt.limits import Limits
from sightline.hub.gateway.mqtt.packets import Connect, Packet, Publish, Subscribe, encode
from sightline.hub.gateway.mqtt.reader import Reader


class FakeWire:
    """What a test holds in its hand instead of a socket."""

    def __init__(self, remote: str = "10.0.0.1:4000") -> None:
        self.remote = remote
        self.certificate = b""
        self.closed = self.aborted = self.paused = False
        self.stuck = 0
        self.writes: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = self.aborted = True

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def unread(self) -> int:
        return self.stuck

    def heard(self) -> list[Packet]:
        """What was written since the last look."""
        data, self.writes = b"".join(self.writes), []
        return Reader(1 << 20).feed(data)


@dataclass
class Bench:
    """An endpoint whose store, registry and clock a test plays."""

    limits: Limits = field(default_factory=Limits)
    desired: dict[str, bytes] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    stored: list[asyncio.Future[None]] = field(default_factory=list)
    asked: list[Credentials] = field(default_factory=list)
    presence: list[tuple[str, bool]] = field(default_factory=list)
    time: float = 1000.0
    store_at_once: bool = True

    def __post_init__(self) -> None:
        self.endpoint = Endpoint(
            Hooks(self._admit, self._desired, self._deliver, self._present),
            self.limits, lambda: self.time,
        )  # fmt: skip

    async def _admit(self, shown: Credentials) -> bool:
        self.asked.append(shown)
        if shown.password == "boom":
            raise RuntimeError("the registry is away")
        return shown.password == "secret"

    async def _desired(self, camera: str) -> bytes | None:
        return self.desired.get(camera)

    def _deliver(self, arrival: Arrival) -> asyncio.Future[None]:
        future = asyncio.get_running_loop().create_future()
        self.arrivals.append(arrival)
        self.stored.append(future)
        if self.store_at_once:
            future.set_result(None)
        return future

    def _present(self, camera: str, here: bool) -> None:
        self.presence.append((camera, here))

    async def connect(
        self, camera: str = "door", clean: bool = True, password: str = "secret", **more: object
    ) -> tuple[FakeWire, Connection]:
        """A camera that has signed in."""
        wire = FakeWire()
        connection = self.endpoint.accept(wire)
        assert connection is not None
        packet = Connect(camera, clean, 0, camera, password.encode())._replace(**more)
        connection.received(encode(packet))
        await settle()
        return wire, connection


async def listen(connection: Connection, camera: str = "door") -> None:
    """Subscribe to what the camera is told."""
    connection.received(encode(Subscribe(1, ((f"sightline/v1/{camera}/down/#", 1),))))
    await settle()


def said(payload: bytes = b"x", id: int = 1, camera: str = "door", kind: str = "events") -> bytes:
    """A message of QoS 1."""
    return encode(Publish(f"sightline/v1/{camera}/up/{kind}", payload, 1, id))


async def settle() -> None:
    """Let everything that is due happen."""
    for _ in range(8):
        await asyncio.sleep(0)
