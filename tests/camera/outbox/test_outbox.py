"""The outbox under a link that reorders, repeats and breaks."""

import asyncio
import random
from pathlib import Path

import pytest

from sightline.camera.outbox.draft import Draft, Losses
from sightline.camera.outbox.giving_up import Bounds
from sightline.camera.outbox.outbox import Outbox

WIDE = Bounds(1 << 30, 1e9)


def draft(number: int, size: int = 50) -> Draft:
    body = b"%08d" % number + bytes(size - 8)
    return Draft("events", "events", body, holds=Losses(events=1))


@pytest.mark.parametrize("seed", range(12))
def test_everything_arrives_in_order_over_a_bad_link(tmp_path: Path, seed: int) -> None:
    """Acks come late, twice, out of order or never; connections break; the camera restarts."""
    chance, heard, total = random.Random(seed), [], 120

    async def run(boot: str, first: int, last: int, *, drain: bool) -> None:
        async with Outbox(tmp_path / "outbox.db", "door", boot, WIDE) as outbox:
            for number in range(first, last, 3):
                await outbox.store([draft(n) for n in range(number, min(number + 3, last))])
                if chance.random() < 0.5:
                    await talk(outbox, stop=chance.randint(0, 20))
                if chance.random() < 0.3:
                    outbox.reconnected()
            if drain:
                outbox.reconnected()
                await talk(outbox, stop=10_000, surely=True)
                await outbox.store()
                assert all(held.parcels == 0 for held in (await outbox.held()).values())

    async def talk(outbox: Outbox, stop: int, surely: bool = False) -> None:
        pending: list[int] = []
        for _ in range(stop):
            try:
                items = await asyncio.wait_for(outbox.next(), 0.05)
            except TimeoutError:
                break
            for item in items:
                heard.append((item.parcel.boot, item.parcel.sequence, int(item.parcel.body[:8])))
                pending.append(item.id)
            chance.shuffle(pending)
            keep = [] if surely else pending[: len(pending) // 3]
            for id in pending[len(keep) :]:
                outbox.arrived(id)
                assert not outbox.arrived(id)
            pending = keep

    asyncio.run(run("boot1", 0, 60, drain=False))
    asyncio.run(run("boot2", 60, total, drain=True))
    unique: dict[tuple[str, int], int] = {}
    for boot, sequence, number in heard:
        assert unique.setdefault((boot, sequence), number) == number
    assert sorted(unique.values()) == list(range(total))
    firsts = list(dict.fromkeys(number for *_, number in heard))
    assert firsts == sorted(firsts)


def test_a_full_disk_keeps_events_in_memory_and_stores_them_later(tmp_path: Path) -> None:
    async def run() -> None:
        async with Outbox(tmp_path / "outbox.db", "door", "boot1", WIDE) as outbox:
            await outbox.store([draft(0)])
            database = outbox._store._db
            pages = database.execute("PRAGMA page_count").fetchone()[0]
            database.execute(f"PRAGMA max_page_count={pages}")
            big = Draft("frames", "frames", bytes(5 << 20), holds=Losses(frames=20))
            assert not await outbox.store([draft(1, 50_000)], kept={"state": b"1"})
            assert not await outbox.store([big, draft(2, 50_000)], kept={"state": b"2"})
            assert outbox.full
            assert outbox.losses == Losses(frames=20)
            database.execute("PRAGMA max_page_count=100000")
            assert await outbox.store()
            found = [item.parcel for item in await outbox.next()]
            numbers = [int(item.body[:8]) for item in found if item.kind == "events"]
            assert numbers == [0, 1, 2]
            assert found[-1].kind == "lost"
            assert await outbox.kept("state") == b"2"

    asyncio.run(run())


def test_a_damaged_file_is_laid_aside(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    path.write_bytes(b"nonsense" * 1000)

    async def run() -> None:
        async with Outbox(path, "door", "boot1", WIDE) as outbox:
            assert outbox.set_aside
            assert await outbox.store([draft(1)])

    asyncio.run(run())
    assert (tmp_path / "outbox.db.damaged").read_bytes().startswith(b"nonsense")
