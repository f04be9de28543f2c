import numpy as np
from numpy.typing import NDArray

from sightline.analytics.slots import Slots, grown


def ids(*numbers: int) -> NDArray[np.int64]:
    return np.array(numbers, np.int64)


def test_identities_find_their_slots_in_any_order() -> None:
    table = Slots()
    slots = [table.open() for _ in range(3)]
    table.give(ids(30, 10, 20), np.array(slots))
    found, known = table.find(ids(10, 99, 30))
    assert known.tolist() == [True, False, True]
    assert found[known].tolist() == [slots[1], slots[0]]


def test_nobody_is_found_in_an_empty_table() -> None:
    found, known = Slots().find(ids(1, 2))
    assert len(found) == len(known) == 2
    assert not known.any()


def test_a_slot_that_is_given_on_forgets_who_had_it() -> None:
    table = Slots()
    slot = table.open()
    table.give(ids(1), np.array([slot]))
    table.give(ids(2), np.array([slot]))
    _, known = table.find(ids(1, 2))
    assert known.tolist() == [False, True]


def test_slots_are_used_again_only_once_they_are_free() -> None:
    table = Slots()
    table.give(ids(1), np.array([table.open()]))
    (dropped,) = table.forget(np.array([True]))
    assert table.open() != dropped
    table.free([dropped])
    assert table.open() == dropped


def test_capacity_grows_with_need() -> None:
    table = Slots()
    assert len({table.open() for _ in range(100)}) == 100
    assert table.capacity >= 100


def test_growing_keeps_what_was_there() -> None:
    small = np.array([[1, 2], [3, 4]])
    assert grown(small, 4).tolist() == [[1, 2], [3, 4], [0, 0], [0, 0]]
    assert grown(small, 1) is small
