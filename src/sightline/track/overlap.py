"""How much boxes overlap; boxes are rows: centre x, centre y, width, height (4, N)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def corners(boxes: Array) -> Array:
    """(4, N) x1, y1, x2, y2 of boxes (4, N)."""
    half = boxes[2:] * 0.5
    return np.concatenate([boxes[:2] - half, boxes[:2] + half])


def affinity(a: Array, b: Array, margin: Array | None = None) -> Array:
    """How likely boxes (4, N) and (4, M) are one object, by place and form: (N, M), 0..1.

    Intersection over union times the same of the heights alone, since people side by side
    differ more in height than in place: Yang et al., "Hybrid-SORT: Weak Cues Matter for
    Online Multi-Object Tracking", 2024. With a `margin` (N,) both boxes of a pair are wider
    by it on every side, so that boxes that miss each other can be compared: Yang et al.,
    "Hard to Track Objects with Irregular Motions and Similar Appearances?", 2023.
    """
    width_a, height_a, width_b, height_b = a[2][:, None], a[3][:, None], b[2], b[3]
    width, height = _common(corners(a), corners(b))
    if margin is not None:
        more = 2 * margin[:, None]
        width += more
        height += more
        width_a, height_a = width_a + more, height_a + more
        width_b, height_b = width_b + more, height_b + more
    np.maximum(width, 0, out=width)
    np.maximum(height, 0, out=height)
    common = width * height
    union = width_a * height_a + width_b * height_b
    union -= common
    both = height_a + height_b
    both -= height
    union *= both
    common *= height
    common /= union
    return common


def covered(a: Array, b: Array) -> Array:
    """The largest share (N,) of each of boxes (4, N) that any one of boxes (4, M) covers."""
    width, height = _common(corners(a), corners(b))
    np.maximum(width, 0, out=width)
    np.maximum(height, 0, out=height)
    width *= height
    share: Array = width.max(axis=1, initial=0) / (a[2] * a[3])
    return share


def _common(a: Array, b: Array) -> tuple[Array, Array]:
    """Width and height (N, M) that corners have in common, negative where they are apart."""
    width = np.minimum(a[2][:, None], b[2])
    width -= np.maximum(a[0][:, None], b[0])
    height = np.minimum(a[3][:, None], b[3])
    height -= np.maximum(a[1][:, None], b[1])
    return width, height
