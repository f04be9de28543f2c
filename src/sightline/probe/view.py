"""What the picture as a whole looks like: bright, sharp, still itself, and moved by how much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.picture import Picture
from sightline.picture.grey import grey
from sightline.picture.opencv import opencv
from sightline.probe.base import Shift

VIEW = "view"
NUMBERS = (
    "light", "contrast", "edges", "same", "steady", "dx", "dy", "match", "repeated", "gain",
)  # fmt: skip

Array = NDArray[np.float32]

_SIZE = (192, 108)
_LEARN = 6  # looks that make the first reference
_FOLLOW = 0.01  # share of a look in the reference: light changes in minutes, not in seconds
_SURE, _STILL = 0.55, 0.004  # how much the same, and how little moved, to be learned from
_LOOK_FOR_SHIFT = 0.8  # less the same than this: was it moved?
_FOUND = 0.5  # match at a shift, from which on it is believed


def shift_of(numbers: Sequence[float]) -> Shift:
    """By how much the contents are moved, where that is sure; else not at all."""
    if len(numbers) < len(NUMBERS) or numbers[7] < _FOUND:
        return 0.0, 0.0
    return numbers[5], numbers[6]


class ViewProbe:
    """light, contrast   mean and spread of brightness, 0..1
    edges             strength of the strongest edges, 0..1: blur takes it away
    same, steady      likeness -1..1 of the edges to those of the reference, and to those of the
                      look before; where there is no reference yet, `same` is 1
    dx, dy, match     by how much the contents are moved from the reference, in fractions of the
                      picture, and how like it they are then
    repeated          1 where the picture is the same as before to the last bit
    gain              by which share half of the picture is brighter than in the look before:
                      lamps do that, headlights that pass do not
    """

    name = VIEW

    def __init__(self, every_s: float = 0.2) -> None:
        self.every_s = every_s
        self._before: NDArray[np.uint8] | None = None
        self._edges_before: Array | None = None
        self._first: list[Array] = []
        self._reference: Array | None = None
        rows, columns = np.hanning(_SIZE[1]), np.hanning(_SIZE[0])
        self._window = np.outer(rows, columns).astype(np.float32)

    def look(self, picture: Picture, shift: Shift) -> Sequence[float]:
        """The numbers that `NUMBERS` names."""
        now = grey(picture, _SIZE)
        repeated = self._before is not None and np.array_equal(now, self._before)
        gain = 0.0 if self._before is None else _gain(now, self._before)
        edges, strength = _edges(now)
        steady = 1.0 if self._edges_before is None else _like(edges, self._edges_before)
        self._before, self._edges_before = now, edges
        same, (dx, dy), match = self._compare(edges, shift)
        return (
            float(now.mean()) / 255,
            float(now.std()) / 255,
            strength,
            same,
            steady,
            dx,
            dy,
            match,
            float(repeated),
            gain,
        )

    def _compare(self, edges: Array, shift: Shift) -> tuple[float, Shift, float]:
        if self._reference is None:
            self._first.append(edges)
            if len(self._first) >= _LEARN:
                self._reference = np.median(np.array(self._first), axis=0).astype(np.float32)
                self._first = []
            return 1.0, (0.0, 0.0), 1.0
        same = _like(edges, self._reference)
        if same >= _LOOK_FOR_SHIFT:
            found, match = (0.0, 0.0), same
        else:
            found, match = self._moved(edges)
            if match <= same + 0.02:
                found, match = (0.0, 0.0), same
        if same > _SURE and max(map(abs, found)) < _STILL:
            self._reference += _FOLLOW * (edges - self._reference)
        return same, found, match

    def _moved(self, edges: Array) -> tuple[Shift, float]:
        assert self._reference is not None
        # It lays windows over its arguments in place, so it gets copies that have theirs.
        there, here = self._reference * self._window, edges * self._window
        (x, y), _ = opencv().phaseCorrelate(there, here)
        columns, rows = round(x), round(y)
        width, height = _SIZE
        if abs(columns) > width * 0.6 or abs(rows) > height * 0.6:
            return (0.0, 0.0), 0.0
        return (x / width, y / height), _like(
            edges[_overlap(rows, height), _overlap(columns, width)],
            self._reference[_overlap(-rows, height), _overlap(-columns, width)],
        )


def _gain(now: NDArray[np.uint8], before: NDArray[np.uint8]) -> float:
    part = slice(None, None, 3)
    change = now[part, part].astype(np.int16) - before[part, part]
    return float(np.median(change)) / max(1.0, float(np.median(before[part, part])))


def _overlap(moved: int, size: int) -> slice:
    """What of a side is still in the picture after it has moved."""
    return slice(max(0, moved), size + min(0, moved))


def _edges(now: NDArray[np.uint8]) -> tuple[Array, float]:
    """Strength of the edges, made alike in bright and dark parts, and of the strongest ones."""
    cv2 = opencv()
    across, down = cv2.spatialGradient(now)
    steep: Array = cv2.magnitude(across.astype(np.float32), down.astype(np.float32))
    square = float((steep * steep).mean())
    strong = float((steep**4).mean() / square) ** 0.5 / 1020 if square else 0.0
    # The root keeps a few bright lamps from being all that is compared.
    return np.sqrt(cv2.blur(steep, (3, 3))), strong


def _like(one: Array, other: Array) -> float:
    """Correlation of two arrays; 0 where one of them is flat."""
    a, b = one - one.mean(), other - other.mean()
    whole = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / whole if whole > 1e-6 else 0.0
