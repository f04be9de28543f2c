"""Sums are the same before and after packing, by the minute, hour and day."""

import random
from functools import partial
from typing import Any

import numpy as np
import pytest
from hubkit import NOW, SECOND, Speaker, Store, arrival, counted
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from sightline.hub.store.packing import CELL, SPANS, blocks_of, joined, pack_some
from sightline.hub.store.rollups import Key, Rollups, Sum, Sums
from sightline.hub.store.series import Asked, fitting, read_series
from sightline.hub.store.tables.rollups import recent, series
from sightline.wire.messages import Measure

BEGIN = NOW // 10**9 // 86400 * 86400
KEYS = [Key(camera, "measure", "zone.occupancy", "queue") for camera in ("a", "b")]
values = st.tuples(st.integers(0, 200_000), st.integers(1, 5), st.floats(-1e6, 1e6))


def summed(rows: list[tuple[Key, int, float]], resolution: int) -> dict[Any, Any]:
    """The plain way, to compare with."""
    sums: dict[Any, list[float]] = {}
    for key, second, value in rows:
        sums.setdefault((key, second // resolution * resolution), []).append(value)
    return {
        at: (len(found), pytest.approx(sum(found)), min(found), max(found))
        for at, found in sums.items()
    }


def read(connection: Connection, resolution: int) -> dict[Any, Any]:
    reading = read_series(connection, Asked(), BEGIN, BEGIN + 3 * 86400, resolution)
    return {
        (item.key, int(start)): tuple(cell.tolist())
        for item in reading.series
        for start, cell in zip(reading.starts, item.cells, strict=True)
        if cell["n"]
    }


@pytest.mark.parametrize("resolution", SPANS)
async def test_packing_at_any_time_changes_nothing(store: Store, resolution: int) -> None:
    chance = random.Random(3)
    rows = [
        (chance.choice(KEYS), BEGIN + chance.randrange(2 * 86400), chance.uniform(-5, 5))
        for _ in range(400)
    ]
    rollups = Rollups()

    def add(connection: Connection, some: list[Any]) -> None:
        sums = Sums()
        for key, second, value in some:
            sums.add(key, second * 10**9, Sum(1, value, value, value))
        rollups.add(connection, sums)

    for begin in range(0, 400, 100):
        await store.database.write(partial(add, some=rows[begin : begin + 100]))
        if begin in (100, 200):
            while await store.database.write(partial(pack_some, before=BEGIN + 86400)):
                pass
        expected = summed(rows[: begin + 100], resolution)
        assert await store.database.read(partial(read, resolution=resolution)) == expected
    assert await store.database.read(counted(recent)) > 0


@given(st.lists(values), st.lists(values))
def test_joining_is_adding(left: list[Any], right: list[Any]) -> None:
    def cells(items: list[Any]) -> Any:
        rows = [(at, 1, n, value * n, value, value) for at, n, value in items]
        day = blocks_of(rows, 3600)
        return [day.get((1, begin), np.zeros(24, CELL)) for begin in range(0, 259200, 86400)]

    both = cells(left + right)
    for whole, one, other in zip(both, cells(left), cells(right), strict=True):
        sums = joined(one, other)
        assert (sums["n"] == whole["n"]).all()
        assert np.allclose(sums["total"], whole["total"])
        assert (sums["low"] == whole["low"]).all()
        assert (sums["high"] == whole["high"]).all()


async def test_a_camera_that_invents_names_has_a_limit(store: Store) -> None:
    rollups = Rollups()

    def add(connection: Connection) -> None:
        sums = Sums()
        for i in range(1500):
            sums.add(Key("a", "event", f"made.up.{i}"), NOW, Sum(1, 1.0, 1.0, 1.0))
        sums.add(Key("b", "event", "line.crossed"), NOW, Sum(1, 1.0, 1.0, 1.0))
        rollups.add(connection, sums)

    await store.database.write(add)
    assert await store.database.read(counted(series)) == 1001
    assert rollups.refused == 500


async def test_series_are_found_by_what_is_asked(store: Store) -> None:
    def add(connection: Connection) -> None:
        sums = Sums()
        for camera in "ab":
            for part in ("in", "out"):
                key = Key(camera, "event", "line.crossed", "door", part)
                sums.add(key, NOW, Sum(2, 2.0, 1.0, 1.0))
        Rollups().add(connection, sums)

    def totals(connection: Connection, asked: Asked) -> list[int]:
        reading = read_series(connection, asked, BEGIN, BEGIN + 86400, 3600)
        return [len(reading.series), int(reading.summed()["n"].sum())]

    await store.database.write(add)
    for asked, expected in (
        (Asked(), [4, 8]),
        (Asked(cameras=("a",)), [2, 4]),
        (Asked(subject="event", parts=("in",)), [2, 4]),
        (Asked(subject="measure"), [0, 0]),
        (Asked(names=("gate",)), [0, 0]),
        (Asked(kinds=("line.crossed",), names=("door",), cameras=("b",)), [2, 4]),
    ):
        assert await store.database.read(partial(totals, asked=asked)) == expected


@pytest.mark.parametrize(
    ("length", "resolution"), [(3600, 60), (86400, 60), (40 * 86400, 3600), (400 * 86400, 86400)]
)
def test_a_range_gets_the_resolution_that_fits(length: int, resolution: int) -> None:
    assert fitting(BEGIN, BEGIN + length) == resolution


@pytest.mark.parametrize("resolution", SPANS)
async def test_a_mean_over_people_is_over_people_and_long_stays_are_whole(
    store: Store, resolution: int
) -> None:
    """One stays for three minutes, in two of which nobody comes; then two come for a moment."""
    speaker = Speaker("shop", now_ns=BEGIN * SECOND)
    stays = [(1, 60.0), (0, 60.0), (0, 60.0), (2, 12.0)]
    told = [
        Measure("zone.dwell", "till", (BEGIN + 60 * at) * SECOND, (BEGIN + 60 * at + 60) * SECOND,
                total / count if count else 60.0, "shop", data={"visits": count, "total": total})
        for at, (count, total) in enumerate(stays)
    ]  # fmt: skip
    await store.hear(arrival(speaker.say(*told)))
    for packed in (False, True):
        if packed:
            await store.database.write(partial(pack_some, before=1 << 40))
        reading = await store.database.read(
            lambda c: read_series(c, Asked(), BEGIN, BEGIN + 86400, resolution)
        )
        [dwell] = [one for one in reading.series if one.key.subject == "measure"]
        assert int(dwell.cells["n"].sum()) == 3
        assert dwell.cells["total"].sum() == pytest.approx(192)
