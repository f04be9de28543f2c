"""Mean intersection over union of classes, pixel by pixel.

Everingham et al., "The Pascal Visual Object Classes Challenge", IJCV 2015.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.results import Detections
from sightline.results.masks import resized
from sightline.tuning.truth.masks import IGNORED

Plane = NDArray[np.uint8]


def mean_iou(
    pairs: Iterable[tuple[Plane, Plane]], names: Sequence[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """mIoU and the share of right pixels; and the IoU of each class that is there or was said.

    pairs  for each picture the true class numbers and those said, of one shape
    """
    count = len(names)
    counts = np.zeros((count, count), np.int64)
    for true, said in pairs:
        counted = (true != IGNORED) & (true < count)
        flat = true[counted].astype(np.intp) * count + said[counted]
        counts += np.bincount(flat, minlength=count * count).reshape(count, count)
    right = np.diagonal(counts)
    union = counts.sum(0) + counts.sum(1) - right
    classes = {
        names[place]: float(right[place] / union[place]) for place in np.flatnonzero(union).tolist()
    }
    total = max(1, int(counts.sum()))
    return {
        "mIoU": float(np.mean(list(classes.values()))) if classes else 0.0,
        "pixel_accuracy": float(right.sum() / total),
    }, classes


def painted(detections: Detections, size: tuple[int, int]) -> Plane:
    """The class number of each pixel of a picture of `size`; 0, the background, where none is."""
    width, height = size
    plane = np.zeros((height, width), np.uint8)
    if detections.masks is None:
        return plane
    edges = np.rint(detections.boxes * np.array(size * 2)).astype(int).clip(0, [*size * 2])
    order = np.argsort(detections.scores, kind="stable")
    for row in order:
        x1, y1, x2, y2 = edges[row]
        if x2 > x1 and y2 > y1:
            inside = resized(detections.masks[row], (y2 - y1, x2 - x1))
            plane[y1:y2, x1:x2][inside] = detections.labels[row]
    return plane
