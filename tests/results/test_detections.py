"""Objects keep what is theirs, wherever they are placed or picked from."""

import numpy as np
import pytest

from sightline.geometry.fit import Placement
from sightline.results import Detections


def two() -> Detections:
    return Detections(
        np.array([[0, 0, 0.5, 0.5], [0.2, 0.4, 0.6, 0.8]], np.float32),
        np.array([0.9, 0.8], np.float32),
        np.array([0, 1], np.int32),
        keypoints=np.array([[[0.1, 0.2, 0.7]], [[0.5, 0.5, 0.3]]], np.float32),
        masks=np.array([[[True]], [[False]]]),
    )


def test_points_go_where_boxes_go() -> None:
    placed = two().placed(Placement(0.5, -0.25, 0.5, 1.5))
    assert placed.boxes[1] == pytest.approx([0.6, 0.35, 0.8, 0.95])
    assert placed.keypoints is not None
    assert placed.keypoints[0, 0] == pytest.approx([0.55, 0.05, 0.7])
    assert placed.keypoints[1, 0] == pytest.approx([0.75, 0.5, 0.3])


def test_a_row_is_picked_with_all_that_it_has() -> None:
    one = two()[1]
    assert one.keypoints is not None
    assert one.masks is not None
    assert one.keypoints[0, 0, 2] == pytest.approx(0.3)
    assert not one.masks.any()
