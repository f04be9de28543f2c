"""How far along a path points are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def along(points: Array, path: Array) -> NDArray[np.float64]:
    """For each point (P, 2) the length of the path (S, 2) up to its nearest place on it.

    Beyond the last place the distance from there is added, so that who stands behind the end
    of a line comes after it; a path of one place orders by distance from it.
    """
    points, path = np.asarray(points, np.float64), np.asarray(path, np.float64)
    end: NDArray[np.float64] = np.hypot(*(points - path[-1]).T)
    if len(path) == 1:
        return end
    start, run = path[:-1], np.diff(path, axis=0)
    square = np.maximum((run**2).sum(axis=1), 1e-300)
    share = (((points[:, None] - start) * run).sum(axis=2) / square).clip(0, 1)
    off = points[:, None] - (start + share[..., None] * run)
    away = (off**2).sum(axis=2)
    nearest = away.argmin(axis=1)
    rows = np.arange(len(points))
    lengths = np.sqrt(square)
    before = np.concatenate([[0.0], np.cumsum(lengths)])[nearest]
    found: NDArray[np.float64] = before + share[rows, nearest] * lengths[nearest]
    behind = (nearest == len(run) - 1) & (share[rows, nearest] == 1)
    found[behind] += end[behind]
    return found
