"""The last few seconds of all tracks: one row a picture, one column a track."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.results import Detections

Array = NDArray[np.float64]
Index = NDArray[np.intp]

# How long it takes a track to take on a new speed.
_SPEED_S = 0.5
_BY_PICTURE = ("times_s", "seen", "guessed", "boxes", "scores")
_BY_TRACK = ("ids", "labels", "hits", "begin_s", "begin", "end_s", "end", "speed", "left_s", "left")


class Traces:
    """R pictures, oldest first, and C columns, of which those with an id are tracks.

    A box is centre x, centre y, width, height in heights of the picture. By picture:

    times_s  (R,)         when it was taken
    seen     (R, C)       whether the track was detected; `guessed` expected but not detected
    boxes    (R, C, 4)    where either; `scores` (R, C) where seen

    By track (C,), boxes (C, 4); times that did not come yet are infinitely long ago:

    ids, labels, hits     0 for a free column, class, how often it was detected
    begin_s, begin        its first detection
    end_s, end, speed     its last detection; how fast its centre moved then (C, 2), a second
    left_s, left          its last detection that was finished; for the user to keep
    """

    times_s: Array
    seen: NDArray[np.bool_]
    guessed: NDArray[np.bool_]
    boxes: Array
    scores: NDArray[np.float32]

    def __init__(self, aspect: float) -> None:
        self._aspect = aspect
        self._first = self._end = 0
        self._column: dict[int, int] = {}
        rows, columns = 64, 32
        self._rows = {
            "times_s": np.zeros(rows),
            "seen": np.zeros((rows, columns), np.bool_),
            "guessed": np.zeros((rows, columns), np.bool_),
            "boxes": np.zeros((rows, columns, 4)),
            "scores": np.zeros((rows, columns), np.float32),
        }
        self.ids = np.zeros(columns, np.int64)
        self.labels = np.zeros(columns, np.int32)
        self.hits = np.zeros(columns, np.int64)
        self.begin_s, self.end_s, self.left_s = np.full((3, columns), -np.inf)
        self.begin, self.end, self.left = np.zeros((3, columns, 4))
        self.speed = np.zeros((columns, 2))
        self._view()

    def __len__(self) -> int:
        return self._end - self._first

    def append(self, tracks: Detections, time_s: float) -> None:
        """The next picture; a score of 0 means guessed."""
        at = [] if tracks.track_ids is None else self._columns(tracks.track_ids.tolist())
        if self._end == len(self._rows["times_s"]):
            self._make_rows()
        self._end += 1
        self._view()
        self.times_s[-1] = time_s
        self.seen[-1] = self.guessed[-1] = False
        if not at:
            return
        x1, y1, x2, y2 = tracks.boxes.T.astype(np.float64)
        boxes = np.stack([x1 + x2, y1 + y2, 2 * (x2 - x1), 2 * (y2 - y1)], axis=1) * 0.5
        boxes[:, 0::2] *= self._aspect
        self.seen[-1, at] = tracks.scores > 0
        self.guessed[-1, at] = tracks.scores <= 0
        self.boxes[-1, at] = boxes
        self.scores[-1, at] = tracks.scores
        self.labels[at] = tracks.labels
        self._follow(np.flatnonzero(self.seen[-1]), time_s)

    def drop(self, count: int) -> None:
        """The first pictures are done with."""
        self._first += count
        self._view()

    def corners(self, boxes: Array) -> NDArray[np.float32]:
        """Boxes (N, 4) as `Detections` have them."""
        half = boxes[:, 2:] * 0.5
        corners = np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], axis=1)
        corners[:, 0::2] /= self._aspect
        return corners.astype(np.float32)

    def free(self, columns: Index) -> None:
        """These tracks are over."""
        gone = set(columns.tolist())
        self._column = {i: column for i, column in self._column.items() if column not in gone}
        for name in _BY_TRACK:
            getattr(self, name)[columns] = -np.inf if name.endswith("_s") else 0
        self.seen[:, columns] = self.guessed[:, columns] = False

    def join(self, later: int, earlier: int) -> None:
        """Track `later` is the same object as `earlier`, which ended before, and goes on there."""
        taken = np.flatnonzero(self.seen[:, later] | self.guessed[:, later])
        self.guessed[taken[0] :, earlier] = False
        for name in _BY_PICTURE[1:]:
            rows = getattr(self, name)
            rows[taken, earlier] = rows[taken, later]
        for name in ("end_s", "end", "speed"):
            values = getattr(self, name)
            values[earlier] = values[later]
        self.hits[earlier] += self.hits[later]
        aliases = [i for i, column in self._column.items() if column == later]
        self.free(np.array([later]))
        self._column.update(dict.fromkeys(aliases, earlier))

    def _follow(self, seen: Index, time_s: float) -> None:
        new = seen[self.hits[seen] == 0]
        boxes = self.boxes[-1]
        self.begin_s[new] = time_s
        self.begin[new] = boxes[new]
        old = seen[(self.hits[seen] > 0) & (self.end_s[seen] < time_s)]
        elapsed_s = (time_s - self.end_s[old])[:, None]
        speed = (boxes[old, :2] - self.end[old, :2]) / elapsed_s
        self.speed[old] += (1 - np.exp(-elapsed_s / _SPEED_S)) * (speed - self.speed[old])
        self.hits[seen] += 1
        self.end_s[seen] = time_s
        self.end[seen] = boxes[seen]

    def _columns(self, ids: list[int]) -> list[int]:
        new = [track_id for track_id in ids if track_id not in self._column]
        if new:
            while np.count_nonzero(self.ids == 0) < len(new):
                self._make_columns()
            free = np.flatnonzero(self.ids == 0)[: len(new)]
            self.ids[free] = new
            self._column.update(zip(new, free.tolist(), strict=True))
        return [self._column[track_id] for track_id in ids]

    def _make_rows(self) -> None:
        """What is done with makes room; where that is little, there will be twice as much."""
        count = len(self)
        double = 2 if self._first < len(self._rows["times_s"]) // 2 else 1
        for name, old in self._rows.items():
            new = np.zeros((len(old) * double, *old.shape[1:]), old.dtype)
            new[:count] = old[self._first : self._end]
            self._rows[name] = new
        self._first, self._end = 0, count

    def _make_columns(self) -> None:
        for name in _BY_PICTURE[1:]:
            old = self._rows[name]
            self._rows[name] = np.concatenate([old, np.zeros_like(old)], axis=1)
        for name in _BY_TRACK:
            old = getattr(self, name)
            more = np.full_like(old, -np.inf if name.endswith("_s") else 0)
            setattr(self, name, np.concatenate([old, more]))
        self._view()

    def _view(self) -> None:
        for name, rows in self._rows.items():
            setattr(self, name, rows[self._first : self._end])
