"""Counts as they truly are, from the truth that a scene puts into its frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from sightline.geometry.lines import crossings
from sightline.geometry.polygons import Polygon

Counts = dict[str, dict[str, Any]]
Feet = dict[int, tuple[float, float]]

_SEEN = 0.3  # this much of somebody must once be visible for a camera to know of them


def truth_counts(
    frames: Iterable[tuple[int, Any]],
    lines: Mapping[str, Sequence[float]],
    zones: Mapping[str, Sequence[Sequence[float]]],
    label: str = "person",
) -> Counts:
    """The counts of a whole recording, as the summary has them: tracks, lines, zones.

    frames  time in nanoseconds and truth of each frame, in order
    lines   by name, x1, y1, x2, y2 in fractions; "in" is from left to right for who walks
            from the first point to the second
    zones   by name, corners (x, y) in fractions
    label   whose feet count

    A foot that changes sides between two frames crosses or enters; who appears or vanishes
    inside a zone begins or ends a visit, but that is no entry and no exit.
    """
    crossed = {name: LineTruth(points) for name, points in lines.items()}
    visited = {name: ZoneTruth(corners) for name, corners in zones.items()}
    seen: set[int] = set()
    for time_ns, truth in frames:
        objects = [item for item in truth["objects"] if item["label"] == label]
        feet: Feet = {item["id"]: (item["foot"][0], item["foot"][1]) for item in objects}
        seen |= {item["id"] for item in objects if item["visible"] >= _SEEN}
        for line in crossed.values():
            line.update(feet, time_ns)
        for zone in visited.values():
            zone.update(feet, time_ns)
    return {
        "tracks": {label: len(seen)},
        "lines": {name: part.counts() for name, part in crossed.items()},
        "zones": {name: part.counts() for name, part in visited.items()},
    }


class LineTruth:
    """Who crosses one line. `crossings` holds (time in ns, id, "in" or "out")."""

    def __init__(self, line: Sequence[float]) -> None:
        self._line = np.array(line, np.float64).reshape(2, 2)
        self._feet: Feet = {}
        self.crossings: list[tuple[int, int, str]] = []

    def update(self, feet: Feet, time_ns: int) -> None:
        """Where everybody stands at a time."""
        both = sorted(feet.keys() & self._feet.keys())
        if both:
            before = np.array([self._feet[number] for number in both])
            after = np.array([feet[number] for number in both])
            ways = crossings(before, after, self._line).tolist()
            self.crossings += [
                (time_ns, number, "in" if way > 0 else "out")
                for number, way in zip(both, ways, strict=True)
                if way
            ]
        self._feet = feet

    def counts(self) -> dict[str, float]:
        """How many went in and out."""
        ways = [way for _, _, way in self.crossings]
        return {"in": ways.count("in"), "out": ways.count("out")}


class ZoneTruth:
    """Who visits one zone, and for how long."""

    def __init__(self, corners: Sequence[Sequence[float]]) -> None:
        self._polygon = Polygon(np.array(corners, np.float64))
        self._known: set[int] = set()
        self._since: dict[int, int] = {}
        self._lengths: list[int] = []
        self._entries = self._exits = self._peak = 0
        self._times: list[int] = []
        self._person_ns = 0

    def update(self, feet: Feet, time_ns: int) -> None:
        """Where everybody stands at a time."""
        points = np.array(list(feet.values()), np.float64).reshape(-1, 2)
        within = self._polygon.contains(points) if feet else np.zeros(0, np.bool_)
        now = {number for number, is_in in zip(feet, within.tolist(), strict=True) if is_in}
        if self._times:
            self._person_ns += len(self._since) * (time_ns - self._times[-1])
        for number in now - self._since.keys():
            self._entries += number in self._known
            self._since[number] = time_ns
        for number in self._since.keys() - now:
            self._exits += number in feet
            self._lengths.append(time_ns - self._since.pop(number))
        self._peak = max(self._peak, len(now))
        self._known = set(feet)
        self._times.append(time_ns)

    def counts(self) -> dict[str, float]:
        """Entries, exits, visits, peak, mean occupancy, and mean seconds of a visit."""
        if not self._times:
            return {"entries": 0, "exits": 0, "visits": 0, "peak": 0, "mean": 0.0, "dwell_s": 0.0}
        end, span = self._times[-1], self._times[-1] - self._times[0]
        lengths = [*self._lengths, *(end - since for since in self._since.values())]
        return {
            "entries": self._entries,
            "exits": self._exits,
            "visits": len(lengths),
            "peak": self._peak,
            "mean": round(self._person_ns / span, 4) if span else 0.0,
            "dwell_s": round(sum(lengths) / len(lengths) / 1e9, 3) if lengths else 0.0,
        }
