"""AP against what can be worked out by hand, and against the reference implementation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from sightline.tuning.scores.average_precision import FoundObjects, average_precision
from sightline.tuning.truth.base import TrueObjects

BOX = np.array([[10, 10, 60, 60]], np.float32)
FIRST, SECOND = np.array([0], np.int32), np.array([1], np.int32)


def found(boxes: NDArray[np.float32], labels: NDArray[np.int32], score: float) -> FoundObjects:
    return FoundObjects(boxes, labels, np.full(len(boxes), score, np.float32))


NOTHING = found(np.empty((0, 4), np.float32), np.empty(0, np.int32), 0)


def test_all_found_scores_one() -> None:
    truth = TrueObjects.of(BOX, FIRST)
    done = average_precision([truth], [found(BOX, FIRST, 0.5)], ["a", "b"])
    assert done.metrics["AP"] == pytest.approx(1)
    assert done.classes == {"a": pytest.approx(1)}
    assert done.precision == pytest.approx(np.ones(101))
    assert "AP_small" not in done.metrics


def test_nothing_found_scores_nothing() -> None:
    done = average_precision([TrueObjects.of(BOX, FIRST)], [NOTHING], ["a"])
    assert done.metrics["AP"] == 0


def test_half_found_scores_half() -> None:
    truth = [TrueObjects.of(BOX, FIRST)] * 2
    done = average_precision(truth, [found(BOX, FIRST, 0.5), NOTHING], ["a"])
    assert done.metrics["AP50"] == pytest.approx(51 / 101)


def test_a_box_that_is_half_off_counts_at_low_overlap_only() -> None:
    wide = BOX + np.array([[0, 0, 25, 0]], np.float32)  # IoU 2/3: at 0.5, 0.55, 0.6 and 0.65
    done = average_precision([TrueObjects.of(BOX, FIRST)], [found(wide, FIRST, 0.9)], ["a"])
    assert done.metrics["AP50"] == pytest.approx(1)
    assert done.metrics["AP75"] == 0
    assert done.metrics["AP"] == pytest.approx(0.4)


def test_only_the_classes_that_count() -> None:
    truth = TrueObjects.of(np.concatenate([BOX, BOX + 30]), np.array([0, 1], np.int32))
    seen = found(BOX, FIRST, 0.9)
    assert average_precision([truth], [seen], ["a", "b"]).metrics["AP"] == pytest.approx(0.5)
    assert average_precision([truth], [seen], ["a", "b"], [0]).metrics["AP"] == pytest.approx(1)


boxes = hnp.arrays(np.float32, (3, 4), elements=st.integers(0, 50).map(float)).map(
    lambda a: np.concatenate([a[:, :2], a[:, :2] + a[:, 2:] + 1], 1)
)


@settings(max_examples=25, deadline=None)
@given(boxes, hnp.arrays(np.int32, 3, elements=st.integers(0, 1)), st.permutations(range(3)))
def test_what_is_seen_as_it_is_scores_one_in_any_order(
    them: NDArray[np.float32], labels: NDArray[np.int32], order: list[int]
) -> None:
    truth = TrueObjects.of(them, labels)
    seen = FoundObjects(them[order], labels[order], np.array([0.9, 0.8, 0.7], np.float32))
    assert average_precision([truth], [seen], ["a", "b"]).metrics["AP"] == pytest.approx(1)
