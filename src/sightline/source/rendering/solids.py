"""Boxes and panels standing in the world, as drawings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.source.rendering.drawing import Colour, Drawing, hull
from sightline.source.rendering.projection import View

Array = NDArray[np.float64]
Place = tuple[float, float]

_TOP_LIGHT, _SIDE_LIGHT = 1.1, (0.95, 0.72)


def panel(drawing: Drawing, view: View, corners: Array, colour: Colour, opacity: float = 1) -> None:
    """A flat convex piece with corners (K, 3)."""
    drawing.add(hull(view.project(corners)[0]), colour, opacity)


def prism(drawing: Drawing, view: View, base: Sequence[Place], low: float, high: float,
          colour: Colour) -> None:  # fmt: skip
    """An upright block over the convex `base` (corners anticlockwise seen from above)."""
    ground = np.array(base)
    for i in range(len(ground)):
        a, b = ground[i], ground[(i + 1) % len(ground)]
        outward = np.array([b[1] - a[1], a[0] - b[0]])
        if outward @ (view.position[:2] - a) <= 0:
            continue
        sideways = abs(outward[0]) / float(np.hypot(*outward))
        light = _SIDE_LIGHT[0] + (_SIDE_LIGHT[1] - _SIDE_LIGHT[0]) * sideways
        wall = np.array([(*a, low), (*b, low), (*b, high), (*a, high)])
        panel(drawing, view, wall, [light * value for value in colour])
    if view.position[2] > high:
        lid = np.column_stack([ground, np.full(len(ground), high)])
        panel(drawing, view, lid, [min(255, _TOP_LIGHT * value) for value in colour])


def block(x: float, y: float, width: float, depth: float) -> list[Place]:
    """The base of a box from its left front corner."""
    return [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)]
