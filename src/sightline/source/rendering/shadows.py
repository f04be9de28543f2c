"""Soft shadows on the floor: one at the feet, and one that the sun casts."""

from __future__ import annotations

import numpy as np

from sightline.source.rendering.drawing import Drawing, hull
from sightline.source.rendering.projection import View

_DARK = (22, 22, 30)
_AT_FEET = ((1.25, 0.10), (0.95, 0.13), (0.65, 0.16))  # size, opacity
_IN_SUN = ((1.3, 0.09), (1.0, 0.1), (0.7, 0.12))
_ALONG_SUN = ((0.0, 0.7), (0.5, 0.8), (1.0, 0.35))  # where, width
_CORNERS = 14
_angles = np.arange(_CORNERS) * (2 * np.pi / _CORNERS)
_RING = np.stack([np.cos(_angles), np.sin(_angles), 0 * _angles], axis=1)


def shadow(
    view: View, place: tuple[float, float], radius: float, sun: float, fall: tuple[float, float]
) -> Drawing:
    """Under a thing of `radius` metres; `sun` 0..1 falls on it and throws its top to `fall`."""
    drawing = Drawing()
    feet, top = np.array([*place, 0.0]), np.array([*fall, 0.0])
    rings = [feet + radius * size * _RING for size, _ in _AT_FEET]
    if sun > 0.05:
        for size, _ in _IN_SUN:
            rings += [feet + top * far + radius * wide * size * _RING for far, wide in _ALONG_SUN]
    plane = view.project(np.stack(rings))[0]
    cast = plane[len(_AT_FEET) :]
    for i in range(len(cast) // len(_ALONG_SUN)):
        layer = cast[i * len(_ALONG_SUN) : (i + 1) * len(_ALONG_SUN)]
        drawing.add(hull(layer), _DARK, _IN_SUN[i][1] * sun)
    for outline, (_, opacity) in zip(plane, _AT_FEET, strict=False):
        drawing.add(outline, _DARK, opacity)
    return drawing
