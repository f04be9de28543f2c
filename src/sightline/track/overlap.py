"""How much boxes overlap; as corners they are rows x1, y1, x2, y2: (4, N)."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
_Kind = TypeVar("_Kind", bound=np.floating[Any])


def corners(boxes: NDArray[_Kind]) -> NDArray[_Kind]:
    """(4, N) x1, y1, x2, y2 of boxes (4, N) centre x, centre y, width, height."""
    half = boxes[2:] * 0.5
    return np.concatenate([boxes[:2] - half, boxes[:2] + half])


def centres(corners: NDArray[_Kind]) -> NDArray[_Kind]:
    """(4, N) centre x, centre y, width, height of corners (4, N)."""
    low, high = corners[:2], corners[2:]
    return np.concatenate([(low + high) * 0.5, high - low])


def within(corners: Array, aspect: float) -> Array:
    """Corners (4, N), cut at the edges of a picture of that shape."""
    cut: Array = np.minimum(corners, np.array([[aspect], [1], [aspect], [1]], corners.dtype))
    return np.maximum(cut, 0, out=cut)


def affinity(a: Array, b: Array, margin: Array | None = None) -> Array:
    """How likely boxes are one object, by place and form: 0..1, (N, M) for corners (4, N), (4, M).

    Intersection over union times the same of the heights alone, since people side by side
    differ more in height than in place: Yang et al., "Hybrid-SORT: Weak Cues Matter for
    Online Multi-Object Tracking", 2024. With a `margin` (N,) both boxes of a pair are wider
    by it on every side, so that boxes that miss each other can be compared: Yang et al.,
    "Hard to Track Objects with Irregular Motions and Similar Appearances?", 2023.
    """
    sides_a, sides_b = (a[2:] - a[:2])[:, :, None], (b[2:] - b[:2])[:, None]
    common = _common(a, b)
    if margin is not None:
        more = 2 * margin[:, None]
        common += more
        sides_a, sides_b = sides_a + more, sides_b + more
    np.maximum(common, 0, out=common)
    shared: Array
    shared, height = common
    shared *= height
    union: Array = sides_a[0] * sides_a[1] + sides_b[0] * sides_b[1]
    union -= shared
    heights = sides_a[1] + sides_b[1]
    heights -= height
    union *= heights
    shared *= height
    shared /= union
    return shared


def iou(a: Array, b: Array) -> Array:
    """Intersection over union (N, M) of corners (4, N), (4, M)."""
    width, height = np.maximum(_common(a, b), 0)
    shared = width * height
    (wide_a, high_a), (wide_b, high_b) = a[2:] - a[:2], b[2:] - b[:2]
    share: Array = shared / ((wide_a * high_a)[:, None] + wide_b * high_b - shared)
    return share


def covered(a: Array, b: Array) -> Array:
    """The largest share (N,) of each of corners (4, N) that any one of corners (4, M) covers."""
    width, height = np.maximum(_common(a, b), 0)
    sides = a[2:] - a[:2]
    share: Array = (width * height).max(axis=1, initial=0) / (sides[0] * sides[1])
    return share


def _common(a: Array, b: Array) -> Array:
    """Width and height (2, N, M) that corners have in common, negative where they are apart."""
    common: Array = np.minimum(a[2:, :, None], b[2:, None])
    common -= np.maximum(a[:2, :, None], b[:2, None])
    return common
