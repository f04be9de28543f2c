"""Back to front: who stands before whom, what is painted, and how much of each is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, inf

import numpy as np
from numpy.typing import NDArray

from sightline.picture.opencv import opencv
from sightline.source.rendering.drawing import Colour, Drawing, Image, paint, stamp
from sightline.source.rendering.projection import ASPECT

Place = tuple[float, float]
Weights = NDArray[np.float32]
_Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels

CELLS = (320, 180)  # in which it is counted how much of a thing is seen, at any picture size
MARGIN = 90  # cells around the picture, so that what lies outside of it counts as well


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that moves: its place on the floor, how it looks, and its shadow."""

    place: Place
    drawing: Drawing
    shadow: Drawing
    light: Colour


class Occluder:
    """A fixed thing that hides what is behind it, seen from `eye`.

    base   its corners on the floor, anticlockwise seen from above
    cover  0..1 float32 (H, W) at the picture's size: how much it hides
    cells  bool at the size of the counting mask, margins included
    """

    def __init__(
        self, base: Sequence[Place], eye: Place, cover: Weights, cells: NDArray[np.bool_]
    ) -> None:
        self.cover, self.rest, self.cells = cover, 1 - cover, cells
        self._sides = [_side(a, b, eye) for a, b in zip(base, [*base[1:], base[0]], strict=True)]

    def hides(self, place: Place) -> bool:
        """Whether it stands between eye and `place`: the side that faces `place` does not
        face the eye."""
        farthest, faces_eye = -inf, True
        for x, y, out_x, out_y, to_eye in self._sides:
            distance = (place[0] - x) * out_x + (place[1] - y) * out_y
            if distance > farthest:
                farthest, faces_eye = distance, to_eye
        return not faces_eye


def _side(a: Place, b: Place, eye: Place) -> tuple[float, float, float, float, bool]:
    out_x, out_y = b[1] - a[1], a[0] - b[0]
    length = hypot(out_x, out_y)
    faces_eye = (eye[0] - a[0]) * out_x + (eye[1] - a[1]) * out_y > 0
    return a[0], a[1], out_x / length, out_y / length, faces_eye


class Arrangement:
    """Things in the order in which they are painted, and what stands before each."""

    def __init__(self, things: Sequence[Thing], occluders: Sequence[Occluder], eye: Place) -> None:
        self._things, self._occluders = things, occluders
        away = [hypot(t.place[0] - eye[0], t.place[1] - eye[1]) for t in things]
        self._order = sorted(range(len(things)), key=lambda i: -away[i])
        self._behind = [[occluder.hides(t.place) for occluder in occluders] for t in things]

    def compose(self, canvas: Image, still: Image) -> None:
        """Paint the things on `canvas`, which holds `still`: all that does not move."""
        patches = [_Patch(occluder, canvas, still) for occluder in self._occluders]
        for thing, behind in zip(self._things, self._behind, strict=True):
            if thing.shadow.polygons:
                paint(canvas, thing.shadow)
                _note(patches, behind, thing.shadow)
        for index in self._order:
            thing, behind = self._things[index], self._behind[index]
            for patch, is_behind in zip(patches, behind, strict=True):
                if not is_behind:
                    patch.restore()
            paint(canvas, thing.drawing, thing.light)
            _note(patches, behind, thing.drawing)
        for patch in patches:
            patch.restore()

    def visible(self) -> list[float]:
        """The share 0..1 of each thing that the picture shows, its edges considered."""
        mask = np.zeros((CELLS[1] + 2 * MARGIN, CELLS[0] + 2 * MARGIN), np.uint8)
        whole = dict.fromkeys(self._order, 1)
        due = [False] * len(self._occluders)
        for rank, index in enumerate(self._order, 1):
            thing, behind = self._things[index], self._behind[index]
            for i, occluder in enumerate(self._occluders):
                if due[i] and not behind[i]:
                    mask[occluder.cells] = 0
                due[i] = behind[i]
            stamp(mask, thing.drawing, rank, MARGIN)
            whole[index] = max(1, _count(mask, thing.drawing, rank))
        for i, occluder in enumerate(self._occluders):
            if due[i]:
                mask[occluder.cells] = 0
        shown = mask[MARGIN:-MARGIN, MARGIN:-MARGIN]
        seen = np.bincount(shown.ravel(), minlength=len(self._things) + 1).tolist()
        shares = {index: seen[rank] / whole[index] for rank, index in enumerate(self._order, 1)}
        return [shares[index] for index in range(len(self._things))]


def _count(mask: Image, drawing: Drawing, rank: int) -> int:
    x1, y1, x2, y2 = drawing.extent().tolist()
    left, right = (max(0, int(x / ASPECT * CELLS[0]) + MARGIN) for x in (x1, x2))
    top, bottom = (max(0, int(y * CELLS[1]) + MARGIN) for y in (y1, y2))
    part = mask[max(0, top - 1) : bottom + 2, max(0, left - 1) : right + 2]
    return int(np.count_nonzero(part == rank))


class _Patch:
    """The parts of an occluder that have been painted over and must be brought back.

    Boxes that overlap are made one, because glass that is laid over twice would be darker.
    """

    def __init__(self, occluder: Occluder, canvas: Image, still: Image) -> None:
        self._occluder, self._canvas, self._still = occluder, canvas, still
        self._boxes: list[_Box] = []

    def grow(self, extent: list[float]) -> None:
        """Something of `extent` x1, y1, x2, y2 (picture plane) is painted behind it."""
        height, width = self._canvas.shape[:2]
        x1, x2 = (x * width / ASPECT for x in extent[::2])
        y1, y2 = (y * height for y in extent[1::2])
        left, right = _within(x1 - 2, width), _within(x2 + 3, width)
        box = left, _within(y1 - 2, height), right, _within(y2 + 3, height)
        apart: list[_Box] = []
        while self._boxes:
            other = self._boxes.pop()
            if _overlap(box, other):
                box = _around(box, other)
                self._boxes += apart
                apart = []
            else:
                apart.append(other)
        self._boxes = [*apart, box]

    def restore(self) -> None:
        """Bring the occluder back in front."""
        for x1, y1, x2, y2 in self._boxes:
            where = slice(y1, y2), slice(x1, x2)
            cover, part = self._occluder.cover[where], self._canvas[where]
            if part.size and cover.any():
                opencv().blendLinear(
                    self._still[where], part, cover, self._occluder.rest[where], dst=part
                )
        self._boxes = []


def _overlap(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _around(a: _Box, b: _Box) -> _Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _note(patches: list[_Patch], behind: list[bool], drawing: Drawing) -> None:
    if any(behind):
        extent = drawing.extent().tolist()
        for patch, is_behind in zip(patches, behind, strict=True):
            if is_behind:
                patch.grow(extent)


def _within(value: float, limit: int) -> int:
    return max(0, min(limit, int(value)))
