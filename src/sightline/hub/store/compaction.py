"""From the tail to segments: frames of a camera and an hour become a Parquet file.

What grows by a few kilobytes a second becomes one file when it is worth one, or when its hour is
over; the files of an hour that is over for good become one. Frames are in the tail or in a
segment, never in both: the transaction that names the file takes them out of the tail.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
from sqlalchemy import Connection, delete, func, insert, select

from sightline.hub.store.database import Database
from sightline.hub.store.frame_table import in_order, table_of
from sightline.hub.store.frames import pieces_of_tail
from sightline.hub.store.segments import Segments, forget, named
from sightline.hub.store.tables.frames import segments, tail
from sightline.hub.store.trouble import passes

_LOG = logging.getLogger(__name__)
_HOUR_S = 3600
_LONGEST_PAUSE_S = 0.2
Part = tuple[str, int]  # camera and hour


@dataclass(frozen=True, slots=True)
class Pace:
    """When a part of the tail becomes a file.

    bytes     of the tail: it is worth one
    closed_s  after the end of its hour
    merge_s   after the end of its hour: its files become one
    linger_s  how long a file that was merged stays for those who read it
    """

    bytes: int = 512 << 10
    closed_s: float = 120.0
    merge_s: float = 1800.0
    linger_s: float = 600.0
    every_s: float = 2.0


class Compaction:
    """Keeps the tail short. `grown` is told by ingest; `run` is its task."""

    def __init__(
        self,
        database: Database,
        store: Segments,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._store = store
        self._pace = pace or Pace()
        self._clock = clock
        self._parts: dict[Part, int] = {}
        self._leaving: list[tuple[float, list[str]]] = []

    def grown(self, parts: Iterable[tuple[str, int, int]]) -> None:
        """So many bytes came to the tail of a camera and hour."""
        for camera, hour, size in parts:
            self._parts[camera, hour] = self._parts.get((camera, hour), 0) + size

    async def open(self) -> None:
        """Find out what the tail holds, and sweep away what a crash left."""
        rows = await self._database.read(_parts)
        self._parts = {(camera, hour): int(size) for camera, hour, size in rows}
        await self.sweep()

    async def run(self) -> None:
        """Until cancelled. A full disk is waited out."""
        while True:
            await asyncio.sleep(self._pace.every_s)
            try:
                await self.step()
            except Exception as error:
                if not passes(error):
                    raise
                _LOG.warning("frames stay in the tail for now: %s", error)
                await asyncio.sleep(10 * self._pace.every_s)

    async def step(self) -> None:
        """Do what is due."""
        now = self._clock()
        for part, size in list(self._parts.items()):
            over_s = now - (part[1] + 1) * _HOUR_S
            if size >= self._pace.bytes or over_s > self._pace.closed_s:
                began = time.monotonic()
                await self.compact(*part)
                # Where a thousand are due at once, what cameras say goes before.
                await asyncio.sleep(min(_LONGEST_PAUSE_S, time.monotonic() - began))
        for camera, hour in await self._database.read(partial(_scattered, before=self._due(now))):
            await self.merge(camera, hour)
        await self._remove(now)

    async def compact(self, camera: str, hour: int) -> None:
        """Make a segment of what the tail holds of a camera and hour."""
        table, last = await self._database.read(partial(_tail, camera=camera, hour=hour))
        if table is None:
            self._parts.pop((camera, hour), None)
            return
        row = await asyncio.to_thread(self._store.write, camera, hour, table)

        def move(connection: Connection) -> int:
            here = (tail.c.camera == camera) & (tail.c.hour == hour)
            gone = delete(tail).where(here, tail.c.id <= last)
            connection.execute(insert(segments).values(row))
            connection.execute(gone)
            size = func.coalesce(func.sum(func.length(tail.c.body)), 0)
            return int(connection.execute(select(size).where(here)).scalar_one())

        left = await self._database.write(move)
        self._parts.pop((camera, hour), None)
        if left:
            self._parts[camera, hour] = left

    async def merge(self, camera: str, hour: int) -> None:
        """Make one segment of the several of a camera and hour."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                select(segments.c.id, segments.c.path)
                .where(segments.c.camera == camera, segments.c.hour == hour)
            ).all()
        )  # fmt: skip
        paths = [row.path for row in rows]

        def join() -> dict[str, object]:
            tables = [self._store.read(path) for path in paths]
            joined = pa.concat_tables(tables).unify_dictionaries()
            return self._store.write(camera, hour, in_order(joined))

        row = await asyncio.to_thread(join)

        def swap(connection: Connection) -> None:
            forget(connection, [row.id for row in rows])
            connection.execute(insert(segments).values(row))

        await self._database.write(swap)
        self._leaving.append((self._clock() + self._pace.linger_s, paths))

    async def sweep(self) -> None:
        """Delete files that no row names."""
        for camera in await asyncio.to_thread(self._store.cameras):
            paths = await self._database.read(partial(named, camera=camera))
            strays = await asyncio.to_thread(self._store.strays, camera, paths)
            await asyncio.to_thread(self._store.remove, strays)

    def leave(self, paths: list[str]) -> None:
        """These are named no more; they go once nobody can be reading them."""
        self._leaving.append((self._clock() + self._pace.linger_s, paths))

    async def _remove(self, now: float) -> None:
        due = [paths for at, paths in self._leaving if at <= now]
        self._leaving = [item for item in self._leaving if item[0] > now]
        for paths in due:
            await asyncio.to_thread(self._store.remove, paths)

    def _due(self, now: float) -> int:
        return int((now - self._pace.merge_s) // _HOUR_S)


def _parts(connection: Connection) -> list[tuple[str, int, int]]:
    size = func.sum(func.length(tail.c.body))
    query = select(tail.c.camera, tail.c.hour, size).group_by(tail.c.camera, tail.c.hour)
    return [(camera, hour, int(total)) for camera, hour, total in connection.execute(query)]


def _tail(connection: Connection, camera: str, hour: int) -> tuple[pa.Table | None, int]:
    query = (
        select(tail).where(tail.c.camera == camera, tail.c.hour == hour).order_by(tail.c.id)
    )  # fmt: skip
    rows = connection.execute(query).all()
    if not rows:
        return None, 0
    return table_of(piece for row in rows for piece in pieces_of_tail(row)), rows[-1].id


def _scattered(connection: Connection, before: int) -> list[Part]:
    """Hours before one that have more than one segment, of the last two days."""
    query = (
        select(segments.c.camera, segments.c.hour)
        .where(segments.c.hour < before, segments.c.hour >= before - 48)
        .group_by(segments.c.camera, segments.c.hour)
        .having(func.count() > 1)
        .limit(50)
    )
    return [(camera, hour) for camera, hour in connection.execute(query)]
