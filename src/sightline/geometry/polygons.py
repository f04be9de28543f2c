"""Polygons (V, 2) without repeated end point: membership, size, and whether they are sound."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


class Polygon:
    """A polygon prepared for asking about many points again and again."""

    def __init__(self, corners: Array) -> None:
        ring = np.asarray(corners, np.float64)
        ring = np.concatenate([ring, ring[:1]])
        run, rise = np.diff(ring, axis=0).T[:, :, None]
        self._x, self._y = ring[:-1].T[:, :, None]
        self._ring_y = ring[:, 1][:, None]
        # A level edge has no slope, and no ray to the right meets it in one point.
        self._slope = np.divide(run, rise, out=np.zeros_like(run), where=rise != 0)

    def contains(self, points: Array) -> NDArray[np.bool_]:
        """Even-odd membership (P,) of points (P, 2); a ray to the right is counted.

        The left and the upper edge belong to the polygon, the right and the lower do not,
        so that of two zones side by side exactly one holds a point.
        """
        x, y = points[:, 0], points[:, 1]
        below = self._ring_y > y
        meets = below[1:] != below[:-1]
        meets &= (y - self._y) * self._slope + self._x > x
        inside: NDArray[np.bool_] = np.bitwise_xor.reduce(meets, axis=0)
        return inside


def contains(points: Array, polygon: Array) -> NDArray[np.bool_]:
    """Even-odd membership (P,) of points (P, 2); see `Polygon.contains`."""
    return Polygon(polygon).contains(points)


def signed_area(polygon: Array) -> float:
    """Area, positive where the corners run clockwise on the picture (y down)."""
    x, y = np.asarray(polygon, np.float64).T
    return float(x @ np.roll(y, -1) - np.roll(x, -1) @ y) / 2


def centroid(polygon: Array) -> tuple[float, float]:
    """The centre of mass; the mean of the corners where the polygon has no area."""
    corners = np.asarray(polygon, np.float64)
    middle = corners.mean(axis=0)
    a = corners - middle  # about the middle, so that far-off polygons keep their digits
    b = np.roll(a, -1, axis=0)
    cross = a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]
    total = cross.sum()
    if abs(total) <= 1e-12 * max(float(np.abs(a).max()) ** 2, 1e-300):
        return float(middle[0]), float(middle[1])
    x, y = middle + (a + b).T @ cross / (3 * total)
    return float(x), float(y)


class Boundary:
    """The edges of a polygon, or some of them, prepared for asking how far points are.

    edges  which corners' edges belong to it (all); edge i leaves corner i
    """

    def __init__(self, polygon: Array, edges: NDArray[np.bool_] | None = None) -> None:
        start = np.asarray(polygon, np.float64)
        run = np.roll(start, -1, axis=0) - start
        if edges is not None:
            start, run = start[edges], run[edges]
        self._length = np.hypot(run[:, 0], run[:, 1])
        unit = run / np.maximum(self._length, 1e-300)[:, None]
        self._matrix = np.concatenate([unit.T, unit[:, ::-1].T * [[-1], [1]]], axis=1)
        self._offset = -np.concatenate(
            [(start * unit).sum(1), start[:, 1] * unit[:, 0] - start[:, 0] * unit[:, 1]]
        )

    def distances(self, points: Array) -> NDArray[np.float64]:
        """Distances (P, E) of points (P, 2) from every edge, each to the last bit the same however
        many others there are."""
        own = points[:, :1] * self._matrix[0]
        own += points[:, 1:] * self._matrix[1]
        own += self._offset
        along, across = own[:, : len(self._length)], own[:, len(self._length) :]
        beyond = np.maximum(np.maximum(-along, along - self._length), 0)
        lengths: NDArray[np.float64] = np.hypot(across, beyond)
        return lengths

    def distance(self, points: Array) -> NDArray[np.float64]:
        """Distance (P,) of points (P, 2) from the nearest edge; infinite without edges."""
        nearest: NDArray[np.float64] = np.minimum.reduce(
            self.distances(points), axis=1, initial=np.inf
        )
        return nearest


def boundary_distance(points: Array, polygon: Array) -> NDArray[np.float64]:
    """Distance (P,) of points (P, 2) from the polygon's boundary, inside or outside."""
    return Boundary(polygon).distance(points)


def crossing_edges(polygon: Array) -> tuple[int, int] | None:
    """Two edges that meet where they should not, or None where the polygon is simple.

    Edge i leaves corner i. Edges that only share the corner between them do not count, edges
    that run back over each other do.
    """
    corners = np.asarray(polygon, np.float64)
    count = len(corners)
    ends = np.roll(corners, -1, axis=0)
    for i in range(count):
        for j in range(i + 1, count):
            follows, precedes = j == i + 1, (j + 1) % count == i
            if follows or precedes:
                shared, one, other = (
                    (ends[i], corners[i], ends[j]) if follows else (corners[i], ends[i], corners[j])
                )
                if _fold_back(shared, one, other):
                    return i, j
            elif _meet(corners[i], ends[i], corners[j], ends[j]):
                return i, j
    return None


def _turn(a: Array, b: Array, c: Array) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _fold_back(shared: Array, one: Array, other: Array) -> bool:
    ahead = float((one - shared) @ (other - shared)) > 0
    return ahead and _turn(shared, one, other) == 0


def _between(a: Array, b: Array, point: Array) -> bool:
    return bool((np.minimum(a, b) <= point).all() and (point <= np.maximum(a, b)).all())


def _meet(a: Array, b: Array, c: Array, d: Array) -> bool:
    sides = np.sign([_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)])
    if sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0:
        return True
    touching = zip(sides, [(a, b, c), (a, b, d), (c, d, a), (c, d, b)], strict=True)
    return any(side == 0 and _between(*points) for side, points in touching)
