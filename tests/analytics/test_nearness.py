"""Pairs found in many pictures at once are those that are found in each by itself."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.analytics.nearness import Nearness
from sightline.analytics.watch import Looks

STEP_S = 0.2


def looks_at(present: NDArray[np.bool_]) -> Looks:
    """A look at every second picture; who of (k, S) is there in each."""
    look, _ = np.nonzero(present)
    count = len(present)
    return Looks(
        pictures=np.arange(count) * 2 + 5,
        now_s=np.linspace(0, (count - 1) * STEP_S, count),
        since_s=np.full(count, STEP_S),
        rows=np.arange(len(look)),
        look=look,
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 7), st.integers(0, 30), st.sampled_from([0.2, 1, 3]))
def test_the_pairs_of_a_picture(seed: int, people: int, count: int, reach: float) -> None:
    random = np.random.default_rng(seed)
    present = random.random((count, people)) < 0.8
    looks = looks_at(present)
    slots = np.concatenate([random.permutation(np.flatnonzero(own)) for own in [*present, []]])
    slots = slots.astype(np.intp)
    places = np.round(random.uniform(0, 2, (len(slots), 2)), 1)
    places[random.random(len(slots)) < 0.1] = np.nan
    found = Nearness(looks, slots, places, reach, reach, 0.0)
    for number in range(count):
        told = found.picture(5 + 2 * number)
        rows = np.flatnonzero(looks.look == number)
        near = {}
        for at, one in enumerate(rows):
            for other in rows[at + 1 :]:
                apart = float(np.hypot(*(places[one] - places[other])))
                if apart <= reach:
                    a, b = sorted((int(slots[one]), int(slots[other])))
                    near[a, b] = apart
        assert told is not None
        assert told[0] == set(slots[rows].tolist())
        assert list(told[1].items()) == list(near.items())
    assert found.picture(4) is found.picture(6) is None


def walk(far: list[float], hidden: tuple[int, ...] = ()) -> Nearness:
    """Two of whom one stands, and the other is so far away at each look."""
    present = np.ones((len(far), 2), np.bool_)
    present[list(hidden), 1] = False
    look, slots = np.nonzero(present)
    places = np.zeros((len(slots), 2))
    places[slots == 1, 0] = np.array(far)[look[slots == 1]]
    return Nearness(looks_at(present), slots, places, 1.1, 1.0, 1.0)


def near_at(one: Nearness, count: int) -> list[int]:
    return [n for n in range(count) if one.picture(5 + 2 * n)[1]]  # type: ignore[index]


def test_who_only_passes_is_left_out() -> None:
    brief, long_ = [3, 2, 0.9, 0.5, 0.9, 2, 3], [3, 2, *[0.9] * 6, 1.05, 2, 3]
    assert near_at(walk(brief), 7) == []
    assert walk(brief).turns.tolist() == [5]
    assert near_at(walk(long_), 11) == [2, 3, 4, 5, 6, 7, 8]
    assert walk(long_).turns.tolist() == [5, 5 + 2 * 2, 5 + 2 * 9]
    assert walk(long_).nearest((0, 1), 5 + 2 * 3, 5 + 2 * 20) == (8 * STEP_S, 0.9)
    assert walk(long_).nearest((0, 1), 5, 9) is None


def test_who_never_came_close_enough_is_left_out() -> None:
    assert near_at(walk([3, *[1.05] * 9, 3]), 11) == []


def test_whose_coming_or_parting_is_not_seen_is_not() -> None:
    assert near_at(walk([0.9, 0.9, 3]), 3) == [0, 1]
    assert near_at(walk([3, 0.9, 0.9]), 3) == [1, 2]
    assert near_at(walk([3, 0.9, 0.9, 0.9, 3], hidden=(2,)), 5) == [1, 3]
