"""Cameras that say things which can be told apart, and remember what was acknowledged.

As a program: `python talker.py IDENTITY.json LOG` says things until it is killed, and writes the
number of each that was acknowledged to the log before it goes on.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sightline.hub.simulation.identity import Identity, _known
from sightline.hub.simulation.session import Session
from sightline.results import Detections
from sightline.wire import topics
from sightline.wire.formats.block import PackedFrame
from sightline.wire.formats.packed import pack, pack_frames
from sightline.wire.messages import Event, Header
from sightline.wire.parcel import Kind, Parcel, digest, encode_parcel


@dataclass
class Talker:
    """Says an event and a frame at a time; `said` counts events, `frames` frames."""

    identity: Identity
    boot: str = field(default_factory=lambda: secrets.token_hex(8))
    said: int = 0
    frames: int = 0
    acknowledged: int = 0

    def __post_init__(self) -> None:
        self.camera = self.identity.camera
        self.session = Session(self.identity, lambda topic, payload: None, self._acknowledged)
        self.sequence = 0
        header = pack(
            Header(self.camera, "talk", 640, 480, ("person",), boot=self.boot, clock="utc")
        )
        self._digest = digest(header)
        self._send("events", header)

    def talk(self) -> None:
        """One event that nobody else says, and one frame."""
        now = time.time_ns()
        self._send("events", pack(Event("talk", now, self.boot, track=self.said)))
        seen = Detections(
            np.array([[0.1, 0.1, 0.2, 0.2]], np.float32), np.ones(1, np.float32),
            np.zeros(1, np.int32), np.ones(1, np.int64),
        )  # fmt: skip
        self._send("frames", pack_frames([PackedFrame(now, self.frames, seen)]), self._digest)
        self.said += 1
        self.frames += 1

    async def talk_on(self, pause_s: float = 0.01) -> None:
        """Until cancelled, with no more than some hundred messages on their way."""
        while True:
            if self.session.waiting < 300:
                self.talk()
            await asyncio.sleep(pause_s)

    async def quiet(self) -> None:
        """Wait until everything is acknowledged."""
        while self.session.waiting:
            await asyncio.sleep(0.02)

    def _send(self, kind: Kind, body: bytes, header: str = "") -> None:
        parcel = Parcel(self.camera, self.boot, self.sequence, kind, time.time_ns(), body, header)
        self.sequence += 1
        topic = topics.up(self.camera, "frames" if kind == "frames" else "events")
        self.session.say(topic, encode_parcel(parcel))

    def _acknowledged(self, delay_s: float) -> None:
        self.acknowledged += 1


async def _main(identity: Path, log: Path) -> None:
    known = _known(identity.parent, identity.stem)
    assert known is not None
    talker = Talker(known)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    running = asyncio.create_task(talker.session.run())
    while not running.done():
        talker.talk()
        await talker.quiet()
        os.write(descriptor, f"{talker.boot} {talker.said - 1}\n".encode())


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), Path(sys.argv[2])))
