"""What is to be painted of one thing, and the brush that paints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.picture.opencv import opencv
from sightline.source.rendering.light import tone
from sightline.source.rendering.projection import ASPECT

Points = NDArray[np.floating[Any]]
Image = NDArray[np.uint8]
Colour = Sequence[float]  # red, green, blue, 0..255

_SUBPIXEL_BITS = 5
_CIRCLE = 14
_angles = np.arange(_CIRCLE) * (2 * np.pi / _CIRCLE)
_UNIT_CIRCLE = np.stack([np.cos(_angles), np.sin(_angles)], axis=1)


@dataclass(slots=True)
class Drawing:
    """Convex polygons (K, 2) on the picture plane, from back to front, and their colours.

    opacity  0..1 of each polygon
    solid    whether the polygon is part of the outline; what is painted upon another polygon
             and stays inside of it need not be
    """

    polygons: list[Points] = field(default_factory=list)
    colours: list[Colour] = field(default_factory=list)
    opacity: list[float] = field(default_factory=list)
    solid: list[bool] = field(default_factory=list)
    _extent: Points | None = None

    def add(
        self, polygon: Points, colour: Colour, opacity: float = 1.0, solid: bool = True
    ) -> None:
        """Paint `polygon` over everything that was added before."""
        self.polygons.append(polygon)
        self.colours.append(colour)
        self.opacity.append(opacity)
        self.solid.append(solid)
        self._extent = None

    def extent(self) -> Points:
        """x1, y1, x2, y2 of the outline, on the picture plane."""
        if self._extent is None:
            pairs = zip(self.polygons, self.solid, strict=True)
            points = np.concatenate([polygon for polygon, is_solid in pairs if is_solid])
            self._extent = np.concatenate([points.min(axis=0), points.max(axis=0)])
        return self._extent


def circles(centres: Points, radii: Points) -> Points:
    """Outlines (..., K, 2) of circles at (..., 2) with radii (...)."""
    outlines: Points = centres[..., None, :] + radii[..., None, None] * _UNIT_CIRCLE
    return outlines


def hull(points: Points) -> Points:
    """The convex outline (K, 2) around points (..., 2)."""
    outline: Points = opencv().convexHull(points.reshape(-1, 2).astype(np.float32))
    return outline[:, 0]


def paint(canvas: Image, drawing: Drawing, light: Colour = (1, 1, 1)) -> None:
    """Paint with smooth edges; each colour is multiplied by `light` first."""
    cv2 = opencv()
    height, width = canvas.shape[:2]
    shades = np.minimum(tone(np.asarray(drawing.colours) * light), 255).tolist()
    outlines = _fixed_point(drawing.polygons, width, height, 0)
    for corners, shade, opacity in zip(outlines, shades, drawing.opacity, strict=True):
        if opacity >= 1:
            cv2.fillConvexPoly(canvas, corners, shade, cv2.LINE_AA, _SUBPIXEL_BITS)
        else:
            _glaze(canvas, corners, shade, opacity)


def stamp(mask: Image, drawing: Drawing, value: int, margin: int) -> None:
    """Set `mask` to `value` within the outline of `drawing`, without smoothing.

    The mask shows the picture with `margin` cells more on every side.
    """
    cv2 = opencv()
    height, width = mask.shape[0] - 2 * margin, mask.shape[1] - 2 * margin
    outlines = _fixed_point(drawing.polygons, width, height, margin)
    for corners, is_solid in zip(outlines, drawing.solid, strict=True):
        if is_solid:
            cv2.fillConvexPoly(mask, corners, value, cv2.LINE_8, _SUBPIXEL_BITS)


def _fixed_point(
    polygons: list[Points], width: int, height: int, margin: int
) -> list[NDArray[np.int32]]:
    """Polygons of the picture plane as OpenCV wants them, where a pixel's centre is whole."""
    points = np.concatenate(polygons)
    scaled = points * (width / ASPECT, height) + (margin - 0.5)
    fixed = np.rint(scaled * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    ends = np.cumsum([len(polygon) for polygon in polygons]).tolist()
    return [fixed[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _glaze(canvas: Image, corners: NDArray[np.int32], colour: Colour, opacity: float) -> None:
    cv2 = opencv()
    left, top = ((corners.min(axis=0) >> _SUBPIXEL_BITS) - 1).tolist()
    right, bottom = ((corners.max(axis=0) >> _SUBPIXEL_BITS) + 3).tolist()
    left, top = max(left, 0), max(top, 0)
    part = canvas[top : max(bottom, 0), left : max(right, 0)]
    if part.size:
        layer = part.copy()
        moved = corners - ((left << _SUBPIXEL_BITS), (top << _SUBPIXEL_BITS))
        cv2.fillConvexPoly(layer, moved, colour, cv2.LINE_AA, _SUBPIXEL_BITS)
        cv2.addWeighted(layer, opacity, part, 1 - opacity, 0, dst=part)
