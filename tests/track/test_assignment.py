"""The pairing that is taken is the best there is."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from sightline.track.assignment import assign

LEAST = 0.2


def best(value: NDArray[np.float64]) -> float:
    """By trying everything; pairs at or below the least are worth nothing."""
    if value.shape[0] > value.shape[1]:
        value = value.T
    worth = np.maximum(value - LEAST, 0)
    rows = range(len(worth))
    orders = permutations(range(worth.shape[1]), len(worth))
    return max(float(np.sum(worth[rows, order])) for order in orders)


@given(
    st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
        lambda shape: arrays(np.float64, shape, elements=st.floats(0, 0.99))
    )
)
def test_nobody_is_taken_twice_and_nothing_is_better(value: NDArray[np.float64]) -> None:
    rows, columns = (value > LEAST).nonzero()
    gain = value[rows, columns]
    taken = assign(rows, columns, gain, LEAST)
    assert len(set(rows[taken])) == len(taken) == len(set(columns[taken]))
    assert (gain[taken] - LEAST).sum() == pytest.approx(best(value), abs=1e-9)


def test_no_candidates_no_pairs() -> None:
    none = np.empty(0, np.intp)
    assert len(assign(none, none, np.empty(0), LEAST)) == 0
