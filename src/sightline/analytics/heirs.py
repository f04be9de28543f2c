"""Which new track goes on with which lost object."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.motion import HORIZON_S
from sightline.analytics.slots import Index
from sightline.analytics.trails import Trails, at_edge

_GATE = 0.2  # of a height: how far from where it was expected
_WIDE = 0.5  # the same after a restart
_DRIFT = 0.1  # of a height a second: how much that grows while it is unseen
_FAR = 1.0  # of a height: nobody is looked for further away, however long the gap
_STRETCH = 1.4  # heights of one object differ at most by this factor


def heirs(
    trails: Trails,
    lost: Index,
    lost_labels: NDArray[np.int32],
    born: NDArray[np.float32],
    born_labels: NDArray[np.int32],
    now_s: float,
    aspect: float,
    resumed: bool = False,
) -> list[int]:
    """For each born box (B, 4) the slot of the lost object that it goes on with, or -1.

    At the edge of the picture objects come and go, so nobody is joined there. Where the camera
    has `resumed`, everybody has a new number: they are joined there too, and from further.
    """
    chosen = [-1] * len(born)
    inner = np.arange(len(born)) if resumed else np.flatnonzero(~at_edge(born))
    if not len(lost) or not len(inner):
        return chosen
    gap = now_s - trails.seen_s[lost]
    moved = _centre(trails.headings(lost)) * np.minimum(gap, HORIZON_S)[:, None]
    expected = trails.last(lost).astype(np.float64) + np.tile(moved, 2)
    away, stretch = _apart(expected, born[inner].astype(np.float64), aspect)
    away /= np.minimum((_WIDE if resumed else _GATE) + _DRIFT * gap, _FAR)[:, None]
    away[(stretch > _STRETCH) | (lost_labels[:, None] != born_labels[inner])] = np.inf
    if not resumed:
        away[at_edge(expected)] = np.inf
    for row, column in _closest_first(away):
        chosen[inner[column]] = int(lost[row])
    return chosen


def _apart(
    expected: NDArray[np.float64], born: NDArray[np.float64], aspect: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distances (L, B) between centres in heights of the smaller, and ratios of heights."""
    gap = (_centre(expected)[:, None] - _centre(born)) * [aspect, 1]
    one, other = _height(expected)[:, None], _height(born)
    small = np.maximum(np.minimum(one, other), 1e-9)
    return np.hypot(gap[..., 0], gap[..., 1]) / small, np.maximum(one, other) / small


def _centre(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def _height(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    return boxes[:, 3] - boxes[:, 1]


def _closest_first(away: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    while away.size:
        row, column = np.unravel_index(away.argmin(), away.shape)
        if away[row, column] > 1:
            return
        yield int(row), int(column)
        away[row], away[:, column] = np.inf, np.inf
