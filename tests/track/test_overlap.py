"""Affinity of boxes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sightline.track.overlap import affinity, centres, corners, covered, iou

boxes = st.integers(0, 4).flatmap(lambda n: arrays(np.float64, (4, n), elements=st.floats(0.01, 1)))


@given(boxes, boxes)
def test_affinity_is_a_symmetric_share(a: np.ndarray, b: np.ndarray) -> None:
    value = affinity(corners(a), corners(b))
    assert value.shape == (a.shape[1], b.shape[1])
    assert ((value >= 0) & (value <= 1 + 1e-9)).all()
    assert value == pytest.approx(affinity(corners(b), corners(a)).T)


@given(boxes)
def test_a_box_is_itself(a: np.ndarray) -> None:
    assert np.diagonal(affinity(corners(a), corners(a))) == pytest.approx(1)
    assert centres(corners(a)) == pytest.approx(a)


def test_height_counts_twice() -> None:
    a = np.array([[0], [0], [2], [4]], float)
    lower = np.array([[0], [2], [2], [6]], float)
    aside = np.array([[1], [0], [3], [4]], float)
    assert affinity(a, lower)[0, 0] == pytest.approx(4 / 12 * 2 / 6)
    assert affinity(a, aside)[0, 0] == pytest.approx(4 / 12)


def test_a_margin_lets_boxes_meet() -> None:
    a = np.array([[0], [0], [1], [1]], float)
    b = np.array([[1.5], [0], [2.5], [1]], float)
    assert affinity(a, b)[0, 0] == 0
    assert affinity(a, b, np.array([0.5]))[0, 0] == pytest.approx(1 / 7)


def test_intersection_over_union() -> None:
    a = np.array([[0], [0], [2], [2]], float)
    others = np.array([[1, 0, 3], [1, 0, 3], [3, 2, 4], [3, 2, 4]], float)
    assert iou(a, others)[0] == pytest.approx([1 / 7, 1, 0])


def test_the_share_that_others_cover() -> None:
    a = np.array([[0], [0], [2], [2]], float)
    others = np.array([[1, 0], [0, 0], [3, 2], [2, 0.5]], float)
    assert covered(a, others) == pytest.approx([0.5])
    assert covered(a, np.empty((4, 0))) == pytest.approx([0])
