"""Which new track goes on with which lost one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_GATE = 0.2  # of a height: how far from where it was expected
_DRIFT = 0.2  # of a height a second: how much that grows while it is unseen
_STRETCH = 1.4  # heights of one object differ at most by this factor
_HORIZON_S = 1.0  # a heading is not trusted for longer


def heirs(
    boxes: NDArray[np.float32],
    times: NDArray[np.float64],
    labels: NDArray[np.int32],
    born: NDArray[np.float32],
    born_labels: NDArray[np.int32],
    now_s: float,
    aspect: float,
) -> list[int]:
    """For each born box (B, 4) the row of the lost object that it is, or -1.

    boxes, times  histories (L, K, 4) and (L, K) of the lost objects; -inf: no observation
    """
    count = len(born)
    if not len(boxes):
        return [-1] * count
    last = times.argmax(axis=1)
    rows = np.arange(len(boxes))
    here = _points(boxes[rows, last], aspect)
    gap = now_s - times[rows, last]
    ahead = here[:, :2] + _velocity(boxes, times, aspect) * np.minimum(gap, _HORIZON_S)[:, None]
    there = _points(born, aspect)
    height = np.minimum(here[:, None, 2], there[None, :, 2])
    stretch = np.maximum(here[:, None, 2], there[None, :, 2]) / np.maximum(height, 1e-9)
    away = np.hypot(*(ahead[:, None] - there[None, :, :2]).transpose(2, 0, 1))
    away /= np.maximum(height, 1e-9)
    away /= (_GATE + _DRIFT * gap)[:, None]
    away[(stretch > _STRETCH) | (labels[:, None] != born_labels)] = np.inf
    return _closest_first(away, count)


def _closest_first(away: NDArray[np.float64], count: int) -> list[int]:
    chosen = [-1] * count
    while away.size:
        row, column = np.unravel_index(away.argmin(), away.shape)
        if away[row, column] > 1:
            break
        chosen[column] = int(row)
        away[row], away[:, column] = np.inf, np.inf
    return chosen


def _points(boxes: NDArray[np.float32], aspect: float) -> NDArray[np.float64]:
    x1, y1, x2, y2 = boxes.astype(np.float64).T
    return np.column_stack([(x1 + x2) / 2 * aspect, (y1 + y2) / 2, y2 - y1])


def _velocity(boxes: NDArray[np.float32], times: Any, aspect: float) -> NDArray[np.float64]:
    """Heights of the picture a second (L, 2), by least squares over each history."""
    seen = np.isfinite(times)
    weight = seen / np.maximum(seen.sum(axis=1), 1)[:, None]
    t = np.where(seen, times, 0.0)
    t = (t - (t * weight).sum(axis=1)[:, None]) * seen
    centre = (boxes[..., :2] + boxes[..., 2:]) / 2 * [aspect, 1]
    spread = (t * t).sum(axis=1)
    moved = (t[..., None] * centre).sum(axis=1)
    pace: NDArray[np.float64] = np.zeros_like(moved)
    np.divide(moved, spread[:, None], out=pace, where=spread[:, None] > 1e-6)
    return pace
