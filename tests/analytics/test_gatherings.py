"""Groups of many pictures at once are those of each, found one after another."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.analytics.gatherings import groups, near, sizes
from sightline.geometry.ground import Ground

GROUND = Ground(
    np.array([[0.1, 0.9], [0.9, 0.9], [0.6, 0.2], [0.4, 0.2]]),
    np.array([[-2.0, 2], [2, 2], [2, 9], [-2, 9]]),
)


def standing(feet: NDArray[np.float64], height: float = 0.2) -> NDArray[np.float32]:
    corners = np.array([[-0.03, -height], [0.03, 0]])
    boxes: NDArray[np.float64] = feet[..., None, :] + corners
    return boxes.reshape(*feet.shape[:-1], 4).astype(np.float32)


def walked(near: NDArray[np.bool_], there: NDArray[np.bool_]) -> list[int]:
    """By person the first that one can walk to, from one to the next."""
    found = [len(there)] * len(there)
    for first in np.flatnonzero(there).tolist():
        todo = [first] if found[first] == len(there) else []
        while todo:
            one = todo.pop()
            if found[one] == len(there):
                found[one] = first
                todo += np.flatnonzero(near[one] & there).tolist()
    return found


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 6), st.integers(0, 9), st.booleans())
def test_groups_and_their_sizes(seed: int, pictures: int, people: int, metres: bool) -> None:
    random = np.random.default_rng(seed)
    feet = random.uniform(0, 1, (pictures, people, 2))
    boxes = standing(feet)
    there = random.random((pictures, people)) < 0.7
    ground = GROUND if metres else None
    together = near(boxes, "bottom", 1.5, ground, 1.5)
    group = groups(together, there)
    size = sizes(group)
    for number in range(pictures):
        alone = near(boxes[number], "bottom", 1.5, ground, 1.5)
        assert np.array_equal(together[number], alone)
        assert np.array_equal(alone, alone.T)
        own = walked(alone, there[number])
        assert group[number].tolist() == own
        assert size[number].tolist() == [own.count(n) for n in range(people)]


def test_a_long_chain_is_one_group() -> None:
    feet = np.column_stack([np.linspace(0.1, 0.9, 9), np.full(9, 0.8)])
    boxes = standing(feet, 0.17)
    chained = near(boxes, "bottom", 1.1, None, 1.0)  # a tenth of the picture is a metre
    everybody = np.ones(9, np.bool_)
    assert sizes(groups(chained, everybody)).tolist() == [9, *[0] * 8]
    assert sizes(groups(chained, everybody & (np.arange(9) != 3)))[[0, 4]].tolist() == [3, 5]
    assert groups(near(boxes, "bottom", 0.9, None, 1.0), everybody).tolist() == list(range(9))
