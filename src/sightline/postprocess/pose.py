"""From keypoints to the object that has them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.results import Detections

SURE = 0.2  # score from which a keypoint counts; MoveNet's own examples use the same
_FEWEST = 3  # points that make an object: two lie on a line


def extents(keypoints: NDArray[np.float32]) -> Detections:
    """Poses float32 (N, K, 3) x, y, score as objects of class 0.

    The box is the extent of the points that are sure, the score their mean. Without enough
    of them the box is empty and the score 0.
    """
    keypoints = np.nan_to_num(keypoints, posinf=0, neginf=0)
    scores, places = keypoints[:, :, 2], keypoints[:, :, :2]
    sure = (scores >= SURE) & (np.abs(places) < 10).all(2)
    enough = sure.sum(1) >= _FEWEST
    near = np.where(sure[:, :, None], places, np.inf).min(1, initial=np.inf)
    far = np.where(sure[:, :, None], places, -np.inf).max(1, initial=-np.inf)
    boxes = np.where(enough[:, None], np.concatenate([near, far], 1), 0).astype(np.float32)
    means = np.where(sure, scores, 0).sum(1) / np.maximum(sure.sum(1), 1)
    labels = np.zeros(len(keypoints), np.int32)
    return Detections(
        boxes, np.where(enough, means, 0).astype(np.float32), labels, keypoints=keypoints
    )
