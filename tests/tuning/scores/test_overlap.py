"""mIoU by hand, and masks laid where they belong."""

import numpy as np
import pytest

from sightline.results import Detections
from sightline.tuning.scores.overlap import mean_iou, painted

NAMES = ("background", "bird", "cat")


def test_by_hand() -> None:
    true = np.array([[0, 0, 1, 1], [0, 255, 1, 1]], np.uint8)
    said = np.array([[0, 1, 1, 1], [0, 2, 1, 0]], np.uint8)
    metrics, classes = mean_iou([(true, said)], NAMES)
    assert classes == {"background": pytest.approx(2 / 4), "bird": pytest.approx(3 / 5)}
    assert metrics["mIoU"] == pytest.approx(0.55)
    assert metrics["pixel_accuracy"] == pytest.approx(5 / 7)


def test_masks_are_painted_over_their_boxes_the_surest_last() -> None:
    found = Detections(
        np.array([[0, 0, 1, 1], [0.5, 0, 1, 0.5]], np.float32),
        np.array([0.4, 0.9], np.float32),
        np.array([1, 2], np.int32),
        masks=np.ones((2, 3, 3), np.bool_),
    )
    assert painted(found, (4, 2)).tolist() == [[1, 1, 2, 2], [1, 1, 1, 1]]
    assert not painted(Detections.empty(), (4, 2)).any()
