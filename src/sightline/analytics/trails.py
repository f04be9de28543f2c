"""Where each object was seen in its last second, and where that points to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.keeping import State, packed, unpacked
from sightline.analytics.motion import HORIZON_S, Fit, fit
from sightline.analytics.slots import Index, grown

_JUST_S = 0.3 - 1e-6
HISTORY = 32  # observations kept of each object
_EDGE = 0.01  # of the picture: objects come in and go out there
_NEVER = -np.inf


class Trails:
    """The last observations by slot. Times are seconds of the analytics' clock."""

    def __init__(self) -> None:
        self.first: NDArray[np.float32] = np.empty((0, 4), np.float32)
        self.born_s: NDArray[np.float64] = np.empty(0)
        self.seen_s: NDArray[np.float64] = np.empty(0)
        # One row a picture, round and round, so that a picture is written in one go.
        self._boxes: NDArray[np.float32] = np.empty((HISTORY, 0, 4), np.float32)
        self._times: NDArray[np.float64] = np.empty((HISTORY, 0))
        self._row = 0
        self._newest: NDArray[np.float32] = np.empty((0, 4), np.float32)

    def state(self) -> State:
        """For `restore`, as plain JSON values."""
        return {
            "first": packed(self.first),
            "born_s": packed(self.born_s),
            "seen_s": packed(self.seen_s),
            "boxes": packed(self._boxes),
            "times": packed(self._times),
            "row": self._row,
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        names = ("first", "born_s", "seen_s", "boxes", "times")
        first, born_s, seen_s, boxes, times = (unpacked(state[name]) for name in names)
        shapes = {first.shape[:1], born_s.shape, seen_s.shape, boxes.shape[1:2], times.shape[1:]}
        if len(shapes) > 1 or len(boxes) != HISTORY or len(times) != HISTORY:
            raise ValueError("trails of several lengths")
        self.first, self.born_s, self.seen_s = first, born_s, seen_s
        self._boxes, self._times, self._row = boxes, times, int(state["row"]) % HISTORY
        self._newest = boxes[times.argmax(axis=0), np.arange(len(seen_s))]

    def begin(self, slot: int, box: NDArray[np.float32], now_s: float, capacity: int) -> None:
        """A new object takes the slot."""
        if capacity > len(self.seen_s):
            self.first = grown(self.first, capacity)
            self.born_s = grown(self.born_s, capacity)
            self.seen_s = grown(self.seen_s, capacity)
            self._newest = grown(self._newest, capacity)
            self._boxes = grown(self._boxes.swapaxes(0, 1), capacity).swapaxes(0, 1).copy()
            self._times = grown(self._times.T, capacity).T.copy()
        self.first[slot], self.born_s[slot], self._times[:, slot] = box, now_s, _NEVER

    def see(self, slots: Index, boxes: NDArray[np.float32], now_s: float) -> None:
        """One picture."""
        self._row = (self._row + 1) % HISTORY
        self._boxes[self._row][slots] = boxes
        self._times[self._row][slots] = now_s
        self.seen_s[slots] = now_s
        self._newest[slots] = boxes

    def see_many(
        self,
        slots: Index,
        boxes: NDArray[np.float32],
        frames: NDArray[np.intp],
        now_s: NDArray[np.float64],
    ) -> None:
        """Several pictures: of each object its picture, and the times of the pictures."""
        rows = (self._row + 1 + frames) % HISTORY
        self._row = (self._row + len(now_s)) % HISTORY
        times = now_s[frames]
        self._boxes[rows, slots] = boxes
        self._times[rows, slots] = times
        self.seen_s[slots] = times
        self._newest[slots] = boxes

    def show(
        self,
        slots: Index,
        boxes: NDArray[np.float32],
        seen_s: NDArray[np.float64],
    ) -> None:
        """Let these be the newest boxes and when they were seen, and nothing else."""
        self._newest[slots], self.seen_s[slots] = boxes, seen_s

    def newest(self) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Copies of the newest boxes by slot, and of when they were seen."""
        return self._newest.copy(), self.seen_s.copy()

    def last(self, slots: Index) -> NDArray[np.float32]:
        """The newest boxes (L, 4)."""
        return self._newest[slots]

    def headings(self, slots: Index) -> NDArray[np.float64]:
        """Change of x1, y1, x2, y2 a second (L, 4): least squares over the last second seen.

        An object seen once only has no heading: zeros.
        """
        return self._fit(slots).pace

    def headings_and_errors(self, slots: Index) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Headings (L, 4) and their standard errors (L, 4), from how the boxes scatter."""
        fit = self._fit(slots)
        return fit.pace, fit.errors()

    def just_moved(self, slots: Index) -> NDArray[np.float64]:
        """Change of x1, y1, x2, y2 a second (L, 4) over the last 0.3 s, or the last step where
        pictures come more seldom: noisier than headings, which lag by half a second."""
        times = self._times[:, slots]
        before = times <= times.max(axis=0) - _JUST_S
        row = np.where(before, times, _NEVER).argmax(axis=0)
        column = np.arange(len(slots))
        gap = self.seen_s[slots] - times[row, column]
        moved = self._newest[slots].astype(np.float64) - self._boxes[row, slots]
        pace: NDArray[np.float64] = np.zeros_like(moved)
        known = np.isfinite(gap) & (gap > 1e-6)
        np.divide(moved, gap[:, None], out=pace, where=known[:, None])
        return pace

    def lever(self, slots: Index) -> NDArray[np.float64]:
        """By how much (L,) a heading errs for each unit that boxes err, a second."""
        return np.asarray(1 / np.sqrt(np.maximum(self._fit(slots).spread, 1e-6)), np.float64)

    def trembling(self, slots: Index) -> NDArray[np.float64]:
        """Standard deviation of x1, y1, x2, y2 (L, 4) about smooth motion, in the last second:
        from second differences of boxes in a row. NaN where no three are in a row."""
        boxes, times = self.past(slots)
        boxes = boxes.astype(np.float64)
        seen = times >= self.seen_s[slots] - HORIZON_S
        row = seen[:-2] & seen[1:-1] & seen[2:]
        bend = (boxes[:-2] - 2 * boxes[1:-1] + boxes[2:]) * row[..., None]
        count = row.sum(axis=0)[:, None]
        square = np.full((len(slots), 4), np.nan)
        np.divide((bend * bend).sum(axis=0), 6 * count, out=square, where=count > 0)
        deviation: NDArray[np.float64] = np.sqrt(square)
        return deviation

    def past(self, slots: Index) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Boxes (H, L, 4) of the last H pictures, the oldest first, and when they were seen (H, L):
        never, or long ago, where that picture did not show the object."""
        order = (self._row + 1 + np.arange(HISTORY))[:, None] % HISTORY
        return self._boxes[order, slots], self._times[order, slots]

    def _fit(self, slots: Index) -> Fit:
        return fit(*self.past(slots))


def at_edge(boxes: NDArray[Any]) -> NDArray[np.bool_]:
    """Which boxes (N, 4) touch the edge of the picture."""
    near: NDArray[np.bool_] = np.minimum(boxes[:, :2], 1 - boxes[:, 2:]).min(axis=1) <= _EDGE
    return near
