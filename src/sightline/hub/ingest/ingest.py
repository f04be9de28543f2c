"""From gateways to the store: many arrivals to a transaction, each answered once it is committed.

While the disk is full or the database is away, nothing is answered and the same batch is tried
again: what cameras send on piles up to the gateways' limits, and from there on they are not
read. What cannot be stored by itself is refused, counted, and answered, so that it never blocks
what comes after it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from sightline.errors import OutputError
from sightline.hub.gateway.base import Arrival
from sightline.hub.ingest.batch import Grown, Keepers, Outcome
from sightline.hub.ingest.feed import Feed, FramesStored
from sightline.hub.ingest.intake import Intake
from sightline.hub.ingest.opening import Content, Refused, opened
from sightline.hub.ingest.preview import Preview
from sightline.hub.spans import Span, untraced
from sightline.hub.store.database import Database
from sightline.hub.store.trouble import passes

_LOG = logging.getLogger(__name__)
_MOST_TOGETHER = 2000
_MOST_BYTES = 8 << 20
_PATIENCE_S = 1.0
_GATHER_S = 0.05  # from one batch to the next at least: fewer commits, each of more

_STOPPING = OutputError("the hub is stopping")


class Waiting(NamedTuple):
    """What is to be stored; `content` is None where it has not been opened yet."""

    arrival: Arrival
    stored: asyncio.Future[None]
    content: Content | None


Opened = list[tuple[Arrival, Content]]
Room = Callable[[], None]
OnGrown = Callable[[list[Grown]], None]


class Ingest:
    """`deliver` is what gateways hand arrivals to; `run` is its task.

    keepers  what stores reported states, results and ledger entries, in the same transaction
    room     raises StoreFull where nothing more should be written
    grown    told where the tail of frames got larger
    span     told of each batch while it is stored
    trouble  why nothing is stored just now; empty where all is well
    counts   parcels by verdict, frames, objects, events, measures, health, refused
    """

    def __init__(
        self,
        database: Database,
        feed: Feed,
        keepers: Keepers | None = None,
        room: Room = lambda: None,
        grown: OnGrown = lambda grown: None,
        span: Span = untraced,
    ) -> None:
        self._database = database
        self._feed = feed
        self._preview = Preview(feed)
        self._intake = Intake(keepers or {})
        self._room = room
        self._grown = grown
        self._span = span
        self._waiting: deque[Waiting] = deque()
        self._taken: deque[Waiting] = deque()  # out of `waiting`, and not stored yet
        self._ready = asyncio.Event()
        self._stopped = False
        self.counts: Counter[str] = Counter()
        self.trouble = ""

    def deliver(self, arrival: Arrival) -> asyncio.Future[None]:
        """Take an arrival; the future is done once it is stored. Who looks on is told at once."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._stopped:
            future.set_exception(_STOPPING)
            return future
        content = None
        if self._preview.wants(arrival):
            content = opened(arrival)
            self._preview.came(content)
        self._waiting.append(Waiting(arrival, future, content))
        self._ready.set()
        return future

    def aside(self) -> Ingest:
        """Another that stores in the same way and tells nobody: for what is long past."""
        return Ingest(self._database, Feed(), room=self._room, grown=self._grown)

    def forget(self) -> None:
        """Rows were deleted that it remembers. Only in the transaction that deletes them."""
        self._intake.forget()

    async def run(self) -> None:
        """Store what comes, until cancelled; what waits then is told that it was not stored.

        While one batch is being committed, the next is being opened.
        """
        opened: asyncio.Queue[tuple[list[Waiting], Opened]] = asyncio.Queue(1)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._open(opened), name="opening")
                group.create_task(self._keep(opened), name="storing")
        finally:
            self._stopped = True
            for item in (*self._taken, *self._waiting):
                if not item.stored.done():
                    item.stored.set_exception(_STOPPING)

    async def _open(self, opened: asyncio.Queue[tuple[list[Waiting], Opened]]) -> None:
        loop, began = asyncio.get_running_loop(), 0.0
        while True:
            await self._ready.wait()
            if len(self._waiting) < _MOST_TOGETHER:
                await asyncio.sleep(began + _GATHER_S - loop.time())
            began = loop.time()
            batch = self._gather()
            self._taken.extend(batch)
            content = await asyncio.to_thread(_open_all, batch)
            await opened.put((batch, content))

    async def _keep(self, opened: asyncio.Queue[tuple[list[Waiting], Opened]]) -> None:
        while True:
            batch, content = await opened.get()
            with self._span("ingest.batch", {"sightline.arrivals": len(batch)}):
                await self._store(content)
            for item in batch:
                self._taken.popleft()
                if not item.stored.done():
                    item.stored.set_result(None)

    def _gather(self) -> list[Waiting]:
        batch: list[Waiting] = []
        size = 0
        while self._waiting and len(batch) < _MOST_TOGETHER and size < _MOST_BYTES:
            batch.append(self._waiting.popleft())
            size += len(batch[-1].arrival.payload)
        if not self._waiting:
            self._ready.clear()
        return batch

    async def _store(self, content: Opened) -> None:
        """Until they are stored, or found to be such that they never will."""
        while content:
            try:
                self._room()
                outcome = await self._database.write(partial(self._intake.store, arrivals=content))
            except Exception as error:
                self._intake.forget()
                if passes(error):
                    await self._wait(error)
                else:
                    content = await self._one_by_one(content, error)
            else:
                self._well(outcome)
                return

    async def _wait(self, error: Exception) -> None:
        if not self.trouble:
            _LOG.error("nothing is stored until this is mended: %s", error)
        self.trouble = str(error)
        await asyncio.sleep(_PATIENCE_S)

    async def _one_by_one(self, content: Opened, error: Exception) -> Opened:
        """Store each by itself, where one of them spoils the batch; what is left to do."""
        if len(content) > 1:
            for item in content:
                await self._store([item])
            return []
        arrival, _ = content[0]
        _LOG.error("camera %s: %s", arrival.camera, error, exc_info=error)
        if isinstance(content[0][1], Refused):
            return []
        return [(arrival, Refused(f"camera {arrival.camera} sent what cannot be stored"))]

    def _well(self, outcome: Outcome) -> None:
        if self.trouble:
            _LOG.warning("storing again")
            self.trouble = ""
        self.counts.update(outcome.counts)
        self._grown(outcome.grown)
        for item in outcome.news:
            self._feed.publish(item)
            if isinstance(item, FramesStored):
                self._preview.stored(item)


def _open_all(batch: Sequence[Waiting]) -> Opened:
    return [(one.arrival, one.content or opened(one.arrival)) for one in batch]
