"""Keypoint similarity: all right, a little off, and far off."""

import numpy as np
import pytest

from sightline.results import Detections
from sightline.tuning.scores.keypoints import keypoint_precision
from sightline.tuning.truth.base import TrueObjects

SIZE = (200, 100)
POINTS = np.random.default_rng(1).uniform(20, 80, (1, 17, 3)).astype(np.float32)
POINTS[..., 2] = 2
TRUTH = TrueObjects(
    np.array([[10, 10, 90, 90]], np.float32),
    np.zeros(1, np.int32),
    np.array([6400], np.float32),
    np.zeros(1, np.bool_),
    POINTS,
)


def seen(off: float) -> Detections:
    points = (POINTS + np.array([off, 0, 0], np.float32)) / np.array([*SIZE, 1], np.float32)
    one = np.ones(1, np.float32)
    boxes = np.array([[0, 0, 1, 1]], np.float32)
    return Detections(boxes, one, np.zeros(1, np.int32), keypoints=points.astype(np.float32))


@pytest.mark.parametrize(("off", "low", "high"), [(0, 1, 1), (6, 0.2, 0.95), (80, 0, 0)])
def test_the_further_off_the_less(off: float, low: float, high: float) -> None:
    metrics = keypoint_precision([TRUTH], [seen(off)], [SIZE])
    assert low - 1e-6 <= metrics["AP"] <= high + 1e-6
    assert metrics["AP50"] >= metrics["AP75"]


def test_nobody_seen_scores_nothing() -> None:
    assert keypoint_precision([TRUTH], [Detections.empty()], [SIZE])["AP"] == 0
