"""Small labels that keep off each other and inside the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sightline.camera.draw.palette import INK, Colour
from sightline.camera.draw.scale import Scale
from sightline.camera.draw.shapes import Points, Rgb, fill, plate, rounded
from sightline.camera.draw.typeface import Typeface

Area = tuple[int, int, int, int]  # x1, y1, x2, y2 in pixels


@dataclass(frozen=True, slots=True)
class Tag:
    """Text on a plate with a bar in the colour of what it belongs to."""

    text: str
    colour: Colour
    x: int
    y: int
    width: int


class Tags:
    """Lays out the tags of one picture, first come first served, then draws them."""

    def __init__(self, scale: Scale, typeface: Typeface) -> None:
        self._scale = scale
        self._type = typeface
        self._bar = max(2, round(scale.text * 0.18))
        self.height = typeface.height + max(2, scale.gap // 2)
        self.placed: list[Tag] = []
        self._taken: list[Area] = []

    def begin(self, reserved: list[Area]) -> None:
        """A new picture, on which some areas are taken already."""
        self.placed = []
        self._taken = list(reserved)

    def keep_off(self, points: Points) -> None:
        """Something is drawn at these points that no tag should hide."""
        x1, y1, x2, y2 = np.rint([*points.min(0), *points.max(0)]).astype(int).tolist()
        self._taken.append((x1, y1, x2, y2))

    def width(self, text: str) -> int:
        """Of a tag with this text."""
        return self._type.width(text) + self._bar + 2 * self._scale.gap

    def for_box(self, box: Area, texts: tuple[str, ...], colour: Colour) -> None:
        """Beside a box, with the first text that is not much wider than the box."""
        room = max(box[2] - box[0], 3 * self._scale.text) * 1.5
        text = next((text for text in texts if self.width(text) <= room), texts[-1])
        width, height, gap = self.width(text), self.height, self._scale.stroke + 1
        above, below = box[1] - height - gap, box[3] + gap
        right = box[2] - width
        self._place(
            text,
            colour,
            [
                (box[0], above),
                (right, above),
                (box[0], below),
                (right, below),
                (box[2] + gap, box[1]),
                (box[0] - gap - width, box[1]),
                (box[0] + gap, box[1] + gap),
            ],
        )

    def at(self, x: float, y: float, text: str, colour: Colour) -> None:
        """Centred on a point, or a little off it."""
        left, top = round(x - self.width(text) / 2), round(y - self.height / 2)
        step = self.height + 2
        self._place(text, colour, [(left, top + i * step) for i in (0, 1, -1, 2, -2)])

    def draw(self, rgb: Rgb) -> None:
        """All that were placed."""
        gap, inset = self._scale.gap, max(1, self._scale.gap // 2)
        for tag in self.placed:
            plate(rgb, tag.x, tag.y, tag.width, self.height, inset, 0.78)
            left, bottom = tag.x + inset, tag.y + self.height - 1 - inset
            bar = rounded(left, tag.y + inset, left + self._bar, bottom, self._bar / 2)
            fill(rgb, bar, tag.colour)
            top = tag.y + (self.height - self._type.height) // 2
            self._type.draw(rgb, tag.text, left + self._bar + gap, top, INK)

    def _place(self, text: str, colour: Colour, corners: list[tuple[int, int]]) -> None:
        width = self.width(text)
        areas = [self._inside(x, y, width) for x, y in corners]
        area = next((area for area in areas if not self._covered(area)), None)
        if area is None:
            area = min(areas, key=self._covered)
        self._taken.append(area)
        self.placed.append(Tag(text, colour, area[0], area[1], width))

    def _inside(self, x: int, y: int, width: int) -> Area:
        x = max(0, min(x, self._scale.width - width))
        y = max(0, min(y, self._scale.height - self.height))
        return x, y, x + width, y + self.height

    def _covered(self, area: Area) -> int:
        return sum(
            max(0, min(area[2], other[2]) - max(area[0], other[0]))
            * max(0, min(area[3], other[3]) - max(area[1], other[1]))
            for other in self._taken
        )
