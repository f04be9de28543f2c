"""From the mailbox to the outbox: all up to a mark in one transaction with what it means."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from sightline.camera.agent.ledger import EVERY_S, Ledger
from sightline.camera.agent.mailbox import Ended, Item, Mailbox, Mark, Seen
from sightline.camera.agent.pace import Pace
from sightline.camera.agent.packing import Packer
from sightline.camera.outbox.draft import Draft
from sightline.camera.outbox.outbox import Outbox
from sightline.errors import OutputError
from sightline.twin.agent import AgentConfig
from sightline.wire.egress import SentPicture

_log = logging.getLogger(__name__)


class Recorder:
    """Stores what the station says; `on` takes what is not to be stored."""

    def __init__(
        self,
        mailbox: Mailbox,
        outbox: Outbox,
        ledger: Ledger,
        pace: Pace,
        on: Callable[[Item], None],
    ) -> None:
        self._mailbox, self._outbox, self._ledger, self._on = mailbox, outbox, ledger, on
        self._pace = pace
        self._packer = Packer()
        self._pending: list[Seen | Mark] = []
        self._entered = time.monotonic()
        self._storing = asyncio.Lock()
        self.agent = AgentConfig()
        self.policy = "none"

    async def run(self) -> None:
        """Store about every `flush_s`, or whenever the station marks while somebody looks on,
        until there is nothing more to come."""
        while True:
            ended = await self.step()
            if ended:
                return
            if not self._pace.watched:
                await self._mailbox.rest(self.agent.flush_s)

    async def step(self) -> bool:
        """Take what is there and store it. Whether it was the last."""
        items = await self._mailbox.take(max(1.0, self.agent.flush_s))
        for item in items:
            if isinstance(item, Seen | Mark):
                self._pending.append(item)
            else:
                self._on(item)
        ended = any(isinstance(item, Ended) for item in items)
        await self._store()
        if time.monotonic() - self._entered >= EVERY_S:
            await self.enter()
        return ended

    async def enter(self, pictures: tuple[SentPicture, ...] = ()) -> None:
        """Close the ledger's interval, and have the entry sent.

        Raises OutputError where it cannot be written and there is a picture to enter.
        """
        async with self._storing:
            try:
                self._ledger.policy(self.policy)
                sealed = await self._ledger.close(time.time_ns(), pictures)
            except OutputError as error:
                if pictures:
                    raise
                _log.warning("%s", error)
                return
            self._entered = time.monotonic()
            draft = Draft("ledger", "ledger", sealed.line)
            kept = {"entered": b"%d" % sealed.entry.number, "counted": self._ledger.counted()}
            await self._outbox.store([draft], kept)

    async def enter_missing(self) -> None:
        """Entries that were written and never queued, because the power went in between."""
        queued = int(await self._outbox.kept("entered") or b"-1")
        missing = await asyncio.to_thread(self._ledger.after, queued)
        drafts = [Draft("ledger", "ledger", sealed.line) for sealed in missing]
        await self._outbox.store(drafts, {"entered": b"%d" % self._ledger.number})

    async def _store(self) -> None:
        last = max((i for i, x in enumerate(self._pending) if isinstance(x, Mark)), default=-1)
        ready, self._pending = self._pending[: last + 1], self._pending[last + 1 :]
        self._packer.frames = self.agent.frames
        seen = [item for item in ready if isinstance(item, Seen)]
        marks = [item for item in ready if isinstance(item, Mark)]
        measures = [measure for mark in marks for measure in mark.measures]
        self._ledger.policy(self.policy)
        kept = {"counted": self._ledger.counted()}
        states = [mark.state for mark in marks if mark.state is not None]
        if states:
            kept["state"] = states[-1]
        packed = self._packer.pack(seen, measures)
        async with self._storing:
            full = self._outbox.full
            stored = await self._outbox.store(packed.drafts, kept, packed.headers)
            if not stored and not full:
                _log.warning("the disk is full; what the camera sees waits in memory")
