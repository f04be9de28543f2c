"""Tracks some time later, when it is known how they went on."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from sightline.results import Detections
from sightline.track.traces import Traces

Array = NDArray[np.float64]
Index = NDArray[np.intp]

# A track of fewer detections (by the end of the delay) was none.
MIN_HITS = 3
# A track that does not come back is put out for this long where it is expected to be ...
COAST_S = 0.5
# ... if it was followed for as long.
COAST_FROM_S = 0.5
# How long it takes a track to take on a new speed.
SPEED_S = 0.3


class Finaliser:
    """Holds every picture back for `delay_s`, then gives it out with what was learnt since.

    Gaps are filled by straight lines, pieces of one object get one id, chance tracks are left
    out. Every picture that is taken in is given out once, in order. `aspect` is the width /
    height of the picture.
    """

    def __init__(self, delay_s: float, aspect: float = 1.0) -> None:
        self._delay_s = delay_s
        self._aspect = aspect
        self._traces = Traces()
        self._times_ns: deque[int] = deque()
        self._now_s = -np.inf

    def update(self, tracks: Detections, time_ns: int) -> list[tuple[int, Detections]]:
        """The pictures that are finished now, oldest first, each with its time."""
        self._now_s = max(self._now_s, time_ns / 1e9)
        self._times_ns.append(time_ns)
        self._traces.append(tracks, self._now_s)
        finished = []
        while self._traces.times_s[0] <= self._now_s - self._delay_s:
            finished.append(self._finish())
            if not len(self._traces):
                break
        return finished

    def flush(self) -> list[tuple[int, Detections]]:
        """All that is still held back, when no more pictures come."""
        return [self._finish() for _ in range(len(self._traces))]

    def _finish(self) -> tuple[int, Detections]:
        traces = self._traces
        now_s = float(traces.times_s[0])
        known = traces.left_s > -np.inf
        self._forget_chance_tracks(known)
        seen = traces.seen[0]
        comes_row = traces.seen.argmax(0)
        comes = traces.seen[comes_row, np.arange(len(seen))] & ~seen & known
        followed = np.isfinite(traces.left_s)
        out_boxes = np.where(seen[:, None], traces.boxes[0], 0)
        gap = np.flatnonzero(comes)
        if len(gap):
            to = traces.boxes[comes_row[gap], gap]
            span = traces.times_s[comes_row[gap]] - traces.left_s[gap]
            share = ((now_s - traces.left_s[gap]) / span)[:, None]
            out_boxes[gap] = traces.left[gap] + share * (to - traces.left[gap])
        lost = known & ~seen & ~comes & followed & (now_s - traces.left_s <= COAST_S)
        out_boxes[lost] = (
            traces.left[lost] + traces.speed[lost] * (now_s - traces.left_s[lost])[:, None]
        )
        shown = np.flatnonzero(seen | comes | lost)
        shown = shown[np.argsort(traces.ids[shown])]
        out = Detections(
            out_boxes[shown].astype(np.float32),
            traces.scores[0][shown].astype(np.float32),
            traces.labels[shown],
            traces.ids[shown],
        )
        self._pass(seen, now_s)
        return self._times_ns.popleft(), out

    def _forget_chance_tracks(self, known: NDArray[np.bool_]) -> None:
        traces = self._traces
        new = traces.seen[0] & ~known
        if new.any():
            few = np.flatnonzero(new & (traces.seen.sum(0) < MIN_HITS))
            if len(few):
                traces.free(few)

    def _pass(self, seen: NDArray[np.bool_], now_s: float) -> None:
        traces = self._traces
        traces.left_s[seen] = now_s
        traces.left[seen] = traces.boxes[0][seen]
        traces.drop_first()
        over = (traces.ids > 0) & (traces.left_s < now_s - 5) & ~traces.seen.any(0)
        if over.any():
            traces.free(np.flatnonzero(over))
