"""All tracks of one camera as columns of one array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_ROWS = 22


class Tracks:
    """T tracks, oldest first. Every attribute is a writable view, valid until tracks come or go.

    box        (4, T): centre x, centre y, width, height; unit is the height of the picture
    velocity   (4, T): the same a second
    var, cov, var_v  (T,): variance of box, covariance of box and velocity, variance of
               velocity, alike for all four rows; unit is the height of the track's own box
    observed   (4, T): the last detection
    seen_s     (T,): when that was; `born_s` when the first was
    hits       (T,): detections so far; `score` that of the last
    label      (T,): class, and `weight` how firmly it is held
    id         (T,): 0 until confirmed
    """

    def __init__(self) -> None:
        self._buffer = np.zeros((_ROWS, 64))
        self._view(0)

    def _view(self, count: int) -> None:
        rows = self._buffer[:, :count]
        self.count = count
        self.box, self.velocity, self.observed = rows[0:4], rows[4:8], rows[8:12]
        self.var, self.cov, self.var_v = rows[12], rows[13], rows[14]
        self.seen_s, self.born_s = rows[15], rows[16]
        self.hits, self.score = rows[17], rows[18]
        self.label, self.weight = rows[19], rows[20]
        self.id = rows[21]

    def keep(self, chosen: NDArray[np.bool_]) -> None:
        """Only the tracks where `chosen` (T,) is true go on."""
        if not chosen.all():
            index = chosen.nonzero()[0]
            self._buffer[:, : len(index)] = self._buffer[:, index]
            self._view(len(index))

    def add(self, count: int) -> slice:
        """Room for more tracks, all zero; where they are."""
        begin, end = self.count, self.count + count
        while end > self._buffer.shape[1]:
            self._buffer = np.concatenate([self._buffer, np.zeros_like(self._buffer)], axis=1)
        self._buffer[:, begin:end] = 0
        self._view(end)
        return slice(begin, end)
