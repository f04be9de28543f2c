"""One simulated camera: what it says and answers, without pictures."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence

from sightline.hub.simulation.identity import Identity
from sightline.hub.simulation.session import Session
from sightline.wire import topics
from sightline.wire.control import (
    Command,
    Desired,
    Health,
    Reported,
    Result,
    Watch,
    decode_control,
    encode_control,
)  # fmt: skip
from sightline.wire.formats.block import PackedFrame
from sightline.wire.formats.packed import pack, pack_frames
from sightline.wire.messages import Event, Header, Measure
from sightline.wire.parcel import Kind, Parcel, digest, encode_parcel

LABELS = ("person", "bicycle", "car")


class SimulatedCamera:
    """Numbers its parcels, reports health, takes any configuration, answers any command."""

    def __init__(
        self, identity: Identity, fps: float, on_acknowledged: Callable[[float], None]
    ) -> None:
        self.name = identity.camera
        self.session = Session(identity, self._told, on_acknowledged)
        self.boot = secrets.token_hex(8)
        self._fps = fps
        self._sequence = 0
        self.picture = 0
        self._began = time.monotonic()
        self._version = 0
        self._watched_until = 0.0
        header = pack(
            Header(self.name, "simulation", 1920, 1080, LABELS, "simulated", fps, "utc", self.boot)
        )
        self._digest = digest(header)
        self._parcel("events", header)

    @property
    def watched(self) -> bool:
        """Whether somebody looks on, so that each picture is said at once."""
        return time.monotonic() < self._watched_until

    def saw(self, frames: Sequence[PackedFrame], events: Sequence[Event]) -> None:
        """Frames of the last moment, and what happened in it."""
        if events:
            self._parcel("events", b"".join(map(pack, events)))
        self._parcel("frames", pack_frames(frames), self._digest)

    def numbers(self, count: int) -> range:
        """Numbers for so many pictures."""
        first, self.picture = self.picture, self.picture + count
        return range(first, self.picture)

    def measured(self, measures: Sequence[Measure]) -> None:
        """Numbers over an interval."""
        self._parcel("events", b"".join(map(pack, measures)))

    def report_health(self, waiting: int) -> None:
        """As every camera does now and then."""
        health = Health(
            self.name, self.boot, time.time_ns(), "running", time.monotonic() - self._began,
            self._fps, {"median": 12.0, "p95": 18.0}, reconnects=max(0, self.session.reconnects),
            temperature_c=48.0, memory_mb=120.0, disk_free_mb=9000.0,
            outbox={"parcels": waiting}, model="simulated", config_version=self._version,
        )  # fmt: skip
        self.session.say(topics.up(self.name, "health"), encode_control(health))

    def _parcel(self, kind: Kind, body: bytes, header: str = "") -> None:
        parcel = Parcel(self.name, self.boot, self._sequence, kind, time.time_ns(), body, header)
        self._sequence += 1
        topic = topics.up(self.name, "frames" if kind == "frames" else "events")
        self.session.say(topic, encode_parcel(parcel))

    def _told(self, topic: str, payload: bytes) -> None:
        address = topics.parse(topic)
        if address is None:
            return
        if address.kind == "desired":
            desired = decode_control(Desired, payload, "the hub")
            self._version = desired.version
            model = {} if desired.model is None else {
                "name": desired.model.name, "version": desired.model.version,
                "sha256": desired.model.sha256,
            }  # fmt: skip
            reported = Reported(
                desired.version, "applied", desired.config, model,
                deployment=desired.deployment, time_ns=time.time_ns(),
            )  # fmt: skip
            self.session.say(topics.up(self.name, "reported"), encode_control(reported))
        elif address.kind == "watch":
            watch = decode_control(Watch, payload, "the hub")
            self._watched_until = time.monotonic() + watch.for_s
        else:
            command = decode_control(Command, payload, "the hub")
            result = Result(command.id, False, error="a simulated camera does none of this")
            self.session.say(topics.up(self.name, "result", command.id), encode_control(result))
