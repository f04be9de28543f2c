"""Which way boxes go: the slope of their last second, by least squares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

HORIZON_S = 1.0  # a heading is taken over this time, and not trusted for longer
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """Straight lines through the last second of M objects.

    boxes   (H, M, 4) the last pictures, the oldest first
    t       (H, M) seconds about the mean of those that count; 0 elsewhere
    seen    (H, M) which of them count
    spread  (M,) sum of t squared
    pace    (M, 4) change of x1, y1, x2, y2 a second; 0 of whom was seen once only
    """

    boxes: NDArray[Any]
    t: Floats
    seen: NDArray[np.bool_]
    spread: Floats
    pace: Floats

    def errors(self) -> Floats:
        """Standard errors (M, 4) of the pace, from how the boxes scatter about the line."""
        count = np.maximum(self.seen.sum(axis=0), 1)
        weights = self.seen[..., None].astype(np.float64)
        off = self.boxes - _sum(self.boxes * weights) / count[:, None]
        off -= self.pace * self.t[..., None]
        off *= weights
        off *= off
        scatter = _sum(off) / np.maximum(count - 2, 1)[:, None]
        square = np.zeros_like(self.pace)
        some = self.spread[:, None] > 1e-6
        np.divide(scatter, self.spread[:, None], out=square, where=some)
        return np.sqrt(square, out=square)


def fit(boxes: NDArray[Any], times: Floats) -> Fit:
    """Boxes (H, M, 4) and when they were seen (H, M), the oldest first.

    Each object comes out the same to the last bit, however many others there are and however
    many pictures from before its last second.
    """
    seen = times >= times.max(axis=0) - HORIZON_S
    t = np.where(seen, times, 0.0)
    t -= _sum(t) / np.maximum(seen.sum(axis=0), 1)
    t *= seen
    spread = _sum(t * t)
    pace = _sum(t[..., None] * boxes)
    slope = np.zeros_like(pace)
    np.divide(pace, spread[:, None], out=slope, where=spread[:, None] > 1e-6)
    return Fit(boxes, t, seen, spread, slope)


def _sum(values: Floats) -> Floats:
    """Over the first axis, the oldest first. Of a lone column numpy would take another order."""
    total: Floats = values.sum(axis=0) if values[0].size > 1 else values.cumsum(axis=0)[-1]
    return total
