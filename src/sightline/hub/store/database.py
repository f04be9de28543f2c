"""The hub's SQL database: one thread that writes, a pool of threads that read.

    async with Database("sqlite:////var/lib/sightline/hub.db") as database:
        await database.write(lambda connection: connection.execute(insert(cameras), rows))
        rows = await database.read(lambda connection: connection.execute(query).all())

`write` returns when its work is committed, which on SQLite means that it survives a power cut.
Works that wait at the same time are committed together. What is handed in runs in another
thread, so it must not touch what the event loop touches.

What takes seconds is read with `long=True`: it has threads of its own, so that small questions
never wait for it. Whoever is cancelled while he waits is gone: what he asked for is not begun any
more, and ends where it looks after him by `still_wanted`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeVar

from sqlalchemy import Connection

from sightline.hub.store.engines import engines
from sightline.hub.store.migrate import migrate
from sightline.hub.store.writer import Writer

_READERS, _LONG = 4, 2
_GONE = "sightline_gone"

T = TypeVar("T")


class Database:
    """SQLite (the default) or PostgreSQL, by URL, brought up to this version's tables.

    Raises ConfigError for a URL that names neither, InputError for a database of a newer hub.
    """

    def __init__(self, url: str) -> None:
        self._write, self._read = engines(url, _READERS + _LONG)
        self.dialect = self._write.dialect.name

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(migrate, self._write)
        self._writer = Writer(self._write)
        self._pool = ThreadPoolExecutor(_READERS, "hub-reader")
        self._long = ThreadPoolExecutor(_LONG, "hub-long-reader")
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.close()
        self._pool.shutdown()
        self._long.shutdown()
        self._read.dispose()
        self._write.dispose()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run this in the writer's thread; its value once it is committed.

        What it raises undoes it alone and is raised here. Raises StoreFull where the disk is.
        """
        value: T = await self._writer.submit(work)
        return value

    async def read(self, work: Callable[[Connection], T], *, long: bool = False) -> T:
        """Run this on one consistent state of the database, in a thread of the pool."""
        pool, gone = self._long if long else self._pool, threading.Event()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(pool, self._reading, work, gone)
        except asyncio.CancelledError:
            gone.set()
            raise

    def _reading(self, work: Callable[[Connection], T], gone: threading.Event) -> T:
        with self._read.connect() as connection:
            return work(connection.execution_options(**{_GONE: gone}))


class Unwanted(Exception):
    """Whoever asked has gone. Nobody is told."""


def still_wanted(connection: Connection) -> None:
    """Raise Unwanted where whoever waits for what is read here has gone."""
    gone = connection.get_execution_options().get(_GONE)
    if gone is not None and gone.is_set():
        raise Unwanted
