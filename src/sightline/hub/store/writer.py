"""The one thread that writes to the database: takes all that waits, commits once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from sightline.hub.store.trouble import translated

_MOST_TOGETHER = 64

Work = Callable[[Connection], Any]


@dataclass(slots=True)
class _Job:
    work: Work
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    value: Any = None
    error: Exception | None = None


class Writer:
    """Runs jobs one after another, each in a savepoint of its own, many to a commit.

    A job that raises is rolled back alone. A commit that fails fails all of its jobs: none of
    them has happened. A future is settled after the commit, never before.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="hub-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work) -> asyncio.Future[Any]:
        """Hand in a job; the future brings its value once that is committed."""
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        self._jobs.put(job)
        return job.future

    def close(self) -> None:
        """Finish what was handed in. Blocks."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            batch, last = self._gather(job)
            self._commit(batch)
            for loop in {item.loop for item in batch}:
                settled = [item for item in batch if item.loop is loop]
                if not loop.is_closed():
                    loop.call_soon_threadsafe(_settle, settled)
            if last:
                return

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        batch = [first]
        while len(batch) < _MOST_TOGETHER:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _commit(self, batch: list[_Job]) -> None:
        try:
            with self._engine.begin() as connection:
                for job in batch:
                    _attempt(job, connection)
        except Exception as error:
            for job in batch:
                job.error = translated(error)


def _attempt(job: _Job, connection: Connection) -> None:
    """Raises only where the whole transaction is lost with the job."""
    savepoint = connection.begin_nested()
    try:
        job.value = job.work(connection)
        savepoint.commit()
    except Exception as error:
        job.error = translated(error)
        try:
            savepoint.rollback()
        except DBAPIError:
            raise job.error from None


def _settle(batch: list[_Job]) -> None:
    for job in batch:
        if job.future.done():  # whoever waited was cancelled; the write stands
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.value)
