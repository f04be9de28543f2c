"""Everybody's last second in each of many pictures at once, as `Trails` keeps it of the newest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.motion import HORIZON_S, Fit, Floats, fit
from sightline.analytics.slots import Index
from sightline.analytics.trails import HISTORY

if TYPE_CHECKING:
    from sightline.analytics.ahead import Ahead

_CHUNK = 1 << 15  # boxes looked at in one go, so that they stay near the processor


class Courses:
    """Pictures `begin` to `end` of a stretch, in which nobody comes or goes, before the roster
    takes them in."""

    def __init__(self, ahead: Ahead, begin: int, end: int) -> None:
        self.begin, self.end = begin, end
        self.first = ahead.offsets[begin]
        part = slice(self.first, ahead.offsets[end])
        slots, self._column = np.unique(ahead.slots[part], return_inverse=True)
        self._row = ahead.frames[part] - begin + HISTORY
        boxes, times = ahead.roster.trails.past(slots)
        now_s = ahead.now_s[begin:end]
        after = np.full((end - begin, len(slots)), -np.inf)
        self._boxes = np.concatenate([boxes, np.zeros((*after.shape, 4), np.float32)])
        self._times = np.concatenate([times, after])
        self._boxes[self._row, self._column] = ahead.film.objects.boxes[part]
        self._times[self._row, self._column] = ahead.now_s[ahead.frames[part]]
        newest_s = np.concatenate([times.max(axis=1, initial=-np.inf), now_s])
        self._lags = self._far(np.maximum.accumulate(newest_s))
        if self._lags > HISTORY:
            self._lags = HISTORY
            self._keep()

    def fits(self, rows: Index) -> Iterator[tuple[slice, Fit]]:
        """Lines through the last second of objects, given by their rows in the stretch, some at
        a time: which of `rows`, and theirs."""
        most = max(1, _CHUNK // self._lags)
        for at in range(0, len(rows), most):
            some = slice(at, at + most)
            yield some, fit(*self._past(rows[some] - self.first))

    def paces(self, rows: Index) -> Floats:
        """Headings (R, 4), as `Trails.headings` would give them."""
        found = np.empty((len(rows), 4))
        for some, lines in self.fits(rows):
            found[some] = lines.pace
        return found

    def _past(self, own: Index) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        back = np.arange(1 - self._lags, 1)[:, None]
        row, column = self._row[own] + back, self._column[own]
        return self._boxes[row, column], self._times[row, column]

    def _far(self, newest_s: NDArray[np.float64]) -> int:
        """How many pictures back the last second of any of these pictures goes."""
        row = np.arange(HISTORY, len(newest_s))
        for lags in range(2, HISTORY + 1):
            if (newest_s[row - lags] < newest_s[row] - HORIZON_S).all():
                return lags
        return HISTORY + 1

    def _keep(self) -> None:
        """Trails hold what is older than their last pictures where nothing newer was seen."""
        for row in range(HISTORY, len(self._times)):
            lost = np.isneginf(self._times[row])
            if lost.any():
                self._times[row, lost] = self._times[row - HISTORY, lost]
                self._boxes[row, lost] = self._boxes[row - HISTORY, lost]
