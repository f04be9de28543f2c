"""Boxes of a track smoothed over time, as far as it was seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.track.traces import Traces

Array = NDArray[np.float64]

# Pictures further away than this have no say.
REACH_S = 0.4


def smoothed(traces: Traces, row: int) -> Array:
    """Boxes (C, 4) of one picture, each as a straight line through the pictures around sees it.

    Local linear regression, which does not lag behind at the ends of a track: Cleveland,
    "Robust Locally Weighted Regression and Smoothing Scatterplots", 1979. What was not seen
    in this picture stays as it is.
    """
    now_s = traces.times_s[row]
    last = int(np.searchsorted(traces.times_s, now_s + REACH_S, "right"))
    away_s = traces.times_s[:last] - now_s
    nearness = np.maximum(1 - np.abs(away_s / REACH_S) ** 3, 0) ** 3
    weights = traces.seen[:last] * nearness[:, None]
    moments = np.stack([weights, weights * away_s[:, None], weights * away_s[:, None] ** 2])
    w0, w1, w2 = moments.sum(axis=1)
    b0, b1 = np.einsum("mrc,rcd->mcd", moments[:2], traces.boxes[:last])
    spread = w0 * w2 - w1 * w1
    boxes: Array = traces.boxes[row].copy()
    good = traces.seen[row] & (spread > 1e-9)
    line = w2[:, None] * b0 - w1[:, None] * b1
    boxes[good] = line[good] / spread[good, None]
    return boxes
