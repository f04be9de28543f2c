"""A finite line between two points: sides, crossings and distances.

The picture's y axis points down. Who walks from the first point to the second sees the
negative side on the left hand and the positive side on the right.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def frame(line: Array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The line's own coordinates as (matrix (2, 2), offset (2,)).

    points (N, 2) @ matrix + offset is (along, across): `along` runs from 0 at the first
    point to 1 at the second, `across` is the distance from the endless line, positive to
    the right. Raises ValueError for a line of zero length.
    """
    start, end = np.asarray(line, np.float64)
    direction = end - start
    length = float(np.hypot(*direction))
    if length == 0:
        raise ValueError("a line needs two different points")
    unit = direction / length
    matrix = np.column_stack([unit / length, [-unit[1], unit[0]]])
    return matrix, -start @ matrix


def signed_distance(points: Array, line: Array) -> NDArray[np.float64]:
    """Distance (N,) of points (N, 2) from the endless line; positive to the right."""
    matrix, offset = frame(line)
    distance: NDArray[np.float64] = points @ matrix[:, 1] + offset[1]
    return distance


def crossings(before: Array, after: Array, line: Array) -> NDArray[np.int8]:
    """Which ways (N,) moving points crossed the finite line between two positions (N, 2).

    +1 from left to right, -1 from right to left, 0 not at all. A point on the line belongs
    to its right side, so that a path through such a point crosses once.
    """
    matrix, offset = frame(line)
    along0, across0 = (before @ matrix + offset).T
    along1, across1 = (after @ matrix + offset).T
    changed = (across0 >= 0) != (across1 >= 0)
    at = meeting(along0, across0, along1, across1)
    through = changed & (at >= 0) & (at <= 1)
    return np.where(through, np.where(across1 >= 0, 1, -1), 0).astype(np.int8)


def meeting(along0: Any, across0: Any, along1: Any, across1: Any) -> Any:
    """Where along the line the path from (along0, across0) to (along1, across1) meets it."""
    span = across0 - across1
    share = np.divide(across0, span, out=np.zeros_like(span), where=span != 0)
    return along0 + share * (along1 - along0)


def distance(points: Array, line: Array) -> NDArray[np.float64]:
    """Distance (N,) of points (N, 2) from the finite line."""
    start, end = np.asarray(line, np.float64)
    direction = end - start
    square = float(direction @ direction)
    offset = points - start
    share = (offset @ direction / square).clip(0, 1) if square else np.zeros(len(points))
    gap = offset - share[:, None] * direction
    length: NDArray[np.float64] = np.hypot(gap[:, 0], gap[:, 1])
    return length
