"""Views laid over each other: what goes there comes back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.geometry.warp import (
    STILL,
    Matrix,
    furthest,
    inverse,
    matrix_of,
    numbers_of,
    shifted,
    warped,
    warped_boxes,
)

small = st.floats(-0.1, 0.1)
matrices = st.lists(small, min_size=8, max_size=8).map(
    lambda off: np.eye(3) + np.append(off, 0.0).reshape(3, 3)
)
places = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=5).map(np.array)


@given(matrices, places)
def test_there_and_back_is_where_it_was(matrix: Matrix, points: np.ndarray) -> None:
    assert warped(inverse(matrix), warped(matrix, points)) == pytest.approx(points, abs=1e-9)


@given(matrices, places)
def test_eight_numbers_say_it_all(matrix: Matrix, points: np.ndarray) -> None:
    again = matrix_of(numbers_of(matrix))
    assert warped(again, points) == pytest.approx(warped(matrix, points), abs=1e-9)


@given(small, small, places)
def test_a_shift_shifts_points_and_boxes(dx: float, dy: float, points: np.ndarray) -> None:
    assert warped(shifted(dx, dy), points) == pytest.approx(points + np.array([dx, dy]))
    boxes = np.concatenate([points, points + 0.1], axis=1)
    assert warped_boxes(shifted(dx, dy), boxes) == pytest.approx(boxes + np.array([dx, dy, dx, dy]))
    assert furthest(shifted(dx, dy)) == pytest.approx(max(abs(dx), abs(dy)))


@given(matrices)
def test_boxes_stay_upright(matrix: Matrix) -> None:
    x1, y1, x2, y2 = warped_boxes(matrix, np.array([[0.4, 0.3, 0.6, 0.8]]))[0]
    assert x1 < x2
    assert y1 < y2


def test_nothing_moved_is_nowhere_else() -> None:
    assert furthest(STILL) == 0
    assert (
        warped(np.array([[1, 0, 0], [0, 1, 0], [0, -1, 0.5]]), np.array([[0.5, 0.9]]))[0, 0]
        == np.inf
    )
