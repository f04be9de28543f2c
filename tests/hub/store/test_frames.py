"""Frames read back the same from the tail, from segments, and from both."""

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hubkit import NOW, SECOND, Speaker, Store, counted, open_store
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from sightline.hub.store.compaction import Compaction, Pace
from sightline.hub.store.frame_messages import Reading
from sightline.hub.store.frame_table import Piece, pieces_of, table_of
from sightline.hub.store.frames import between, newest
from sightline.hub.store.tables.frames import segments, tail
from sightline.wire.formats.packed import pack_frames, unpack
from sightline.wire.messages import FrameMetadata

HOUR = 3600 * SECOND


def last(store: Store, limit: int, before_ns: int = 1 << 62) -> Any:
    def read(connection: Connection) -> list[FrameMetadata]:
        table = newest(connection, store.segments, "door", limit, before_ns)
        return list(Reading(connection, "door").messages(table))

    return store.database.read(read)


def ranged(store: Store, from_ns: int, to_ns: int) -> Any:
    def read(connection: Connection) -> list[FrameMetadata]:
        reading = Reading(connection, "door")
        tables = between(connection, store.segments, "door", from_ns, to_ns)
        return [message for table in tables for message in reading.messages(table)]

    return store.database.read(read)


async def fill(store: Store, door: Speaker) -> list[int]:
    """Forty parcels over two hours in a mixed order, some compacted at several times."""
    await store.hear(door.announce())
    parcels = []
    for i in range(40):
        first = NOW + i * 180 * SECOND
        parcels.append(door.frames([i % 3] * 5, first_ns=first, first=5 * i))
    random.Random(2).shuffle(parcels)
    for i in range(0, 40, 10):
        await store.hear(*parcels[i : i + 10])
        if i < 30:
            for hour in {(NOW + i * 180 * SECOND) // HOUR for i in range(40)}:
                await store.compaction.compact("door", hour)
    return [NOW + i * 180 * SECOND + j * SECOND // 10 for i in range(40) for j in range(5)]


async def test_newest_and_ranges_see_tail_and_segments_as_one(store: Store, door: Speaker) -> None:
    times = await fill(store, door)
    assert await store.database.read(counted(segments)) > 3
    assert await store.database.read(counted(tail)) == 10
    for limit in (1, 5, 33, 1000):
        assert [frame.time_ns for frame in await last(store, limit)] == times[-limit:]
    middle = times[77]
    assert [frame.time_ns for frame in await last(store, 5, middle)] == times[72:77]
    for begin, end in ((0, 200), (13, 140), (50, 51), (60, 60)):
        upto = times[end] if end < 200 else times[-1] + 1
        found = await ranged(store, times[begin], upto)
        assert [frame.time_ns for frame in found] == times[begin:end]
        assert [frame.sequence for frame in found] == list(range(begin, end))
        assert [len(frame.objects) for frame in found] == [i // 5 % 3 for i in range(begin, end)]


async def test_an_hour_that_is_over_becomes_one_file(tmp_path: Path) -> None:
    door = Speaker()
    async with open_store(tmp_path) as store:
        times = await fill(store, door)
        before = await ranged(store, 0, 1 << 62)
        late = lambda: (times[-1] + 10 * HOUR) / 1e9  # noqa: E731
        compaction = Compaction(store.database, store.segments, Pace(linger_s=0), late)
        await compaction.open()
        await compaction.step()
        await compaction.step()
        hours = {time // HOUR for time in times}
        assert await store.database.read(counted(segments)) == len(hours)
        assert await store.database.read(counted(tail)) == 0
        assert len(list((tmp_path / "frames").glob("*/*/*.parquet"))) == len(hours)
        assert await ranged(store, 0, 1 << 62) == before


async def test_files_that_a_crash_left_are_swept_away(tmp_path: Path) -> None:
    door = Speaker()
    async with open_store(tmp_path) as store:
        await fill(store, door)
        before = await ranged(store, 0, 1 << 62)
        named = set((tmp_path / "frames").glob("*/*/*.parquet"))
    stray = tmp_path / "frames" / "door" / "2026-01-01" / "00-dead.parquet"
    stray.parent.mkdir()
    stray.write_bytes(b"half a file")
    async with open_store(tmp_path) as store:
        assert set((tmp_path / "frames").glob("*/*/*.parquet")) == named
        assert await ranged(store, 0, 1 << 62) == before


async def test_what_is_large_enough_is_compacted_by_itself(tmp_path: Path) -> None:
    door = Speaker()
    async with open_store(tmp_path) as store:
        compaction = Compaction(store.database, store.segments, Pace(bytes=1), lambda: NOW / 1e9)
        await store.hear(door.announce(), door.frames([3] * 10))
        await compaction.open()
        await compaction.step()
        assert await store.database.read(counted(tail)) == 0
        assert len(await last(store, 100)) == 10


def test_a_table_gives_back_the_blocks_it_was_made_of(door: Speaker) -> None:
    parcel = door.frames([3, 0, 2])
    (block,) = unpack(parcel.body)
    (piece,) = pieces_of(table_of([Piece("boot", "head", 7, block)]))
    assert (piece.boot, piece.header) == ("boot", "head")
    assert (piece.block.times == block.times + 7).all()
    for name in ("sequences", "offsets", "tracked"):
        assert (getattr(piece.block, name) == getattr(block, name)).all()
    for name in ("boxes", "scores", "labels", "track_ids"):
        assert (getattr(piece.block.objects, name) == getattr(block.objects, name)).all()
    assert pack_frames(list(piece.block.frames()))


RUNS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.integers(1, 4)), min_size=1,
    max_size=12,
)  # fmt: skip


@given(RUNS)
def test_rows_of_one_run_and_header_are_one_block(runs: list[tuple[str, str, int]]) -> None:
    camera, pieces, told = Speaker(), [], []
    for number, (boot, header, frames) in enumerate(runs):
        (block,) = unpack(camera.frames([1] * frames, NOW + number * SECOND).body)
        pieces.append(Piece(boot, header, 0, block))
        told += [(boot, header, time) for time in block.times.tolist()]
    found = list(pieces_of(table_of(pieces)))
    assert told == [(p.boot, p.header, time) for p in found for time in p.block.times.tolist()]
    assert all(a[:2] != b[:2] for a, b in pairwise(found))


def test_extras_survive_and_unsound_ones_hurt_nobody() -> None:
    camera = Speaker()
    (block,) = unpack(camera.frames([1, 1]).body)
    odd = Piece("b", "h", 0, block.__class__(
        block.times, block.sequences, block.offsets, block.tracked, block.objects,
        {1: {"keypoints": "nonsense", "name": "x"}},
    ))  # fmt: skip
    (piece,) = pieces_of(table_of([odd]))
    assert piece.block.extras == {1: {"keypoints": "nonsense", "name": "x"}}
    from sightline.hub.store.frame_messages import sound_frames

    assert len(sound_frames(piece)) == 2


def test_a_table_is_in_order_of_time(door: Speaker) -> None:
    late, early = door.frames([1], NOW + SECOND), door.frames([1], NOW)
    pieces = [Piece("b", "h", 0, block) for p in (late, early) for block in unpack(p.body)]
    times = table_of(pieces)["time_ns"].to_numpy()
    assert (np.diff(times) > 0).all()
    assert all(a < b for a, b in pairwise(times))


@pytest.mark.parametrize("limit", [1, 100])
async def test_a_camera_that_said_nothing_has_nothing(store: Store, limit: int) -> None:
    assert await last(store, limit) == []
    assert await ranged(store, 0, 1 << 62) == []
