"""What is taken for what, counted once."""

import numpy as np

from sightline.tuning.scores.average_precision import FoundObjects
from sightline.tuning.scores.confusion import of_boxes, of_classes
from sightline.tuning.truth.base import TrueObjects

NAMES = ("cat", "dog")


def truth(boxes: list[list[int]], *labels: int) -> TrueObjects:
    return TrueObjects.of(np.array(boxes, np.float32), np.array(labels, np.int32))


def found(boxes: list[list[int]], scores: list[float], *labels: int) -> FoundObjects:
    return FoundObjects(
        np.array(boxes, np.float32), np.array(labels, np.int32), np.array(scores, np.float32)
    )


def test_nobody_is_joined_twice() -> None:
    two = truth([[0, 0, 10, 10], [0, 0, 10, 11]], 0, 0)
    one = found([[0, 0, 10, 10]], [0.9], 0)
    assert of_boxes([two], [one], NAMES).counts.tolist() == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert of_boxes([truth([[0, 0, 10, 10]], 0)], [found([[0, 0, 10, 10], [0, 0, 10, 11]],
        [0.9, 0.8], 0, 1)], NAMES).counts.tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 0]]  # fmt: skip


def test_the_best_overlap_goes_first_and_weak_detections_do_not_count() -> None:
    one = truth([[0, 0, 10, 10]], 0)
    seen = found([[0, 0, 10, 13], [0, 0, 10, 10], [50, 50, 60, 60]], [0.9, 0.5, 0.2], 0, 1, 0)
    assert of_boxes([one], [seen], NAMES).counts.tolist() == [[0, 1, 0], [0, 0, 0], [1, 0, 0]]


def test_classes() -> None:
    counts = of_classes([0, 1, -1], [0, 0, 1], NAMES).counts
    assert counts.tolist() == [[1, 1, 0], [0, 0, 1], [0, 0, 0]]
