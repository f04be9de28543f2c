"""The part of a floor's lines and polygons that a picture shows, as fractions of the picture.

Cut in homogeneous coordinates (Sutherland and Hodgman, "Reentrant polygon clipping", 1974), so
that what reaches behind the camera is cut before it would be divided.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.geometry.ground import Ground

Array = NDArray[np.floating[Any]]

# In front of the camera, and within the picture's four edges: each row times (X, Y, W) >= 0.
_SIDES = np.array([[0, 0, 1], [1, 0, 0], [-1, 0, 1], [0, 1, 0], [0, -1, 1]], np.float64)
_NEAR = 1e-9


def visible_polygon(ground: Ground, corners: Array) -> NDArray[np.float64] | None:
    """A polygon in metres as one on the picture, cut at its edges; None where it is outside."""
    points = ground.homogeneous(corners)
    for side in _SIDES:
        points = _cut(points, side)
        if len(points) < 3:
            return None
    found = _fractions(points)
    keep = np.abs(found - np.roll(found, 1, axis=0)).max(axis=1) > _NEAR
    found = found[keep]
    return found if len(found) >= 3 and np.linalg.matrix_rank(found - found[0], 1e-6) == 2 else None


def visible_line(ground: Ground, points: Array) -> NDArray[np.float64] | None:
    """A line in metres as one on the picture, cut at its edges; None where it is outside."""
    start, end = ground.homogeneous(points)
    first, last = 0.0, 1.0
    for side in _SIDES:
        a, b = float(side @ start), float(side @ end)
        if a < 0 and b < 0:
            return None
        if a < 0 <= b:
            first = max(first, a / (a - b))
        elif b < 0 <= a:
            last = min(last, a / (a - b))
    if first >= last:
        return None
    return _fractions(np.array([start + share * (end - start) for share in (first, last)]))


def _cut(points: NDArray[np.float64], side: NDArray[np.float64]) -> NDArray[np.float64]:
    depth = points @ side
    kept: list[NDArray[np.float64]] = []
    for number, point in enumerate(points):
        before = number - 1
        if (depth[before] >= 0) != (depth[number] >= 0):
            share = depth[before] / (depth[before] - depth[number])
            kept.append(points[before] + share * (point - points[before]))
        if depth[number] >= 0:
            kept.append(point)
    return np.array(kept).reshape(-1, 3)


def _fractions(points: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = points[:, :2] / np.maximum(points[:, 2:], 1e-12)
    return found.clip(0, 1)
