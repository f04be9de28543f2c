"""A shelf over time: what its looks and changes say, however many they are."""

from typing import Any

import numpy as np
import pytest
from hubkit import NOW, SECOND, Speaker, Store
from hypothesis import given
from hypothesis import strategies as st

from sightline.hub.query.shelf import Out, ShelfStory, _fill, _Look, _Looked, shelf_story
from sightline.wire.messages import Event, Measure

MINUTE = 60 * SECOND
SPAN = (NOW, NOW + 60 * MINUTE)


def look(minute: float, cells: list[Any], name: str = "drinks", **more: Any) -> Measure:
    start = NOW + int(minute * MINUTE)
    data = {"cells": cells, **more}
    return Measure("shelf.fill", name, start, start + MINUTE, 0.5, "door", data=data)


def change(minute: float, cell: Any, out_s: float | None = None, name: str = "drinks") -> Event:
    kind, data = (
        ("shelf.out_of_stock", {}) if out_s is None else ("shelf.restocked", {"out_s": out_s})
    )
    at = NOW + int(minute * MINUTE)
    return Event(kind, at, name, "door", data={"cell": cell, **data})


async def story(store: Store, *said: Event | Measure, now_ns: int = SPAN[1]) -> ShelfStory:
    door = Speaker()
    await store.hear(door.announce(), door.say(*said))
    return await store.database.read(lambda c: shelf_story(c, "door", "drinks", SPAN, 6, now_ns))


async def test_cells_are_as_full_as_they_were_seen(store: Store) -> None:
    found = await story(
        store, look(0, [1.0, 0.5, None, 0.0], columns=2), look(5, [0.0, 0.5, None, 0.0], columns=2),
        look(10, [1, 1, 1, 1], columns=2), look(30, [0, 0, 0, 0], name="snacks"),
        look(-20, [0.1] * 4), look(70, [0.2] * 4),
    )  # fmt: skip
    assert (found.cells, found.columns, found.complete) == (4, 2, True)
    assert found.fill[:2] == [[0.5, 0.5, None, 0.0], [1, 1, 1, 1]]
    assert found.fill[2:] == [[None] * 4] * 4


async def test_a_cell_is_out_from_one_change_to_the_next_and_at_the_edges(store: Store) -> None:
    found = await story(
        store, change(-30, [0, 1]), change(5, [0, 0]), change(8, [0, 0], 180.0),
        change(9, [1, 1], 1e5), change(20, [1, 0]), change(4, [0, 0], name="snacks"),
        change(-90, [0, 2]), change(-80, [0, 2], 600.0), change(99, [2, 2]),
        now_ns=NOW + 40 * MINUTE,
    )  # fmt: skip
    at = lambda minute: NOW + minute * MINUTE  # noqa: E731
    assert found.outs == [
        Out((0, 0), at(5), at(8)),
        Out((1, 1), at(0), at(9)),  # out before anybody said so
        Out((0, 1), at(0), at(40)),  # out since before the range
        Out((1, 0), at(20), at(40)),  # not back yet
    ]
    assert (found.cells, found.columns) == (0, 2)


async def test_nonsense_of_a_camera_is_left_out(store: Store) -> None:
    found = await story(
        store, look(1, ["a"]), look(2, []), look(3, [1, 0, 1], columns=9), look(4, [1.0]),
        change(1, "first"), change(2, [1]), change(3, [0, 1]),
    )  # fmt: skip
    assert (found.cells, found.columns) == (3, 3)
    assert found.fill[0] == [1.0, 0.0, 1.0]
    assert [out.cell for out in found.outs] == [(0, 1)]


LOOKS = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, 300), st.lists(st.none() | st.floats(0, 1))),
    max_size=12,
)  # fmt: skip


@given(LOOKS)
def test_every_look_counts_in_each_part_that_it_lasts(looks: list[Any]) -> None:
    count, steps = max((len(cells) for *_, cells in looks), default=0), 7
    found = _fill(
        [_Looked(start, start + long, _Look(cells)) for start, long, cells in looks],
        count, (0, 100), steps,
    )  # fmt: skip
    for step, row in enumerate(found):
        for cell, value in enumerate(row):
            begins, ends = step * 100 / steps, (step + 1) * 100 / steps
            seen = [
                cells[cell] for start, long, cells in looks
                if len(cells) > cell and cells[cell] is not None and start < ends
                and (start + long > begins or start >= begins)
            ]  # fmt: skip
            assert value == (pytest.approx(np.mean(seen), abs=1e-3) if seen else None)
