"""Tracks some time later, when it is known how they went on."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from sightline.results import Detections
from sightline.track.overlap import affinity, corners
from sightline.track.smoothing import REACH_S, smoothed
from sightline.track.traces import Traces

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

# A track of fewer detections by the end of the delay was none.
MIN_HITS = 3
# Two tracks are pieces of one object if the first would meet the second, and the second
# would come from the first, with this affinity of boxes widened by a share of their height.
PIECES = 0.5
MARGIN = 0.15
# So much of the second must be known, and this is the longest gap between the two,
EVIDENCE_S = 0.5
LONGEST_GAP_S = 3.0
# of which an object walks on for this time.
WALKS_ON_S = 1.0
_SAME_S = 1e-6


class Finaliser:
    """Holds every picture back for `delay_s`, then gives it out with what was learnt since.

    Gaps are filled by straight lines, pieces of one object get one id, chance tracks are left
    out, boxes are smoothed. Every picture that is taken in is given out once, in order; time
    that goes back is taken as standing still. Of the tracks only boxes, scores, labels and
    ids are kept; score 0 means that the object was not detected there.
    `aspect` is the width / height of the picture.
    """

    def __init__(self, delay_s: float, aspect: float = 1.0) -> None:
        self._delay_s = delay_s
        self._evidence_s = min(EVIDENCE_S, delay_s / 2)
        self._traces = Traces(aspect)
        self._next = 0  # the picture among those in the traces that is finished next
        self._waiting_ns: deque[int] = deque()
        self._origin_ns: int | None = None
        self._now_s = -np.inf

    def update(self, tracks: Detections, time_ns: int) -> list[tuple[int, Detections]]:
        """The pictures that are finished now, oldest first, each with its time."""
        if self._origin_ns is None:
            self._origin_ns = time_ns
        before_s = self._now_s
        self._now_s = max(before_s, (time_ns - self._origin_ns) / 1e9)
        self._waiting_ns.append(time_ns)
        self._traces.append(tracks, self._now_s)
        self._join_pieces(before_s)
        due_s = self._now_s - self._delay_s + _SAME_S
        due = int(np.searchsorted(self._traces.times_s[self._next :], due_s, "right"))
        return [self._finish() for _ in range(due)]

    def flush(self) -> list[tuple[int, Detections]]:
        """All that is still held back, when no more pictures come."""
        return [self._finish() for _ in range(len(self._waiting_ns))]

    def _join_pieces(self, before_s: float) -> None:
        """For each track of which just now enough is known, look for the one it continues."""
        traces = self._traces
        known = traces.begin_s <= self._now_s - self._evidence_s
        known &= traces.begin_s > before_s - self._evidence_s
        known &= (traces.hits >= MIN_HITS) & (traces.left_s == -np.inf)
        for later in np.flatnonzero(known).tolist():
            earlier = self._continued_by(later)
            if earlier is not None:
                traces.join(later, earlier)

    def _continued_by(self, later: int) -> int | None:
        traces = self._traces
        gap_s = traces.begin_s[later] - traces.end_s
        columns = np.flatnonzero(
            (gap_s > 0) & (gap_s <= LONGEST_GAP_S) & (traces.labels == traces.labels[later])
        )
        if not len(columns):
            return None
        walks_s = np.minimum(gap_s[columns], WALKS_ON_S)
        begin = traces.begin[later][:, None]
        met = traces.end[columns].T
        expected, origin = met.copy(), np.repeat(begin, len(columns), axis=1)
        expected[:2] += traces.speed[columns].T * walks_s
        spent_s = max(traces.end_s[later] - traces.begin_s[later], 1e-3)
        origin[:2] -= ((traces.end[later] - traces.begin[later])[:2] / spent_s)[:, None] * walks_s
        margin = np.full(len(columns), MARGIN * begin[3])
        value = affinity(corners(expected), corners(begin), margin)[:, 0]
        value += np.diagonal(affinity(corners(met), corners(origin), margin))
        best = int(np.argmax(value))
        return int(columns[best]) if value[best] / 2 > PIECES else None

    def _finish(self) -> tuple[int, Detections]:
        self._forget_chance_tracks()
        traces, row = self._traces, self._next
        seen = traces.seen[row]
        boxes = smoothed(traces, row)
        comes = self._fill_gaps(boxes)
        shown = np.flatnonzero(seen | comes | (traces.guessed[row] & (traces.left_s > -np.inf)))
        shown = shown[np.argsort(traces.ids[shown])]
        out = Detections(
            traces.corners(boxes[shown]),
            np.where(seen, traces.scores[row], 0)[shown].astype(np.float32),
            traces.labels[shown],
            traces.ids[shown],
        )
        self._pass(boxes)
        return self._waiting_ns.popleft(), out

    def _fill_gaps(self, boxes: Array) -> Bools:
        """Which tracks (C,) were seen before and will be seen again; `boxes` are put between."""
        traces = self._traces
        ahead = traces.seen[self._next :]
        row = ahead.argmax(axis=0)
        comes: Bools = (row > 0) & (traces.left_s > -np.inf)
        gap = np.flatnonzero(comes)
        if len(gap):
            to, to_s = (
                traces.boxes[self._next :][row[gap], gap],
                traces.times_s[self._next + row[gap]],
            )
            from_s = traces.left_s[gap]
            share = (traces.times_s[self._next] - from_s) / np.maximum(to_s - from_s, 1e-9)
            boxes[gap] = traces.left[gap] + share[:, None] * (to - traces.left[gap])
        return comes

    def _forget_chance_tracks(self) -> None:
        traces = self._traces
        begins = traces.seen[self._next] & (traces.left_s == -np.inf)
        chance = np.flatnonzero(begins & (traces.hits < MIN_HITS))
        if len(chance):
            traces.free(chance)

    def _pass(self, boxes: Array) -> None:
        traces = self._traces
        now_s = float(traces.times_s[self._next])
        seen = traces.seen[self._next]
        traces.left_s[seen] = now_s
        traces.left[seen] = boxes[seen]
        self._next += 1
        old = int(np.searchsorted(traces.times_s, now_s - REACH_S))
        traces.drop(old)
        self._next -= old
        over = np.flatnonzero((traces.ids > 0) & (traces.end_s < now_s - LONGEST_GAP_S))
        if len(over):
            traces.free(over)
