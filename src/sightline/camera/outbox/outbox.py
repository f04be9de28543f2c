"""The outbox as the camera's asyncio side uses it: no call blocks the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import ParamSpec, TypeVar

from sightline.camera.outbox.draft import Draft, Losses, Stored
from sightline.camera.outbox.file import DamagedFile, DiskFull
from sightline.camera.outbox.giving_up import RANKS, Bounds, Held, Rank, cuts
from sightline.camera.outbox.store import Store
from sightline.camera.outbox.window import Window

P = ParamSpec("P")
R = TypeVar("R")

_IN_MEMORY = 4 << 20  # bytes of parcels that wait for a full disk to have room again
_UNDER_WAY = 32


class Outbox:
    """`async with Outbox(path, camera, boot, bounds) as outbox: ...`

    `store` puts in, `next` gives what is to be sent, `arrived` says what the other side has.
    What arrived is deleted with the next `store`, so that it costs no write of its own; who
    kills the camera in between sends it twice, which receivers know by its number.

    Where the disk is full, new parcels wait in memory up to 4 MB: of more the oldest are given
    up by the same rule, and counted.
    """

    def __init__(self, path: Path, camera: str, boot: str, bounds: Bounds) -> None:
        self._make = lambda: Store(path, camera, boot, bounds)
        self._path = path
        self._thread = ThreadPoolExecutor(1, "outbox")
        self._store: Store
        self._window = Window(_UNDER_WAY)
        self._done: list[int] = []
        self._waiting: list[Draft] = []
        self._kept: dict[str, bytes] = {}
        self._headers: dict[str, bytes] = {}
        self._lost = Losses()
        self._changed = asyncio.Event()
        self.full = False
        self.set_aside = False

    async def __aenter__(self) -> Outbox:
        try:
            self._store = await self._run(self._make)
        except DamagedFile:
            # What is in it cannot be read; a camera that starts is worth more.
            await self._run(_lay_aside, self._path)
            self._store = await self._run(self._make)
            self.set_aside = True
        return self

    async def __aexit__(self, *exc: object) -> None:
        with suppress(DiskFull):
            await self.store()
        await self._run(self._store.close)
        self._thread.shutdown()

    async def store(
        self,
        drafts: Sequence[Draft] = (),
        kept: Mapping[str, bytes] | None = None,
        headers: Mapping[str, bytes] | None = None,
    ) -> bool:
        """Keep all of it, in one transaction. False where the disk is full and it waits."""
        self._waiting += drafts
        self._kept |= kept or {}
        self._headers |= headers or {}
        waiting, done, lost = self._waiting, self._done, self._lost
        values, heads = self._kept, self._headers
        self._waiting, self._done, self._lost = [], [], Losses()
        self._kept, self._headers = {}, {}
        try:
            await self._run(
                self._store.write, waiting, done, values,
                headers=heads, lost=lost, under_way=self._window.after,
            )  # fmt: skip
        except DiskFull:
            self._waiting, self._done = waiting + self._waiting, done + self._done
            self._kept, self._headers = values | self._kept, heads | self._headers
            self._lost += lost
            self._make_room()
            self.full = True
            return False
        self._window.deleted(done)
        self.full = False
        self._changed.set()
        return True

    async def next(self) -> list[Stored]:
        """The parcels whose turn it is; waits for some, and for room among those under way."""
        while True:
            self._changed.clear()
            room = self._window.room
            if room > 0:
                found = await self._run(self._store.next, self._window.after, room)
                fresh = set(self._window.send([item.id for item in found]))
                if fresh:
                    return [item for item in found if item.id in fresh]
                if found:
                    self._window.skip(found[-1].id)
                    continue
            await self._changed.wait()

    def arrived(self, id: int) -> bool:
        """The other side has it for good. False where that was known."""
        if not self._window.arrived(id):
            return False
        self._done.append(id)
        self._changed.set()
        return True

    def reconnected(self) -> None:
        """A new connection: what was under way over the old one is sent again."""
        self._window.reconnected()
        self._changed.set()

    async def disconnected(self) -> None:
        """Nobody is there to send to."""
        await self._run(self._store.wait)

    async def kept(self, key: str) -> bytes | None:
        """A value that was kept with `store`."""
        return await self._run(self._store.kept, key)

    async def header(self, digest: str) -> bytes | None:
        """The record that frames of this digest are read with."""
        return await self._run(self._store.header, digest)

    async def held(self) -> dict[Rank, Held]:
        """What there is, by rank."""
        return await self._run(self._store.held)

    @property
    def losses(self) -> Losses:
        """What was given up since the outbox was made."""
        return self._store.losses + self._lost

    def _make_room(self) -> None:
        held = dict.fromkeys(RANKS, 0)
        for draft in self._waiting:
            held[draft.rank] += len(draft.body)
        sizes: dict[Rank, Held] = {rank: Held(size) for rank, size in held.items()}
        for cut in cuts(sizes, Bounds(_IN_MEMORY, float("inf"))):
            left, freed = [], 0
            for draft in self._waiting:
                if draft.rank == cut.rank and freed < cut.bytes:
                    freed += len(draft.body)
                    self._lost += draft.holds
                else:
                    left.append(draft)
            self._waiting = left

    async def _run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*args, **kwargs))


def _lay_aside(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).replace(f"{path}.damaged{suffix}")
