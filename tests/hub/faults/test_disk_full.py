"""A hub whose disk is full takes nothing more, forgets nothing, and goes on when there is room."""

import asyncio
import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hubkit import NOW, SECOND, Speaker, counted, open_store
from hubprocess import HubProcess
from talker import Talker

from sightline.hub.simulation.identity import identities
from sightline.hub.store import segments as files
from sightline.hub.store.tables.frames import segments, tail
from sightline.hub.store.trouble import StoreFull
from sightline.hub.store.upkeep import Upkeep

HOUR = NOW // (3600 * SECOND)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 MB, of which a hub leaves 256 MB free."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here (that needs root)")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_hub_on_a_full_disk_waits_and_goes_on(small_disk: Path, tmp_path: Path) -> None:
    hub = HubProcess(small_disk / "site")
    await hub.start()
    token = await hub.token("enroll")
    [known] = await identities(hub.url, token, ["door"], tmp_path / "keys")
    talker = Talker(known)
    session = asyncio.create_task(talker.session.run())
    talker.talk()
    await talker.quiet()
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(100 << 20))
    await asyncio.sleep(1.5)  # the hub looks once a second
    before = talker.acknowledged
    for _ in range(20):
        talker.talk()
    async with httpx.AsyncClient() as client, asyncio.timeout(30):
        while (answer := await client.get(f"{hub.url}/readyz")).status_code != 503:
            await asyncio.sleep(0.1)
        assert "disk is full" in answer.json()["detail"]
        assert (await client.get(f"{hub.url}/healthz")).status_code == 200
    assert talker.acknowledged == before
    assert talker.session.waiting >= 40
    ballast.unlink()
    async with asyncio.timeout(30):
        await talker.quiet()
    session.cancel()
    await hub.stop()
    with sqlite3.connect(hub.data / "hub.db") as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (21,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_frames_that_cannot_become_a_file_stay_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Speaker()
    async with open_store(tmp_path) as store:
        await store.hear(door.announce(), door.frames([2, 3]))

        def full(file: Path, table: Any) -> int:
            file.write_bytes(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patched:
            patched.setattr(files, "_write", full)
            with pytest.raises(StoreFull):
                await store.compaction.compact("door", HOUR)
        assert await store.database.read(counted(tail)) == 1
        assert list((tmp_path / "frames").glob("*/*/*.parquet")) == []
        await store.compaction.compact("door", HOUR)
        assert await store.database.read(counted(tail)) == 0
        assert await store.database.read(counted(segments)) == 1


async def test_room_is_what_is_free_above_the_reserve(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        roomy = Upkeep(store.database, tmp_path / "frames", reserve=1)
        await roomy.open()
        roomy.room()
        crowded = Upkeep(store.database, tmp_path / "frames", reserve=1 << 60)
        with pytest.raises(StoreFull):
            crowded.room()
