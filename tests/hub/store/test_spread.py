"""How a number in events is spread: the same as who reads every event finds."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hubkit import NOW, SECOND, Speaker, Store

from sightline.hub.store.events import Wanted, events_page
from sightline.hub.store.spread import Spread, spread
from sightline.wire.messages import Event

EDGES = [5.0, 10.0, 60.0]
DWELLS = [0.0, 4.999, 5, 9.5, 10.0, 60.0, 1800.25, -1.0]
ODD: list[Any] = ["5", None, [5], {"a": 5}, True]


def left(at: int, data: dict[str, Any], kind: str = "zone.left") -> Event:
    return Event(kind, NOW + at * SECOND, "till", "door", at, "person", data=data)


async def told(store: Store, wanted: Wanted, **more: Any) -> Spread:
    return await store.database.read(lambda c: spread(c, wanted, "dwell_s", EDGES, **more))


async def test_it_counts_what_reading_all_of_them_counts(store: Store, door: Speaker) -> None:
    events = [left(i, {"dwell_s": dwell}) for i, dwell in enumerate([*DWELLS, *ODD])]
    other = [left(1, {"wait_s": 7.0}), left(2, {}), left(3, {"dwell_s": 7.0}, "queue.left")]
    await store.hear(door.announce(), door.say(*events, *other))
    wanted = Wanted(("door",), ("zone.left",))
    found = await told(store, wanted)
    rows = await store.database.read(lambda c: events_page(c, wanted, 1000))
    read = sorted(
        value for row in rows
        if isinstance(value := row.event.data.get("dwell_s"), int | float) and value is not True
    )  # fmt: skip
    ends = [-np.inf, *EDGES, np.inf]
    assert found.n == len(read) == len(DWELLS)
    assert found.counts == [sum(low <= one < high for one in read) for low, high in pairwise(ends)]
    assert (found.low, found.high, found.complete) == (-1.0, 1800.25, True)
    assert found.middle == read[len(read) // 2]
    assert found.mean == pytest.approx(np.mean(read))


async def test_a_range_and_a_bound(store: Store, door: Speaker) -> None:
    await store.hear(door.announce(), door.say(*(left(i, {"dwell_s": i}) for i in range(20))))
    assert (await told(store, Wanted(from_ns=NOW + 3 * SECOND, to_ns=NOW + 6 * SECOND))).n == 3
    newest = await told(store, Wanted(), most=4)
    assert (newest.n, newest.low, newest.complete) == (4, 16.0, False)
    assert await told(store, Wanted(("other",))) == Spread(0, [0, 0, 0, 0])
