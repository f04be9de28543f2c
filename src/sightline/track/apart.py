"""Pictures that have nothing to do with one another: nobody is followed from one to the next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sightline.results import Detections


class Apart:
    """Each object of each picture is one of its own, put out at once.

    score  the weakest that is put out
    """

    def __init__(self, score: float) -> None:
        self._score = score
        self._next = 1

    def update(self, detections: Detections, time_ns: int) -> Detections:
        """All that are strong enough, each with an identity that no other ever has."""
        kept = detections[detections.scores >= self._score]
        first, self._next = self._next, self._next + len(kept)
        return replace(kept, track_ids=np.arange(first, self._next, dtype=np.int64))
