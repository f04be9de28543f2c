"""One writer, many readers, and nothing half done."""

import asyncio
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, text

from sightline.errors import ConfigError, InputError, OutputError
from sightline.hub.store.database import Database, Unwanted, still_wanted
from sightline.hub.store.tables.delivery import refusals
from sightline.hub.store.trouble import StoreFull


def put(camera: str, reason: str = "") -> Any:
    def work(connection: Connection) -> str:
        row = {"camera": camera, "count": 1, "last_ns": 0, "reason": reason}
        connection.execute(insert(refusals).values(row))
        return camera

    return work


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(refusals)).scalar_one()


async def test_what_was_written_is_read_and_survives_the_hub(database_url: str) -> None:
    url = database_url
    async with Database(url) as database:
        assert await database.write(put("door")) == "door"
        assert await database.read(count) == 1
    async with Database(url) as database:
        assert await database.read(count) == 1


async def test_many_writers_at_once_lose_nothing(database_url: str) -> None:
    async with Database(database_url) as database:
        names = [f"camera-{i}" for i in range(300)]
        assert await asyncio.gather(*(database.write(put(name)) for name in names)) == names
        assert await database.read(count) == 300


async def test_a_work_that_fails_is_undone_alone(database_url: str) -> None:
    def half(connection: Connection) -> None:
        put("half")(connection)
        raise ValueError("no")

    async with Database(database_url) as database:
        works = [put("a"), half, put("b"), put("a"), put("c")]
        done = await asyncio.gather(*map(database.write, works), return_exceptions=True)
        assert [type(item).__name__ for item in done] == [
            "str", "ValueError", "str", "IntegrityError", "str",
        ]  # fmt: skip
        assert await database.read(count) == 3


async def test_who_reads_cannot_write(database_url: str) -> None:
    async with Database(database_url) as database:
        with pytest.raises(Exception, match=r"read-?only"):
            await database.read(put("door"))


async def test_a_reader_sees_one_state_while_others_write(database_url: str) -> None:
    loop = asyncio.get_running_loop()
    async with Database(database_url) as database:

        def twice(connection: Connection) -> tuple[int, int]:
            before = count(connection)
            asyncio.run_coroutine_threadsafe(database.write(put("door")), loop).result(20)
            return before, count(connection)

        assert await database.read(twice) == (0, 0)
        assert await database.read(count) == 1


async def test_a_long_write_keeps_no_new_reader_out(database_url: str) -> None:
    began, goes_on = threading.Event(), threading.Event()

    def long(connection: Connection) -> None:
        put("long")(connection)
        began.set()
        goes_on.wait(60)

    async with Database(database_url) as database:
        writing = asyncio.ensure_future(database.write(long))
        await asyncio.to_thread(began.wait, 60)
        try:
            # More at once than have read before, so that some must open a connection.
            assert await asyncio.gather(*(database.read(count) for _ in range(8))) == [0] * 8
            assert not writing.done()
        finally:
            goes_on.set()
        await writing


async def test_a_full_disk_is_said_and_hurts_nothing(tmp_path: Path) -> None:
    def cap(connection: Connection) -> None:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={pages + 2}"))

    async with Database(f"sqlite:///{tmp_path}/hub.db") as database:
        await database.write(put("before"))
        await database.write(cap)
        works = [put(f"camera-{i}", "x" * 300) for i in range(200)]
        done = await asyncio.gather(*map(database.write, works), return_exceptions=True)
        stored = [item for item in done if isinstance(item, str)]
        assert {type(item) for item in done if not isinstance(item, str)} == {StoreFull}
        assert await database.read(count) == len(stored) + 1
    assert issubclass(StoreFull, OutputError)
    with sqlite3.connect(tmp_path / "hub.db") as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_who_stops_waiting_disturbs_nobody(tmp_path: Path) -> None:
    async with Database(f"sqlite:///{tmp_path}/hub.db") as database:
        impatient = asyncio.ensure_future(database.write(put("a")))
        await asyncio.sleep(0)
        impatient.cancel()
        await database.write(put("b"))
        assert await database.read(count) == 2


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_a_database_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="database"):
        Database(url)


async def test_a_newer_hubs_database_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hub.db"
    async with Database(url) as database:
        await database.write(lambda c: c.execute(text("update alembic_version set version_num=7")))
    with pytest.raises(InputError, match="newer hub"):
        async with Database(url):
            pass


async def test_small_questions_do_not_wait_for_long_ones(database_url: str) -> None:
    begun, may_end = threading.Barrier(3), threading.Event()

    def slow(_: Connection) -> None:
        begun.wait(30)
        may_end.wait(30)

    async with Database(database_url) as database:
        # Two at a time; the others wait for them.
        works = [asyncio.ensure_future(database.read(slow, long=True)) for _ in range(2)]
        works += [asyncio.ensure_future(database.read(count, long=True)) for _ in range(20)]
        await asyncio.to_thread(begun.wait, 30)
        for _ in range(20):
            assert await database.read(count) == 0
        assert not any(work.done() for work in works)
        may_end.set()
        assert (await asyncio.gather(*works))[2:] == [0] * 20


async def test_what_nobody_waits_for_ends(database_url: str) -> None:
    begun, unwanted, never = threading.Event(), threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        begun.set()
        try:
            while True:
                still_wanted(connection)
                time.sleep(0.001)
        except Unwanted:
            unwanted.set()
            raise

    async with Database(database_url) as database:
        reading = [asyncio.ensure_future(database.read(slow, long=True)) for _ in range(2)]
        waiting = asyncio.ensure_future(database.read(lambda _: never.set(), long=True))
        await asyncio.to_thread(begun.wait, 30)
        waiting.cancel()
        for one in reading:
            one.cancel()
        assert await asyncio.to_thread(unwanted.wait, 30)
        assert await database.read(count, long=True) == 0  # by the same threads
        assert not never.is_set()
        await database.read(still_wanted)
