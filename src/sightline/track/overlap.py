"""How much boxes overlap, as rows of centres and sides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def corners(boxes: Array) -> Array:
    """(4, N) x1, y1, x2, y2 of boxes (4, N) centre x, centre y, width, height."""
    half = boxes[2:] * 0.5
    return np.concatenate([boxes[:2] - half, boxes[:2] + half])


def overlaps(a: Array, b: Array) -> Array:
    """Intersection over union (N, M) of corners (4, N) and (4, M) of boxes that have an area."""
    width = np.minimum(a[2][:, None], b[2])
    width -= np.maximum(a[0][:, None], b[0])
    np.maximum(width, 0, out=width)
    common = np.minimum(a[3][:, None], b[3])
    common -= np.maximum(a[1][:, None], b[1])
    np.maximum(common, 0, out=common)
    common *= width
    union = ((a[2] - a[0]) * (a[3] - a[1]))[:, None] + (b[2] - b[0]) * (b[3] - b[1])
    union -= common
    overlap: Array = np.divide(common, union, out=common)
    return overlap
