"""What the picture as a whole looks like: bright, sharp, still itself, and moved by how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sightline.geometry.warp import STILL, Matrix, furthest, matrix_of, numbers_of, shifted, warped
from sightline.picture import Picture
from sightline.picture.grey import grey
from sightline.picture.opencv import opencv
from sightline.probe import align

VIEW = "view"
NUMBERS = (
    "light", "contrast", "edges", "same", "steady", "dx", "dy", "match", "repeated", "gain",
)  # fmt: skip

TURNED = ("a", "b", "c", "d", "e", "f", "g", "h")
"""What follows where the view is moved by more than a shift: the homography from where things were
to where they are, row by row."""

Array = NDArray[np.float32]
Shift = tuple[float, float]

_SIZE = (192, 108)
# Fractions to pixels, whose middle is where their number is.
_SCALE = np.array([[_SIZE[0], 0, -0.5], [0, _SIZE[1], -0.5], [0, 0, 1]])
_LEARN = 6  # looks that make the first reference
_FOLLOW = 0.01  # share of a look in the reference: light changes in minutes, not in seconds
_SURE, _STILL = 0.55, 0.004  # how much the same, and how little moved, to be learned from
_LOOK_FOR_SHIFT = 0.8  # less the same than this: was it moved?
_FOUND = 0.5  # match at a shift, from which on it is believed
_WELL = 0.75  # match at a shift, from which on nothing better is looked for
_RELEARN = 1500  # looks, five minutes: the corners of the view are learned anew in today's light
_SURELY, _BETTER = 0.6, 0.03  # match of more than a shift, and by how much that must be better
_WORSE, _TRIED = 0.1, 5  # it holds while it matches nearly as well; looks between searches
_NEAR, _FAR = 0.15, 0.35  # of the picture: as far as its corners may have moved
_ROUNDS, _CLOSE = 60, 1e-5  # of the fit to all edges
_MIDDLE = np.array([[0.5, 0.5]])


def moved_by(numbers: Sequence[float]) -> Matrix:
    """By how much the contents are moved, where that is sure; else not at all."""
    if len(numbers) < len(NUMBERS) or numbers[7] < _FOUND:
        return STILL
    if len(numbers) >= len(NUMBERS) + len(TURNED):
        return matrix_of(numbers[len(NUMBERS) :])
    return shifted(numbers[5], numbers[6])


class _Turned(NamedTuple):
    """From where things were to where they are, and how like the reference it is laid back."""

    matrix: Matrix
    match: float

    @property
    def middle(self) -> Shift:
        """By how much the middle of the picture has moved."""
        x, y = (warped(self.matrix, _MIDDLE) - _MIDDLE)[0].tolist()
        return x, y


class ViewProbe:
    """light, contrast   mean and spread of brightness, 0..1
    edges             strength of the strongest edges, 0..1: blur takes it away
    same, steady      likeness -1..1 of the edges to those of the reference, and to those of the
                      look before; where there is no reference yet, `same` is 1
    dx, dy, match     by how much the contents are moved from the reference, in fractions of the
                      picture, and how like it they are then
                      (of its middle, where `TURNED` follows)
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
        self._align = align.Align()
        self._last: _Turned | None = None
        self._patience = 0  # looks until it is searched for again
        self._since = 0  # looks since the corners of the view were remembered
        rows, columns = np.hanning(_SIZE[1]), np.hanning(_SIZE[0])
        self._window = np.outer(rows, columns).astype(np.float32)

    def look(self, picture: Picture, moved: Matrix) -> Sequence[float]:
        """The numbers that `NUMBERS` names, and `TURNED` where that is known."""
        now = grey(picture, _SIZE)
        repeated = self._before is not None and np.array_equal(now, self._before)
        gain = 0.0 if self._before is None else _gain(now, self._before)
        edges, strength = _edges(now)
        steady = 1.0 if self._edges_before is None else _like(edges, self._edges_before)
        self._before, self._edges_before = now, edges
        same, (dx, dy), match = self._compare(edges)
        turned = self._turned(picture, edges, same, (dx, dy), match)
        if turned is not None:
            (dx, dy), match = turned.middle, turned.match
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
            *(numbers_of(turned.matrix) if turned is not None else ()),
        )

    def _compare(self, edges: Array) -> tuple[float, Shift, float]:
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

    def _turned(
        self, picture: Picture, edges: Array, same: float, shift: Shift, match: float
    ) -> _Turned | None:
        """How the view lies over the reference where a shift alone does not tell well."""
        self._since += 1
        still = same > _SURE and max(map(abs, shift)) < _STILL
        if self._reference is None or (still and self._since > _RELEARN):
            self._align.remember(grey(picture, align.SIZE))
            self._since = 0
        if self._reference is None or same >= _LOOK_FOR_SHIFT or match >= _WELL:
            self._last, self._patience = None, 0
            return None
        if self._last is not None:
            now = _like_warped(edges, self._reference, self._last.matrix)
            if now >= max(_SURELY, self._last.match - _WORSE):
                return self._last._replace(match=now)
        self._last, self._patience = None, self._patience - 1
        if self._patience < 0:
            self._patience = _TRIED
            self._last = self._search(picture, edges, shift, match)
        return self._last

    def _search(self, picture: Picture, edges: Array, shift: Shift, match: float) -> _Turned | None:
        """Corners tell about how it lies, and then all edges do exactly."""
        assert self._reference is not None
        found = self._align.find(grey(picture, align.SIZE))
        begin = shifted(*shift) if found is None else found
        matrix = _refined(edges, self._reference, begin)
        if matrix is None or not align.plausible(matrix):
            return None
        # Without corners that are known again, only what lies nearly as before is believed.
        if furthest(matrix) > (_NEAR if found is None else _FAR):
            return None
        alike = _like_warped(edges, self._reference, matrix)
        if alike < max(_SURELY, match + _BETTER):
            return None
        return _Turned(matrix, alike)

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


def _refined(edges: Array, reference: Array, matrix: Matrix) -> Matrix | None:
    """The homography under which edges are most like the reference, from one nearby.

    By enhanced correlation (Evangelidis and Psarakis, 2008); None where it goes astray.
    """
    cv2 = opencv()
    begin = (_SCALE @ matrix @ np.linalg.inv(_SCALE)).astype(np.float32)
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _ROUNDS, _CLOSE)
    try:
        _, found = cv2.findTransformECC(
            reference, edges, begin / begin[2, 2], cv2.MOTION_HOMOGRAPHY, until, None, 3
        )
    except cv2.error:
        return None
    whole: Matrix = np.linalg.inv(_SCALE) @ found.astype(np.float64) @ _SCALE
    return np.asarray(whole / whole[2, 2], np.float64)


def _like_warped(edges: Array, reference: Array, matrix: Matrix) -> float:
    """Likeness of edges to the reference where they are laid back over it."""
    cv2 = opencv()
    there = _SCALE @ matrix @ np.linalg.inv(_SCALE)
    back = cv2.warpPerspective(edges, there, _SIZE, flags=cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR)
    whole = np.ones_like(edges)
    inside = cv2.warpPerspective(whole, there, _SIZE, flags=cv2.WARP_INVERSE_MAP) > 0.99
    if np.count_nonzero(inside) < edges.size // 2:
        return 0.0
    return _like(back[inside], reference[inside])


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
