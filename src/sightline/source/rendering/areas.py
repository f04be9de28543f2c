"""Parts of the floor, in metres: what is inside, and where they are on the picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from sightline.geometry.polygons import Polygon
from sightline.source.rendering.errands import Place
from sightline.source.rendering.projection import View

_MARGIN = 0.02  # of the picture: whose feet are nearer to its edge is half out of it


class Patch:
    """A polygon on the floor."""

    def __init__(self, corners: Sequence[Place]) -> None:
        self.corners = tuple(corners)
        self._polygon = Polygon(np.array(corners))

    def holds(self, places: dict[int, Place]) -> set[int]:
        """Who of those at `places` stands in it."""
        if not places:
            return set()
        inside = self._polygon.contains(np.array(list(places.values())))
        return {number for number, within in zip(places, inside.tolist(), strict=True) if within}


def rectangle(x1: float, y1: float, x2: float, y2: float) -> tuple[Place, ...]:
    """Corners of an upright rectangle, beginning near left."""
    return (x1, y1), (x1, y2), (x2, y2), (x2, y1)


def on_picture(view: View, places: Iterable[Place], height: float = 0.0) -> tuple[Place, ...]:
    """Places on the floor, or above it, as fractions of the picture."""
    points = np.array([(x, y, height) for x, y in places])
    return tuple((x, y) for x, y in view.fractions(points).round(4).tolist())


def line_on(view: View, start: Place, end: Place) -> tuple[float, float, float, float]:
    """A line on the floor as x1, y1, x2, y2 in fractions of the picture."""
    (x1, y1), (x2, y2) = on_picture(view, (start, end))
    return x1, y1, x2, y2


def zone_on(view: View, corners: Iterable[Place]) -> tuple[Place, ...]:
    """A convex part of the floor as a zone: what the picture shows of it."""
    polygon = list(on_picture(view, corners))
    for axis in (0, 1):
        for limit, sign in ((0.0, 1), (1.0, -1)):
            polygon = _cut(polygon, axis, limit, sign)
    return tuple(polygon)


def _cut(polygon: list[Place], axis: int, limit: float, sign: int) -> list[Place]:
    """Sutherland and Hodgman's step: the part of a convex polygon on one side of a limit."""
    kept: list[Place] = []
    for one, other in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True):
        one_in, other_in = (sign * (end[axis] - limit) >= 0 for end in (one, other))
        if one_in:
            kept.append(one)
        if one_in != other_in:
            share = (limit - one[axis]) / (other[axis] - one[axis])
            x, y = (round(a + share * (b - a), 4) for a, b in zip(one, other, strict=True))
            kept.append((x, y))
    return kept


def on_show(view: View, places: dict[int, Place]) -> dict[int, Place]:
    """Those of `places` that the picture shows, well clear of its edges."""
    if not places:
        return {}
    points = view.fractions(np.array([(x, y, 0.0) for x, y in places.values()]))
    shown: list[bool] = np.all((points > _MARGIN) & (points < 1 - _MARGIN), axis=1).tolist()
    return {number: place for (number, place), is_on in zip(places.items(), shown, strict=True)
            if is_on}  # fmt: skip
