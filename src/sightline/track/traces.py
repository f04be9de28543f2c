"""The last few seconds of all tracks: one row a picture, one column a track."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.results import Detections

Array = NDArray[np.float64]
Index = NDArray[np.intp]


class Traces:
    """Pictures that are held back, oldest first, and what came of each track before them.

    times_s   (R,): when the pictures were taken
    seen      (R, C) bool: whether a track was detected in a picture
    boxes     (R, C, 4) where `seen`: x1, y1, x2, y2
    scores    (R, C) where `seen`
    ids       (C,): of the tracks, 0 for a free column; `labels` their classes
    left_s    (C,): when the track was last seen before the first row, -inf if it was not;
              `left` (C, 4) where, `speed` (C, 4) how fast the box changed, a second
    Rows and columns are views, valid until a picture is added.
    """

    def __init__(self) -> None:
        self._first = self._end = 0
        self._times = np.zeros(64)
        self._seen = np.zeros((64, 32), np.bool_)
        self._boxes = np.zeros((64, 32, 4))
        self._scores = np.zeros((64, 32))
        self._column: dict[int, int] = {}
        self.ids = np.zeros(32, np.int64)
        self.labels = np.zeros(32, np.int32)
        self.left_s = np.full(32, -np.inf)
        self.left = np.zeros((32, 4))
        self.speed = np.zeros((32, 4))

    def __len__(self) -> int:
        return self._end - self._first

    @property
    def times_s(self) -> Array:
        return self._times[self._first : self._end]

    @property
    def seen(self) -> NDArray[np.bool_]:
        return self._seen[self._first : self._end]

    @property
    def boxes(self) -> Array:
        return self._boxes[self._first : self._end]

    @property
    def scores(self) -> Array:
        return self._scores[self._first : self._end]

    def append(self, tracks: Detections, time_s: float) -> None:
        """The next picture."""
        if self._end == len(self._times):
            self._make_rows()
        row = self._end
        self._end += 1
        self._times[row] = time_s
        self._seen[row] = False
        if tracks.track_ids is None or not len(tracks):
            return
        at = self._columns(tracks.track_ids.tolist())
        self._seen[row, at] = True
        self._boxes[row, at] = tracks.boxes
        self._scores[row, at] = tracks.scores
        self.labels[at] = tracks.labels

    def drop_first(self) -> None:
        """The first row is done with."""
        self._first += 1

    def free(self, columns: Index) -> None:
        """These tracks are over."""
        for track_id in self.ids[columns].tolist():
            self._column.pop(track_id, None)
        self.ids[columns] = 0
        self.left_s[columns] = -np.inf
        self.seen[:, columns] = False

    def join(self, later: int, earlier: int) -> None:
        """What column `later` holds is the same object as column `earlier` and goes on there."""
        taken = self.seen[:, later]
        self.boxes[taken, earlier] = self.boxes[taken, later]
        self.scores[taken, earlier] = self.scores[taken, later]
        self.seen[taken, earlier] = True
        track_id = int(self.ids[later])
        self.free(np.array([later]))
        self._column[track_id] = earlier

    def _columns(self, ids: list[int]) -> list[int]:
        new = [track_id for track_id in ids if track_id not in self._column]
        if new:
            free = np.flatnonzero(self.ids == 0)
            while len(free) < len(new):
                self._make_columns()
                free = np.flatnonzero(self.ids == 0)
            for track_id, column in zip(new, free.tolist(), strict=False):
                self._column[track_id] = column
                self.ids[column] = track_id
        return [self._column[track_id] for track_id in ids]

    def _make_rows(self) -> None:
        """Rows that are done with make room; where they are few, there will be twice as many."""
        used = slice(self._first, self._end)
        size = len(self._times) * (2 if self._first < len(self._times) // 2 else 1)
        for name in ("_times", "_seen", "_boxes", "_scores"):
            old = getattr(self, name)
            new = np.zeros((size, *old.shape[1:]), old.dtype)
            new[: len(self)] = old[used]
            setattr(self, name, new)
        self._first, self._end = 0, len(self)

    def _make_columns(self) -> None:
        for name in ("_seen", "_boxes", "_scores"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros_like(old)], axis=1))
        for name in ("ids", "labels", "left", "speed"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros_like(old)]))
        self.left_s = np.concatenate([self.left_s, np.full(len(self.left_s), -np.inf)])
