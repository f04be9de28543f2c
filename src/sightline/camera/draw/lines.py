"""Counting lines: an arrow shows which way is in, a tag how many have gone which way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sightline.camera.draw.palette import INK, LINE
from sightline.camera.draw.scale import Scale
from sightline.camera.draw.shapes import Points, Rgb, fill, stroke
from sightline.camera.draw.status import Status
from sightline.camera.draw.tags import Tags
from sightline.wire.messages import Place

_LIT_NS = 400_000_000


class Lines:
    """Each line is a name and two points or more, in fractions of the picture."""

    def __init__(self, scale: Scale, lines: Sequence[tuple[str, Sequence[Place]]]) -> None:
        self._scale = scale
        size = [scale.width, scale.height]
        self._lines = [(name, np.array(points, np.float64) * size) for name, points in lines]
        self._crossed: dict[str, int] = {}

    def draw(self, rgb: Rgb, status: Status, tags: Tags) -> None:
        """Strokes and arrows now; the tags come with all others."""
        for event in status.events:
            if event.kind == "line.crossed":
                self._crossed[event.name] = event.time_ns
        for name, points in self._lines:
            since = abs(status.time_ns - self._crossed.get(name, status.time_ns + _LIT_NS))
            colour = INK if since < _LIT_NS else LINE
            middle, inwards = _middle(points)
            stroke(rgb, points, colour, self._scale.stroke)
            for end in (points[0], points[-1]):
                fill(rgb, _dot(end, self._scale.stroke * 2.0 + 1), colour)
            arrow = _arrow(middle, inwards, self._scale.text)
            stroke(rgb, arrow, colour, 1, closed=True)
            fill(rgb, arrow, colour)
            tags.keep_off(arrow)
            counts = status.lines.get(name, {})
            text = f"{name}  {counts.get('in', 0):.0f} in · {counts.get('out', 0):.0f} out"
            text = text if status.counted else f"{name}  in"
            away = self._clear(tags.width(text), tags.height, inwards)
            x, y = middle - inwards * away
            tags.at(x, y, text, LINE)

    def _clear(self, width: int, height: int, normal: Points) -> float:
        """How far along `normal` a tag has to stand so that it leaves the line free."""
        half = abs(normal[0]) * width / 2 + abs(normal[1]) * height / 2
        return float(half) + self._scale.gap + self._scale.stroke * 2


def _middle(points: Points) -> tuple[Points, Points]:
    """The point half way along a line, and the unit vector to its right: where "in" is."""
    steps = np.diff(points, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    along = np.cumsum(lengths)
    i = int(np.searchsorted(along, along[-1] / 2))
    length = max(float(lengths[i]), 1e-9)
    share = (along[-1] / 2 - (along[i] - lengths[i])) / length
    dx, dy = steps[i] / length
    return points[i] + steps[i] * share, np.array([-dy, dx])


def _arrow(foot: Points, way: Points, size: int) -> Points:
    across = np.array([-way[1], way[0]]) * size * 0.6
    base = foot + way * size * 0.4
    return np.array([base - across, base + across, base + way * size * 0.85])


def _dot(centre: Points, radius: float) -> Points:
    angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    return centre + radius * np.stack([np.cos(angles), np.sin(angles)], -1)
