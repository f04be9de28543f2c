"""What the store does by itself: frames become files, minutes are packed, what is old goes.

upkeep = Upkeep(database, data / "frames")
await upkeep.open()
group.create_task(upkeep.run())
Ingest(database, feed, room=upkeep.room, grown=upkeep.compaction.grown)
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from pathlib import Path

from sightline.hub.store.compaction import Compaction
from sightline.hub.store.database import Database
from sightline.hub.store.kinds import Kind
from sightline.hub.store.packing import Packing
from sightline.hub.store.retention import Retention
from sightline.hub.store.segments import Segments
from sightline.hub.store.trouble import StoreFull

RESERVE = 256 << 20  # bytes that are left free, so that what deletes can still write
_LOOK_EVERY_S = 1.0


class Upkeep:
    """The tasks beside ingest, and the look at the disk before each batch of it.

    usual    days that each kind is kept, where they differ from the store's own
    reserve  where less than this many bytes are free, nothing more is taken from cameras
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        usual: Mapping[Kind, float] | None = None,
        reserve: int = RESERVE,
    ) -> None:
        self.segments = Segments(folder)
        self.compaction = Compaction(database, self.segments)
        self._packing = Packing(database)
        self._retention = Retention(database, self.compaction.leave, usual)
        self._folder = folder
        self._reserve = reserve
        self._looked = -_LOOK_EVERY_S
        self._free = 0

    async def open(self) -> None:
        """Take up what an earlier run left."""
        self._folder.mkdir(parents=True, exist_ok=True)
        await self.compaction.open()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for name in ("compaction", "_packing", "_retention"):
                group.create_task(getattr(self, name).run(), name=name)

    async def settle(self) -> None:
        """Pack now what came of the past, so that it is read as quickly as all else."""
        await self._packing.step()

    def room(self) -> None:
        """Raises StoreFull where the disk has no room for more from cameras."""
        now = time.monotonic()
        if now - self._looked >= _LOOK_EVERY_S:
            self._looked = now
            told = os.statvfs(self._folder)
            self._free = told.f_bavail * told.f_frsize
        if self._free < self._reserve:
            raise StoreFull
