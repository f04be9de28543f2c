"""The hub's SQL database: one thread that writes, a pool of threads that read.

    async with Database("sqlite:////var/lib/sightline/hub.db") as database:
        await database.write(lambda connection: connection.execute(insert(cameras), rows))
        rows = await database.read(lambda connection: connection.execute(query).all())

`write` returns when its work is committed, which on SQLite means that it survives a power cut.
Works that wait at the same time are committed together. What is handed in runs in another
thread, so it must not touch what the event loop touches.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeVar

from sqlalchemy import Connection

from sightline.hub.store.engines import engines
from sightline.hub.store.migrate import migrate
from sightline.hub.store.writer import Writer

_READERS = 4

T = TypeVar("T")


class Database:
    """SQLite (the default) or PostgreSQL, by URL, brought up to this version's tables.

    Raises ConfigError for a URL that names neither, InputError for a database of a newer hub.
    """

    def __init__(self, url: str) -> None:
        self._write, self._read = engines(url, _READERS)
        self.dialect = self._write.dialect.name

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(migrate, self._write)
        self._writer = Writer(self._write)
        self._pool = ThreadPoolExecutor(_READERS, "hub-reader")
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.close()
        self._pool.shutdown()
        self._read.dispose()
        self._write.dispose()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run this in the writer's thread; its value once it is committed.

        What it raises undoes it alone and is raised here. Raises StoreFull where the disk is.
        """
        value: T = await self._writer.submit(work)
        return value

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run this on one consistent state of the database, in a thread of the pool."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._reading, work)

    def _reading(self, work: Callable[[Connection], T]) -> T:
        with self._read.connect() as connection:
            return work(connection)
