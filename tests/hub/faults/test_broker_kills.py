"""A broker that is killed may forget what it acknowledged within the last moment; the hub counts
nothing twice, and what is missing is a hole that can be seen."""

import asyncio
import os
import random
import signal
import sqlite3
from pathlib import Path

import pytest
from hubprocess import HubProcess
from mqttpeers import program
from talker import Talker

from sightline.hub.simulation.identity import Identity, identities

KILLS = int(os.environ.get("SIGHTLINE_KILLS", "2"))

pytestmark = pytest.mark.timeout(120 + 30 * KILLS)


class Mosquitto:
    """On loopback, keeping what it holds."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port, self._config = port, folder / "mosquitto.conf"
        (folder / "kept").mkdir(mode=0o777)
        (folder / "kept").chmod(0o777)
        self._config.write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
            f"persistence_location {folder}/kept/\nautosave_interval 1\n"
            "autosave_on_changes true\nmax_inflight_messages 1000\nmax_queued_messages 0\n"
            "user root\n"
        )

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            program("mosquitto"), "-c", str(self._config),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip

    async def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


async def test_a_broker_that_is_killed_again_and_again_doubles_nothing(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "site")
    broker = Mosquitto(tmp_path, hub.port + 2)
    hub = HubProcess(tmp_path / "site", "--broker", f"mqtt://127.0.0.1:{broker.port}")
    await broker.start()
    await hub.start()
    token = await hub.token("enroll", "--uses", "3")
    names = ["cam-0", "cam-1", "cam-2"]
    known = await identities(hub.url, token, names, tmp_path / "keys")
    assert known[0].mqtt == f"mqtt://127.0.0.1:{broker.port}"
    talkers = [Talker(Identity(k.camera, k.key, k.mqtt, "")) for k in known]
    sessions = [asyncio.create_task(talker.session.run()) for talker in talkers]
    talking = [asyncio.create_task(talker.talk_on()) for talker in talkers]
    chance = random.Random(os.urandom(8))
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.3, 1.5))
        await broker.kill()
        await broker.start()
    await asyncio.sleep(1)
    for task in talking:
        task.cancel()
    async with asyncio.timeout(60):
        await asyncio.gather(*(talker.quiet() for talker in talkers))
    database = hub.data / "hub.db"
    async with asyncio.timeout(60):
        while _missing(database) is None or _reached(database) < sum(
            talker.sequence for talker in talkers
        ):
            await asyncio.sleep(0.2)
    for task in sessions:
        task.cancel()
    await asyncio.gather(*talking, *sessions, return_exceptions=True)
    await hub.stop()
    await broker.kill()
    with sqlite3.connect(database) as connection:
        received, twice = connection.execute(
            "SELECT sum(received), (SELECT count(*) - count(DISTINCT name || '/' || track) "
            "FROM events) FROM boots"
        ).fetchone()
    assert twice == 0
    assert received + (_missing(database) or 0) == sum(talker.sequence for talker in talkers)


def _missing(database: Path) -> int | None:
    with sqlite3.connect(database) as connection:
        return int(
            connection.execute("SELECT coalesce(sum(last - first + 1), 0) FROM gaps").fetchone()[0]
        )


def _reached(database: Path) -> int:
    """The numbers that were seen, one by one or as a hole."""
    with sqlite3.connect(database) as connection:
        query = "SELECT coalesce(sum(next_sequence), 0) FROM boots"
        return int(connection.execute(query).fetchone()[0])
