from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.analytics.roster import Roster

Make = Callable[..., Any]
S = 10**9


def test_an_object_keeps_its_slot_while_it_is_seen_and_a_moment_longer(tracks: Make) -> None:
    roster = Roster(memory_s=2.0)
    roster.update(tracks({5: (0.3, 0.5), 6: (0.6, 0.5)}), 0)
    slots = dict(zip([5, 6], roster.slots.tolist(), strict=True))
    assert sorted(roster.fresh) == sorted(slots.values())
    roster.update(tracks({6: (0.6, 0.5), 5: (0.3, 0.5)}), 1 * S)
    assert roster.slots.tolist() == [slots[6], slots[5]]
    assert roster.fresh == []
    roster.update(tracks({6: (0.6, 0.5)}), 2 * S)
    assert roster.gone == []
    roster.update(tracks({6: (0.6, 0.5)}), 4 * S)
    assert roster.gone == [slots[5]]
    roster.update(tracks({6: (0.6, 0.5)}), 5 * S)
    assert roster.gone == []


def test_the_same_picture_given_again_changes_nothing(tracks: Make) -> None:
    roster, picture = Roster(), tracks({5: (0.3, 0.5)})
    roster.update(picture, 0)
    roster.update(picture, 0)
    assert roster.fresh == [roster.slots[0]]
    roster.update(picture, 1)
    assert roster.fresh == []


@pytest.mark.parametrize(
    ("place", "joined"),
    [((0.52, 0.5), True), ((0.9, 0.5), False), ((0.5, 0.8), False)],
)
def test_a_new_track_where_one_was_lost_takes_its_slot(
    tracks: Make, place: tuple[float, float], joined: bool
) -> None:
    roster = Roster()
    roster.update(tracks({1: (0.5, 0.5)}), 0)
    before = roster.slots[0]
    roster.update(tracks({}), S // 2)
    roster.update(tracks({2: place}), S)
    assert (roster.slots[0] == before) == joined
    assert roster.track[roster.slots[0]] == 2


def test_who_walks_on_is_expected_where_the_walk_leads(tracks: Make) -> None:
    roster = Roster()
    for number in range(31):
        roster.update(tracks({1: (0.2 + number * 0.01, 0.5)}), number * S // 30)
    slot = roster.slots[0]
    roster.update(tracks({2: (0.8, 0.5)}), 2 * S)
    assert roster.slots[0] == slot


def test_a_track_of_another_class_or_size_is_somebody_else(tracks: Make) -> None:
    roster = Roster()
    roster.update(tracks({1: (0.5, 0.5)}), 0)
    roster.update(tracks({2: (0.5, 0.5)}, label=1), S // 2)
    assert len(roster.fresh) == 1


def test_at_the_edge_of_the_picture_people_come_and_go(tracks: Make) -> None:
    roster = Roster()
    roster.update(tracks({1: (0.98, 0.5)}), 0)
    roster.update(tracks({2: (0.98, 0.5)}), S // 2)
    assert len(roster.fresh) == 1


def test_who_is_still_there_has_no_heir(tracks: Make) -> None:
    roster = Roster()
    roster.update(tracks({1: (0.5, 0.5)}), 0)
    roster.update(tracks({1: (0.5, 0.5), 2: (0.51, 0.5)}), S)
    assert roster.slots[0] != roster.slots[1]


def test_of_two_that_come_the_closer_one_goes_on(tracks: Make) -> None:
    roster = Roster()
    roster.update(tracks({1: (0.5, 0.5)}), 0)
    slot = roster.slots[0]
    roster.update(tracks({8: (0.53, 0.5), 9: (0.51, 0.5)}), S // 2)
    assert roster.slots[1] == slot
    assert roster.slots[0] != slot


def test_a_clock_that_goes_back_stands_still_and_one_that_is_set_is_not_believed(
    tracks: Make,
) -> None:
    roster, here = Roster(), {1: (0.5, 0.5)}
    seconds = []
    for time_s in (100, 101, 50, 51, 51 + 86_400, 52 + 86_400):
        roster.update(tracks(here), time_s * S)
        seconds.append(roster.clock.now_s)
    assert seconds == [0, 1, 1, 2, 2, 3]
    assert roster.clock.time_ns(2.5) == round((51.5 + 86_400) * S)


def test_a_long_time_without_anybody_is_believed(tracks: Make) -> None:
    roster = Roster()
    roster.update(tracks({1: (0.5, 0.5)}), 0)
    roster.update(tracks({2: (0.5, 0.5)}), 3600 * S)
    assert roster.clock.now_s == 3600
    assert len(roster.gone) == 1


def test_two_rows_of_one_identity_do_no_harm(tracks: Make) -> None:
    roster, twice = Roster(), tracks({1: (0.5, 0.5), 2: (0.2, 0.5)})
    twice.track_ids[:] = 4
    roster.update(twice, 0)
    assert roster.slots[0] == roster.slots[1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.integers(1, 9), st.tuples(st.floats(0, 1), st.floats(0, 1))),
            st.floats(0, 3),
        ),
        max_size=40,
    )
)
def test_whatever_comes_each_object_has_one_slot_of_its_own(
    tracks: Make, pictures: list[tuple[dict[int, tuple[float, float]], float]]
) -> None:
    roster, now, live = Roster(), 0.0, set[int]()
    for places, step in pictures:
        now += step
        roster.update(tracks(places), round(now * S))
        slots = roster.slots.tolist()
        assert len(set(slots)) == len(slots)
        assert not live & set(roster.fresh)
        live |= set(slots)
        assert set(roster.gone) <= live
        live -= set(roster.gone)
        assert all(slot < roster.capacity for slot in slots)
        assert roster.track[roster.slots].tolist() == list(places)
        assert np.isfinite(roster.places("bottom")).all()
