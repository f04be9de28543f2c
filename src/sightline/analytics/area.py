"""A zone's polygon as its analytic asks for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.place import SLACK, Point, Unit, check_inside
from sightline.geometry.polygons import Boundary, Polygon, crossing_edges

_OVERHANG = 0.01  # of the picture: boxes cut by its edge reach beyond it by about so much


def check_polygon(what: str, polygon: Sequence[Point], unit: Unit = "picture") -> None:
    """Raise ValueError with a sentence about `what` unless the polygon can be a zone."""
    if len(polygon) < 3:
        raise ValueError(f"{what} needs at least 3 points; it has {len(polygon)}")
    check_inside(what, polygon, unit)
    corners = np.array(polygon)
    for number, (one, other) in enumerate(zip(polygon, [*polygon[1:], polygon[0]], strict=True), 1):
        if one == other:
            raise ValueError(
                f"{what}: points {number} and {number % len(polygon) + 1} are the same; "
                "name each corner once"
            )
    if np.linalg.matrix_rank(corners - corners[0], tol=1e-6) < 2:
        raise ValueError(f"{what}: its points lie on one line, so it has no area")
    crossed = crossing_edges(corners)
    if crossed is not None:
        first, second = (_edge(index, len(polygon)) for index in crossed)
        raise ValueError(
            f"{what} crosses itself: the edge {first} meets the edge {second}; "
            "list the corners in order around it"
        )


class Area:
    """Membership, and distance from the sides that can be crossed.

    A side on the picture's edge reaches a little beyond it, because boxes do, and has no
    distance: nobody can be seen to cross it.

    bordered  whether there is such a side
    """

    def __init__(self, corners: Sequence[Point], aspect: float) -> None:
        borders = _borders(corners)
        self.bordered = any(border is not None for border in borders)
        inner = np.array([border is None for border in borders])
        self._boundary = Boundary(np.array(corners) * [aspect, 1], inner)
        wide: list[Point] = []
        for number, (border, corner) in enumerate(zip(borders, corners, strict=True)):
            wide.append(corner)
            if border is not None:
                axis, out = border
                following = corners[(number + 1) % len(corners)]
                for x, y in (corner, following):
                    wide.append((out, y) if axis == 0 else (x, out))
        self._wide = Polygon(np.array(wide) * [aspect, 1])

    def contains(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which places (N, 2), x 0..aspect, are inside."""
        return self._wide.contains(places)

    def distance(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far (N,) they are from the boundary, in heights of the picture."""
        return self._boundary.distance(places)


def _borders(corners: Sequence[Point]) -> list[tuple[int, float] | None]:
    """For each side the axis and the place beyond the picture's edge that it lies on."""
    found: list[tuple[int, float] | None] = []
    for one, other in zip(corners, [*corners[1:], corners[0]], strict=True):
        on = None
        for axis in (0, 1):
            if max(one[axis], other[axis]) <= SLACK:
                on = (axis, -_OVERHANG)
            elif min(one[axis], other[axis]) >= 1 - SLACK:
                on = (axis, 1 + _OVERHANG)
        found.append(on)
    return found


def _edge(index: int, count: int) -> str:
    return f"{index + 1}-{(index + 1) % count + 1}"
