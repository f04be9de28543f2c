"""Whatever is killed and whenever: what was acknowledged is there, once.

SIGHTLINE_KILLS says how often; `make faults` kills a hundred times.
"""

import asyncio
import os
import random
import signal
import sqlite3
import sys
from collections import Counter
from pathlib import Path

import pytest
import talker as talker_module
from hubprocess import HubProcess
from talker import Talker

from sightline.hub.simulation.identity import Identity, identities

KILLS = int(os.environ.get("SIGHTLINE_KILLS", "2"))
CAMERAS = 4

pytestmark = pytest.mark.timeout(120 + 30 * KILLS)


async def fleet(hub: HubProcess, folder: Path, count: int = CAMERAS) -> list[Identity]:
    token = await hub.token("enroll", "--uses", str(count))
    names = [f"cam-{i}" for i in range(count)]
    return await identities(hub.url, token, names, folder / "keys")


def ask(data: Path, query: str) -> list[tuple[object, ...]]:
    """What a database that nobody holds open any more says."""
    connection = sqlite3.connect(data / "hub.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def sound(data: Path) -> None:
    """The store opens clean, and names every file that it has."""
    assert ask(data, "PRAGMA integrity_check") == [("ok",)]
    named = {path for (path,) in ask(data, "SELECT path FROM segments")}
    there = {
        str(file.relative_to(data / "frames")) for file in (data / "frames").glob("*/*/*.parquet")
    }
    assert named <= there


async def test_a_hub_that_is_killed_again_and_again_counts_whole(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "site")
    await hub.start()
    talkers = [Talker(identity) for identity in await fleet(hub, tmp_path)]
    sessions = [asyncio.create_task(talker.session.run()) for talker in talkers]
    talking = [asyncio.create_task(talker.talk_on()) for talker in talkers]
    chance = random.Random(os.urandom(8))
    acknowledged = 0
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.1, 1.5))
        await hub.kill()
        sound(hub.data)
        now = sum(talker.acknowledged for talker in talkers)
        [(received,)] = ask(hub.data, "SELECT coalesce(sum(received), 0) FROM boots")
        assert received >= now  # all that was acknowledged, and perhaps some more
        acknowledged = now
        await hub.start()
    for task in talking:
        task.cancel()
    async with asyncio.timeout(60):
        await asyncio.gather(*(talker.quiet() for talker in talkers))
    for task in sessions:
        task.cancel()
    await asyncio.gather(*talking, *sessions, return_exceptions=True)
    await hub.stop()
    sound(hub.data)
    said = sum(talker.said for talker in talkers)
    assert said > acknowledged / 2
    for column, expected in (("count(*)", said), ("count(DISTINCT name || '/' || track)", said)):
        assert ask(hub.data, f"SELECT {column} FROM events") == [(expected,)]
    parcels = sum(talker.sequence for talker in talkers)
    assert ask(hub.data, "SELECT sum(received), sum(next_sequence) FROM boots") == [
        (parcels, parcels)
    ]
    assert ask(hub.data, "SELECT count(*) FROM gaps") == [(0,)]
    frames = ask(
        hub.data,
        "SELECT (SELECT coalesce(sum(frames), 0) FROM tail) + "
        "(SELECT coalesce(sum(frames), 0) FROM segments)",
    )
    assert frames == [(said,)]
    assert _counted(hub.data) == said


def _counted(data: Path) -> int:
    """Events by the sums of days, packed or not."""
    import zlib

    import numpy as np

    from sightline.hub.store.packing import CELL

    of_events = "series IN (SELECT id FROM series WHERE subject = 'event')"
    [(fresh,)] = ask(data, f"SELECT coalesce(sum(n), 0) FROM recent WHERE {of_events}")
    bodies = ask(data, f"SELECT body FROM packed WHERE resolution = 86400 AND {of_events}")
    packed = sum(int(np.frombuffer(zlib.decompress(body), CELL)["n"].sum()) for (body,) in bodies)  # type: ignore[arg-type]
    return int(fresh) + packed  # type: ignore[call-overload,no-any-return]


async def test_a_camera_that_is_killed_again_and_again_is_counted_once(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "site")
    await hub.start()
    await fleet(hub, tmp_path, 1)
    log = tmp_path / "acknowledged"
    chance = random.Random(os.urandom(8))
    for _ in range(KILLS):
        camera = await asyncio.create_subprocess_exec(
            sys.executable, talker_module.__file__, str(tmp_path / "keys" / "cam-0.json"), str(log)
        )
        size = log.stat().st_size if log.exists() else 0
        while camera.returncode is None and (not log.exists() or log.stat().st_size <= size):
            await asyncio.sleep(0.01)
        await asyncio.sleep(chance.uniform(0, 0.3))
        camera.send_signal(signal.SIGKILL)
        await camera.wait()
    await hub.stop()
    sound(hub.data)
    stored = Counter(
        f"{boot} {track}" for boot, track in ask(hub.data, "SELECT name, track FROM events")
    )
    acknowledged = log.read_text().splitlines()
    assert len(acknowledged) >= KILLS
    assert set(acknowledged) <= set(stored)
    assert set(stored.values()) == {1}
    assert len(ask(hub.data, "SELECT boot FROM boots")) == KILLS
