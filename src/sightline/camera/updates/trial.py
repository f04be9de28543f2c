"""A network measured beside the one that runs, and whether that is good enough to switch."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sightline.geometry.boxes import iou
from sightline.results import Detections
from sightline.twin.questions import Counts

_SAME_PLACE = 0.5  # intersection over union
_COUNTED = {"in", "out", "entries", "exits"}
_FEWEST_COUNTED = 5  # one more or less is chance: the new one does not know who is there
_FEWEST = 10  # pictures that say something


class Trial:
    """Two networks on the same pictures. Without clock, thread or picture.

    agreement      objects that both found (same class, boxes that overlap by half), twice, by
                   all that either found; 1 where both found nothing
    latency_ratio  median time of a picture, new by old
    fps            pictures a second that the new one can keep up with, by what the old one can;
                   no more than the source gives counts
    counts         the smaller by the larger of the numbers of their analytics, where they differ
                   most; 1 where they count the same, or fewer than five of anything
    heat_c         degrees that the machine got warmer
    """

    def __init__(self, source_fps: float, temperature_c: float | None = None) -> None:
        self._fps, self._cold = source_fps, temperature_c
        self._both = self._all = 0
        self._old_ms: list[float] = []
        self._new_ms: list[float] = []

    def saw(
        self,
        old: Detections,
        old_names: tuple[str, ...],
        new: Detections,
        new_names: tuple[str, ...],
        old_ms: float,
        new_ms: float,
    ) -> None:
        """One picture, as both understood it."""
        self._both += _pairs(old, old_names, new, new_names)
        self._all += len(old) + len(new)
        self._old_ms.append(old_ms)
        self._new_ms.append(new_ms)

    @property
    def pictures(self) -> int:
        """How many there were."""
        return len(self._new_ms)

    def result(
        self, old_counts: Counts, new_counts: Counts, temperature_c: float | None
    ) -> dict[str, float]:
        """What was measured, by name."""
        found = {"pictures": float(self.pictures)}
        if not self._new_ms:
            return found
        old, new = float(np.median(self._old_ms)), float(np.median(self._new_ms))
        found["agreement"] = 2 * self._both / self._all if self._all else 1.0
        found["latency_ms"] = new
        found["latency_ratio"] = new / old if old > 0 else 1.0
        found["fps"] = self._rate(new) / self._rate(old)
        found["counts"] = likeness(old_counts, new_counts)
        if self._cold is not None and temperature_c is not None:
            found["heat_c"] = temperature_c - self._cold
        return {name: round(value, 4) for name, value in found.items()}

    def _rate(self, milliseconds: float) -> float:
        able = 1000 / max(milliseconds, 1e-3)
        return min(able, self._fps) if self._fps else able


def verdict(trial: Mapping[str, float], gate: Mapping[str, float]) -> str:
    """Why the new network must not run, in a sentence; empty where it may.

    gate  agreement, fps and counts at least, latency_ratio and heat_c at most; what the trial
          does not know is not held against it, nor what it is not asked for
    """
    if gate and trial.get("pictures", 0) < _FEWEST:
        return f"the trial saw only {int(trial.get('pictures', 0))} pictures, which say nothing"
    for name in ("agreement", "fps", "counts"):
        if name in gate and name in trial and trial[name] < gate[name]:
            return f"{name} is {trial[name]:g}, and has to be {gate[name]:g} at least"
    for name in ("latency_ratio", "heat_c"):
        if name in gate and name in trial and trial[name] > gate[name]:
            return f"{name} is {trial[name]:g}, and may be {gate[name]:g} at most"
    return ""


def likeness(old: Counts, new: Counts) -> float:
    """1 where all crossings and entries are the same, 0 where one is nothing and the other not."""
    least = 1.0
    for kind, by_name in old.items():
        for name, numbers in by_name.items():
            for key in _COUNTED & numbers.keys():
                one, other = numbers[key], new.get(kind, {}).get(name, {}).get(key, 0)
                if max(one, other) >= _FEWEST_COUNTED:
                    least = min(least, min(one, other) / max(one, other))
    return least


def _pairs(
    old: Detections, old_names: tuple[str, ...], new: Detections, new_names: tuple[str, ...]
) -> int:
    """How many objects both found, each taken once."""
    if not len(old) or not len(new):
        return 0
    named: NDArray[np.bool_] = np.array([old_names[i] for i in old.labels])[:, None] == np.array(
        [new_names[i] for i in new.labels]
    )
    overlap = np.where(named, iou(old.boxes, new.boxes), 0)
    count = 0
    while overlap.size and overlap.max() >= _SAME_PLACE:
        row, column = np.unravel_index(int(overlap.argmax()), overlap.shape)
        overlap[row, :] = overlap[:, column] = 0
        count += 1
    return count
