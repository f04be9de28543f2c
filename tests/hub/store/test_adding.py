"""What is added up while it is read is what is added up afterwards."""

from itertools import chain, combinations

import numpy as np
import pytest
from sqlalchemy import Connection

from sightline.hub.store.packing import CELL, pack_some
from sightline.hub.store.rollups import Key, Rollups, Sum, Sums
from sightline.hub.store.series import Asked, read_series

MINUTE_NS = 60 * 10**9
BEGIN = 1_780_000_000 // 86400 * 86400
PARTS = ("camera", "name", "part")
OVERS = list(chain.from_iterable(combinations(PARTS, n) for n in range(len(PARTS) + 1)))


@pytest.fixture
def filled(connection: Connection) -> Connection:
    """Sums of two days, some packed, some not, and some of both."""
    chance = np.random.default_rng(3)
    rollups = Rollups()
    for packed in (True, False):
        sums = Sums()
        for camera in ("a", "b", "c"):
            for name, part in (("door", "in"), ("door", "out"), ("gate", "in")):
                key = Key(camera, "event", "line.crossed", name, part)
                for minute in chance.integers(0, 2 * 1440, 40).tolist():
                    value = float(chance.integers(1, 9))
                    at = BEGIN * 10**9 + minute * MINUTE_NS
                    sums.add(key, at, Sum(1, value, value, value))
        rollups.add(connection, sums)
        while packed and pack_some(connection, 1 << 40):
            pass
    return connection


@pytest.mark.parametrize("resolution", [60, 3600, 86400])
@pytest.mark.parametrize("over", OVERS, ids="+".join)
def test_while_reading_and_afterwards(
    filled: Connection, resolution: int, over: tuple[str, ...]
) -> None:
    asked = Asked(cameras=("a", "b"), subject="event")
    span = (BEGIN + 3600, BEGIN + 2 * 86400)
    at_once = read_series(filled, asked, *span, resolution, over)
    later = read_series(filled, asked, *span, resolution).over(over)
    assert at_once.starts.tolist() == later.starts.tolist()
    told = {one.key: one.cells for one in at_once.series}
    assert told.keys() == {one.key for one in later.series}
    for one in later.series:
        for name in CELL.names or ():
            assert np.array_equal(told[one.key][name], one.cells[name]), (one.key, name)


def test_a_camera_that_is_gone_and_one_that_came_are_seen(filled: Connection) -> None:
    asked, span = Asked(subject="event"), (BEGIN, BEGIN + 2 * 86400)
    before = {one.key.camera for one in read_series(filled, asked, *span, 3600).series}
    assert before == {"a", "b", "c"}
    sums = Sums()
    sums.add(Key("d", "event", "line.crossed"), BEGIN * 10**9, Sum(1, 1.0, 1.0, 1.0))
    Rollups().add(filled, sums)
    filled.exec_driver_sql("DELETE FROM series WHERE camera = 'a'")
    after = {one.key.camera for one in read_series(filled, asked, *span, 3600).series}
    assert after == {"b", "c", "d"}
