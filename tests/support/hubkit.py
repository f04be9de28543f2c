"""Cameras that say what a test needs, and a hub's store that hears it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import func, select

from sightline.hub.gateway.base import Arrival
from sightline.hub.ingest.feed import Feed
from sightline.hub.ingest.ingest import Ingest
from sightline.hub.store.compaction import Compaction, Pace
from sightline.hub.store.database import Database
from sightline.hub.store.segments import Segments
from sightline.results import Detections
from sightline.wire import topics
from sightline.wire.formats.block import PackedFrame
from sightline.wire.formats.packed import pack, pack_frames
from sightline.wire.messages import Event, Header, Measure
from sightline.wire.parcel import Kind, Parcel, digest, encode_parcel

NOW = 1_780_000_000_000_000_000  # a moment in 2026
SECOND = 10**9


def detections(count: int, seed: int = 0) -> Detections:
    """Some people and cars."""
    random = np.random.default_rng(seed)
    low = random.random((count, 2), dtype=np.float32) * 0.5
    boxes = np.concatenate([low, low + 0.25], axis=1)
    labels = (np.arange(count) % 2).astype(np.int32)
    scores = np.full(count, 0.5, np.float32)
    return Detections(boxes, scores, labels, np.arange(1, count + 1))


def counted(table: Any) -> Any:
    """How many rows a table has, for `Database.read`."""
    return lambda connection: connection.execute(
        select(func.count()).select_from(table)
    ).scalar_one()


@dataclass
class Speaker:
    """A camera's outbox: numbers its parcels."""

    camera: str = "door"
    boot: str = "boot-1"
    now_ns: int = NOW
    sequence: int = 0
    clock: str = "utc"
    header: Header = field(init=False)

    def __post_init__(self) -> None:
        self.header = Header(
            self.camera, "rtsp://x", 1920, 1080, ("person", "car"), boot=self.boot,
            clock="media" if self.clock == "media" else "utc",
        )  # fmt: skip

    def parcel(self, kind: Kind, body: bytes, header: str = "") -> Parcel:
        made = Parcel(self.camera, self.boot, self.sequence, kind, self.now_ns, body, header)
        self.sequence += 1
        return made

    def announce(self) -> Parcel:
        return self.parcel("events", pack(self.header))

    def say(self, *messages: Event | Measure) -> Parcel:
        return self.parcel("events", b"".join(map(pack, messages)))

    def frames(self, counts: Sequence[int], first_ns: int | None = None, first: int = 0) -> Parcel:
        """Ten frames a second with so many objects each."""
        seen = [detections(count, first + i) for i, count in enumerate(counts)]
        return self.seeing(seen, first_ns, first)

    def seeing(
        self,
        seen: Sequence[Detections],
        first_ns: int | None = None,
        first: int = 0,
        step_ns: int = SECOND // 10,
    ) -> Parcel:
        """Frames of these objects."""
        begin = self.now_ns if first_ns is None else first_ns
        frames = [PackedFrame(begin + i * step_ns, first + i, one) for i, one in enumerate(seen)]
        return self.parcel("frames", pack_frames(frames), digest(pack(self.header)))


def arrival(parcel: Parcel, arrived_ns: int | None = None, payload: bytes | None = None) -> Arrival:
    """A parcel as a gateway hands it on."""
    kind: Any = "frames" if parcel.kind == "frames" else "events"
    when = parcel.stored_ns if arrived_ns is None else arrived_ns
    data = encode_parcel(parcel) if payload is None else payload
    return Arrival(parcel.camera, topics.up(parcel.camera, kind), data, when)


@dataclass
class Store:
    """A database, its segments, and ingest that is running."""

    database: Database
    segments: Segments
    ingest: Ingest
    feed: Feed
    compaction: Compaction

    async def hear(self, *said: Parcel | Arrival) -> None:
        """Deliver them and wait until they are stored."""
        arrivals = [arrival(item) if isinstance(item, Parcel) else item for item in said]
        await asyncio.gather(*map(self.ingest.deliver, arrivals))


@asynccontextmanager
async def open_store(folder: Path, url: str = "", **options: Any) -> AsyncIterator[Store]:
    """A store under a folder, as a hub has it."""
    async with Database(url or f"sqlite:///{folder}/hub.db") as database:
        segments, feed = Segments(folder / "frames"), Feed()
        compaction = Compaction(database, segments, Pace(linger_s=0), lambda: NOW / 1e9)
        await compaction.open()
        ingest = Ingest(database, feed, grown=compaction.grown, **options)
        running = asyncio.create_task(ingest.run())
        try:
            yield Store(database, segments, ingest, feed, compaction)
        finally:
            assert not running.done(), f"ingest ended by itself: {running}"
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
