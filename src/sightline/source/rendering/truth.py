"""Counts as they truly are, from the truth that a scene puts into its frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sightline.geometry.lines import crossings, distance
from sightline.geometry.polygons import Boundary, Polygon
from sightline.source.rendering.projection import ASPECT

Counts = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Person:
    """Where somebody stands and how tall they look, in heights of the picture."""

    foot: tuple[float, float]
    height: float


People = Mapping[int, Person]  # by number

_SEEN = 0.3  # this much of somebody must once be visible for a camera to know of them
_SCALE = (ASPECT, 1.0)  # from fractions of the picture; every scene is composed for this shape


def truth_counts(
    frames: Iterable[tuple[int, Any]],
    lines: Mapping[str, Sequence[float]],
    zones: Mapping[str, Sequence[Sequence[float]]],
    label: str = "person",
    hysteresis: Mapping[str, float] | None = None,
) -> Counts:
    """The counts of a whole recording, as the summary has them: tracks, lines, zones.

    frames  time in nanoseconds and truth of each frame, in order
    lines   by name, x1, y1, x2, y2 in fractions; "in" is from left to right for who walks
            from the first point to the second
    zones   by name, corners (x, y) in fractions
    label   whose feet count
    hysteresis  by name of line or zone, how far beyond it feet must get until they have changed
            sides, in heights of the person, as the analytics define it (0 where it is not named)

    A foot that changes sides between two frames crosses or enters, in the instant of the change;
    who is seen no more before they were clear of the boundary has crossed as well. Who appears or
    vanishes inside a zone begins or ends a visit, but that is no entry and no exit.
    """
    margin = hysteresis or {}
    crossed = {name: LineTruth(points, margin.get(name, 0)) for name, points in lines.items()}
    visited = {name: ZoneTruth(corners, margin.get(name, 0)) for name, corners in zones.items()}
    seen: set[int] = set()
    for time_ns, truth in frames:
        objects = [item for item in truth["objects"] if item["label"] == label]
        people = {item["id"]: _person(item) for item in objects}
        seen |= {item["id"] for item in objects if item["visible"] >= _SEEN}
        for line in crossed.values():
            line.update(people, time_ns)
        for zone in visited.values():
            zone.update(people, time_ns)
    return {
        "tracks": {label: len(seen)},
        "lines": {name: part.counts() for name, part in crossed.items()},
        "zones": {name: part.counts() for name, part in visited.items()},
    }


def _person(item: Any) -> Person:
    (x, y), (_, top, _, low) = item["foot"], item["box"]
    return Person((x * _SCALE[0], y), low - top)


class LineTruth:
    """Who crosses one line. `crossings` holds (time in ns, id, "in" or "out")."""

    def __init__(self, line: Sequence[float], hysteresis: float = 0.0) -> None:
        self._line = np.array(line, np.float64).reshape(2, 2) * _SCALE
        self._hysteresis = hysteresis
        self._people: People = {}
        self._unsure: dict[int, tuple[int, str]] = {}  # when and which way
        self.crossings: list[tuple[int, int, str]] = []

    def update(self, people: People, time_ns: int) -> None:
        """Where everybody stands at a time."""
        both = sorted(people.keys() & self._people.keys())
        if both:
            before = np.array([self._people[number].foot for number in both])
            after = np.array([people[number].foot for number in both])
            ways = crossings(before, after, self._line).tolist()
            for number, way in zip(both, ways, strict=True):
                if way and self._unsure.pop(number, None) is None:
                    self._unsure[number] = (time_ns, "in" if way > 0 else "out")
        for number in list(self._unsure):
            if number not in people or self._is_clear(people[number]):
                self._count(number)
        self._people = people

    def counts(self) -> dict[str, float]:
        """How many went in and out."""
        ways = [way for _, way in self._unsure.values()] + [way for _, _, way in self.crossings]
        return {"in": ways.count("in"), "out": ways.count("out")}

    def _is_clear(self, person: Person) -> bool:
        away = float(distance(np.array([person.foot]), self._line)[0])
        return away >= self._hysteresis * person.height

    def _count(self, number: int) -> None:
        time_ns, way = self._unsure.pop(number)
        self.crossings.append((time_ns, number, way))


class ZoneTruth:
    """Who visits one zone, and for how long."""

    def __init__(self, corners: Sequence[Sequence[float]], hysteresis: float = 0.0) -> None:
        ring = np.array(corners, np.float64) * _SCALE
        self._polygon, self._boundary = Polygon(ring), Boundary(ring)
        self._hysteresis = hysteresis
        self._known: set[int] = set()
        self._since: dict[int, int] = {}
        self._changed: dict[int, int] = {}  # who is on the other side, but not clear yet
        self._lengths: list[int] = []
        self._entries = self._exits = self._peak = 0
        self._times: list[int] = []

    def update(self, people: People, time_ns: int) -> None:
        """Where everybody stands at a time."""
        points = np.array([person.foot for person in people.values()]).reshape(-1, 2)
        inside = self._polygon.contains(points).tolist() if people else []
        away = self._boundary.distance(points).tolist() if people else []
        for (number, person), within, far in zip(people.items(), inside, away, strict=True):
            if number not in self._known:
                if within:
                    self._since[number] = time_ns
            elif within == (number in self._since):
                self._changed.pop(number, None)
            else:
                self._changed.setdefault(number, time_ns)
                if far >= self._hysteresis * person.height:
                    self._cross(number)
        for number in self._known - people.keys():
            if number in self._changed:
                self._cross(number)
            if number in self._since:
                self._lengths.append(time_ns - self._since.pop(number))
        self._peak = max(self._peak, sum(inside))
        self._known = set(people)
        self._times.append(time_ns)

    def counts(self) -> dict[str, float]:
        """Entries, exits, visits, peak, mean occupancy, and mean seconds of a visit."""
        if not self._times:
            return {"entries": 0, "exits": 0, "visits": 0, "peak": 0, "mean": 0.0, "dwell_s": 0.0}
        for number in list(self._changed):
            self._cross(number)
        end, span = self._times[-1], self._times[-1] - self._times[0]
        lengths = [*self._lengths, *(end - since for since in self._since.values())]
        return {
            "entries": self._entries,
            "exits": self._exits,
            "visits": len(lengths),
            "peak": self._peak,
            "mean": round(sum(lengths) / span, 4) if span else 0.0,
            "dwell_s": round(sum(lengths) / len(lengths) / 1e9, 3) if lengths else 0.0,
        }

    def _cross(self, number: int) -> None:
        at = self._changed.pop(number)
        if number in self._since:
            self._lengths.append(at - self._since.pop(number))
            self._exits += 1
        else:
            self._since[number] = at
            self._entries += 1
