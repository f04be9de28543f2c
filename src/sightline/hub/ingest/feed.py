"""What was just said, handed to whoever looks on: live views, twins, presence.

    with feed.listen(FramesStored, camera="door", capacity=8) as frames:
        async for item in frames: ...

Everything here is already committed, but `FramesSeen`. A listener that is slow loses the oldest
(`dropped` counts them); who must not miss anything reads the store by a cursor and takes the feed
as a bell.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sightline.wire.control import Health, Reported, Result
from sightline.wire.formats.block import Block
from sightline.wire.messages import Event, Header, Measure


@dataclass(frozen=True, slots=True)
class EventsStored:
    camera: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class MeasuresStored:
    camera: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class FramesStored:
    """Blocks of frames; `header` is None where it has not come yet. `offset_ns` is to be added
    to their times (see `store.tables.delivery`); boot, sequence and digest are the parcel's."""

    camera: str
    header: Header | None
    blocks: tuple[Block, ...]
    offset_ns: int = 0
    boot: str = ""
    sequence: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class FramesSeen:
    """The same for who looks on: each parcel once, and not stored yet where that is quicker."""

    camera: str
    header: Header | None
    blocks: tuple[Block, ...]
    offset_ns: int = 0


@dataclass(frozen=True, slots=True)
class HealthStored:
    camera: str
    health: Health
    arrived_ns: int


@dataclass(frozen=True, slots=True)
class ReportedArrived:
    """The twin stores this one."""

    camera: str
    reported: Reported


@dataclass(frozen=True, slots=True)
class ResultArrived:
    camera: str
    result: Result


@dataclass(frozen=True, slots=True)
class LedgerArrived:
    """One entry of the egress ledger as JSON. Stored by who listens, see `Ingest.keepers`."""

    camera: str
    boot: str
    entry: bytes


@dataclass(frozen=True, slots=True)
class Presence:
    """A camera came or went."""

    camera: str
    connected: bool


News = (
    EventsStored
    | MeasuresStored
    | FramesStored
    | FramesSeen
    | HealthStored
    | ReportedArrived
    | ResultArrived
    | LedgerArrived
    | Presence
)
N = TypeVar("N", bound=News)


class Listener(Generic[N]):
    """A bounded queue of news: `async for` takes them, `dropped` counts what was too much."""

    def __init__(self, capacity: int) -> None:
        self._items: deque[N] = deque()
        self._capacity = capacity
        self._ready = asyncio.Event()
        self.dropped = 0

    def put(self, item: N) -> None:
        if len(self._items) >= self._capacity:
            self._items.popleft()
            self.dropped += 1
        self._items.append(item)
        self._ready.set()

    async def __aiter__(self) -> AsyncIterator[N]:
        while True:
            await self._ready.wait()
            while self._items:
                yield self._items.popleft()
            self._ready.clear()


class Feed:
    """Tells listeners what was stored. Everything happens on the event loop."""

    def __init__(self) -> None:
        self._listeners: dict[tuple[type, str], set[Listener[News]]] = {}

    @contextmanager
    def listen(self, kind: type[N], camera: str = "", capacity: int = 256) -> Iterator[Listener[N]]:
        """News of one kind, of one camera or (empty) of all."""
        kinds: Any = (kind,)
        with self.listen_to(kinds, (camera,), capacity) as listener:
            yield listener  # type: ignore[misc]

    @contextmanager
    def listen_to(
        self, kinds: Iterable[type[News]], cameras: Iterable[str], capacity: int
    ) -> Iterator[Listener[News]]:
        """News of several kinds and cameras, in the order in which they come."""
        listener: Listener[News] = Listener(capacity)
        wanted = [(kind, camera) for kind in kinds for camera in cameras]
        for key in wanted:
            self._listeners.setdefault(key, set()).add(listener)
        try:
            yield listener
        finally:
            for key in wanted:
                group = self._listeners[key]
                group.discard(listener)
                if not group:
                    del self._listeners[key]

    def heard(self, kind: type[News], camera: str) -> bool:
        """Whether anybody listens, so that nothing is made for nobody."""
        return (kind, camera) in self._listeners or (kind, "") in self._listeners

    def publish(self, item: News) -> None:
        """Hand it to everybody who listens for it."""
        for camera in (item.camera, ""):
            for listener in self._listeners.get((type(item), camera), ()):
                listener.put(item)
