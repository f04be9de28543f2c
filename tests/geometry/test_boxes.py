import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from sightline.geometry import boxes

F = NDArray[np.float64]


def some_boxes(least: int = 0) -> st.SearchStrategy[F]:
    numbers = st.floats(0, 1, width=32)
    rows = st.integers(least, 6).flatmap(lambda n: arrays(np.float64, (n, 4), elements=numbers))
    return rows.map(lambda b: np.concatenate([b[:, :2], b[:, :2] + b[:, 2:]], axis=1))


def test_the_point_that_stands_for_a_box() -> None:
    box = np.array([[0.2, 0.4, 0.6, 1.0]])
    points = {name: boxes.anchors(box, name)[0].tolist() for name in boxes.ANCHORS}
    assert points == {
        "bottom": pytest.approx([0.4, 1.0]),
        "center": pytest.approx([0.4, 0.7]),
        "top": pytest.approx([0.4, 0.4]),
        "left": pytest.approx([0.2, 0.7]),
        "right": pytest.approx([0.6, 0.7]),
    }


def test_overlap_of_known_boxes() -> None:
    a = np.array([[0, 0, 2, 2], [5, 5, 6, 6]], float)
    b = np.array([[0, 0, 2, 2], [1, 0, 3, 2], [2, 0, 4, 2]], float)
    assert boxes.iou(a, b) == pytest.approx(np.array([[1, 1 / 3, 0], [0, 0, 0]]))


@given(some_boxes(), some_boxes())
def test_overlap_is_symmetric_and_within_bounds(a: F, b: F) -> None:
    overlap = boxes.iou(a, b)
    assert overlap.shape == (len(a), len(b))
    assert overlap == pytest.approx(boxes.iou(b, a).T)
    assert ((overlap >= 0) & (overlap <= 1 + 1e-9)).all()


@given(some_boxes(1))
def test_a_box_overlaps_itself_wholly_unless_it_is_empty(a: F) -> None:
    whole = np.diag(boxes.iou(a, a))
    empty = boxes.area(a) == 0
    assert whole[~empty] == pytest.approx(1)
    assert (whole[empty] == 0).all()


def test_a_box_turned_inside_out_has_no_area() -> None:
    assert boxes.area(np.array([[0.6, 0.1, 0.4, 0.9]])).tolist() == [0]


@given(some_boxes())
def test_conversions_come_back(a: F) -> None:
    assert boxes.from_xywh(boxes.to_xywh(a)) == pytest.approx(a)
    assert boxes.from_cxcywh(boxes.to_cxcywh(a)) == pytest.approx(a)


@given(some_boxes())
def test_clipped_boxes_lie_in_the_picture_and_others_stay(a: F) -> None:
    cut = boxes.clip(a - 0.5)
    assert ((cut >= 0) & (cut <= 1)).all()
    assert boxes.clip(cut) == pytest.approx(cut)
