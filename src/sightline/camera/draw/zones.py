"""Zones: a tint, stronger while someone is inside, and how many are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sightline.camera.draw.palette import ZONE
from sightline.camera.draw.scale import Scale
from sightline.camera.draw.shapes import Points, Rgb, fill, stroke, tint
from sightline.camera.draw.status import Status
from sightline.camera.draw.tags import Tags
from sightline.wire.messages import Place


class Zones:
    """Each zone is a name and the corners of a polygon, in fractions of the picture."""

    def __init__(self, scale: Scale, zones: Sequence[tuple[str, Sequence[Place]]]) -> None:
        self._scale = scale
        size = [scale.width, scale.height]
        self._zones = [_Zone(name, np.array(corners) * size, scale) for name, corners in zones]

    def draw(self, rgb: Rgb, status: Status, tags: Tags) -> None:
        """Tints and outlines now; the tags come with all others."""
        for zone in self._zones:
            inside = status.zones.get(zone.name, {}).get("present", 0)
            tint(rgb, zone.x, zone.y, zone.mask, ZONE, 0.18 if inside else 0.09)
            stroke(rgb, zone.corners, ZONE, self._scale.stroke, closed=True)
            x, y = zone.top
            text = f"{zone.name}  {status.of_zone(zone.name)}" if status.counted else zone.name
            tags.at(x, y + tags.height / 2 + self._scale.gap, text, ZONE)


class _Zone:
    def __init__(self, name: str, corners: Points, scale: Scale) -> None:
        self.name = name
        self.corners = corners
        low = np.floor(corners.min(0)).astype(int).clip(0, [scale.width, scale.height])
        high = np.ceil(corners.max(0)).astype(int).clip(low, [scale.width, scale.height])
        self.x, self.y = low.tolist()
        self.mask = np.zeros((high - low)[::-1], np.uint8)
        if self.mask.size:
            fill(self.mask, corners - low, (255, 255, 255))
        edges = (corners + np.roll(corners, -1, 0)) / 2
        self.top = edges[int(np.argmin(edges[:, 1]))]
