"""Counts objects that cross a line, in two directions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sightline.analytics.keeping import State, by_slot, packed, pairs, unpacked
from sightline.analytics.place import (
    SLACK,
    PlaceConfig,
    Point,
    Wanted,
    check_inside,
    label_name,
)
from sightline.analytics.roster import Roster
from sightline.analytics.slots import grown
from sightline.geometry.lines import frame
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

_TOUCH = 1e-6  # this near is on the line, on neither side; boxes carry no more digits


class LineConfig(PlaceConfig):
    """A line from its first to its second point.

    Who walks along it that way sees "in" as from the left hand to the right. A line that
    ends at the edge of the picture goes on beyond it.
    """

    points: tuple[Point, Point] = Field(description="x, y of both ends, fractions of the picture")

    @model_validator(mode="after")
    def _sound(self) -> LineConfig:
        what = f"line {self.name!r}"
        check_inside(what, self.points, self.unit)
        if self.points[0] == self.points[1]:
            x, y = self.points[0]
            raise ValueError(f"{what}: both points are ({x:g}, {y:g}), so it has no length")
        return self


class Line:
    """Counts crossings; each object's way through the line is remembered until it is sure.

    A path that changes sides between the ends of the line is a crossing that waits. It
    counts once the object is clear of the line by the hysteresis, or is seen no more; a
    change back before that takes it back. Steps around the end of the line count nothing.
    """

    def __init__(
        self,
        config: LineConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        self.config = config
        self._labels = labels
        self._wanted = Wanted(f"line {config.name!r}", config.classes, labels)
        self.roster = roster or Roster(aspect)
        self._matrix, self._offset = frame(np.array(config.points) * [self.roster.aspect, 1])
        self._length = float(np.hypot(*self._matrix[:, 0])) ** -1
        self._ends = _reach(config.points)
        self._where: NDArray[np.float64] = np.empty((0, 2))  # along, across
        self._known: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._waits: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._waiting: dict[int, Event] = {}  # of the slots that wait: what will have happened
        self._counts = {"in": 0, "out": 0}

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """The crossings that are sure now."""
        roster = self.roster
        roster.update(tracks, time_ns)
        if len(self._known) < roster.capacity:
            self._where = grown(self._where, roster.capacity)
            self._known = grown(self._known, roster.capacity)
            self._waits = grown(self._waits, roster.capacity)
        if roster.fresh:
            self._known[roster.fresh] = False
        slots = roster.slots
        where = roster.places(self.config.anchor).dot(self._matrix)
        where += self._offset
        rows = self._wanted.rows(tracks.labels)
        if rows is not None:
            slots, where = slots[rows], where[rows]
        off = np.abs(where[:, 1]) > _TOUCH
        if np.count_nonzero(off) < len(off):
            slots, where = slots[off], where[off]
        before = self._where.take(slots, 0)
        changed = before[:, 1] * where[:, 1] < 0
        if np.count_nonzero(changed):
            changed &= self._known[slots]
            for row in np.flatnonzero(changed).tolist():
                self._cross(int(slots[row]), before[row], where[row])
        self._where[slots] = where
        self._known[slots] = True
        if roster.settled or roster.gone:
            self._draw_out()
        if not self._waiting:
            return ()
        return self._decide(slots, where)

    def finish(self) -> Sequence[Event]:
        """The crossings of objects that were not clear of the line yet."""
        return self._count(list(self._waiting))

    def measures(self) -> Sequence[Measure]:
        """One "line.count" a direction."""
        clock = self.roster.clock
        if not clock.begun:
            return ()
        name = self.config.name
        return [
            Measure("line.count", name, *clock.span, value=count, data={"direction": direction})
            for direction, count in self._counts.items()
        ]

    def summary(self) -> dict[str, float]:
        """{"in": crossings from left to right, "out": from right to left}."""
        return dict(self._counts)

    def state(self) -> State:
        """Counts, sides, and the crossings that wait."""
        return {
            "where": packed(self._where),
            "known": packed(self._known),
            "waiting": pairs({s: msgspec.to_builtins(e) for s, e in self._waiting.items()}),
            "counts": dict(self._counts),
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        where, known = unpacked(state["where"]), unpacked(state["known"])
        waiting = {s: msgspec.convert(e, Event) for s, e in by_slot(state["waiting"]).items()}
        counts = {direction: int(state["counts"][direction]) for direction in self._counts}
        waits = np.zeros(len(known), np.bool_)
        waits[list(waiting)] = True
        self._where, self._known, self._waits = where, known, waits
        self._waiting, self._counts = waiting, counts

    def _draw_out(self) -> None:
        """What tracks must have crossed before they began and after they ended."""
        anchor, roster = self.config.anchor, self.roster
        ways = [(slot, roster.way_in(slot, anchor)) for slot in roster.settled]
        ways += [(slot, roster.way_out(slot, anchor)) for slot in roster.gone]
        for slot, way in ways:
            before, after = way @ self._matrix + self._offset
            if self._known[slot] and before[1] * after[1] < 0:
                self._cross(slot, before, after, seen=False)

    def _cross(
        self, slot: int, before: NDArray[np.float64], after: NDArray[np.float64], seen: bool = True
    ) -> None:
        share = before[1] / (before[1] - after[1])
        along = before[0] + share * (after[0] - before[0])
        if not self._ends[0] <= along <= self._ends[1]:
            return
        direction = "in" if after[1] > 0 else "out"
        waiting = self._waiting.get(slot)
        if waiting is None:
            self._waiting[slot] = self._event(slot, along, direction, seen)
            self._waits[slot] = True
        elif waiting.data["direction"] != direction:
            del self._waiting[slot]
            self._waits[slot] = False

    def _event(self, slot: int, along: float, direction: str, seen: bool) -> Event:
        roster = self.roster
        (x1, y1), (x2, y2) = self.config.points
        return Event(
            kind="line.crossed",
            time_ns=roster.clock.time_ns(roster.clock.now_s),
            name=self.config.name,
            track=int(roster.track[slot]),
            label=label_name(self._labels, int(roster.label[slot])),
            place=(float(x1 + along * (x2 - x1)), float(y1 + along * (y2 - y1))),
            data={"direction": direction} if seen else {"direction": direction, "seen": False},
        )

    def _decide(self, slots: NDArray[np.intp], where: NDArray[np.float64]) -> list[Event]:
        roster = self.roster
        waits = self._waits[slots]
        waiting = slots[waits]
        along, across = where[waits].T
        beyond = np.maximum(self._ends[0] - along, along - self._ends[1]) * self._length
        away = np.maximum(np.abs(across), beyond)
        margin = self.config.hysteresis * roster.heights(waiting)
        clear = waiting[away > margin].tolist()
        return self._count(clear + [slot for slot in roster.gone if slot in self._waiting])

    def _count(self, slots: Iterable[int]) -> list[Event]:
        done = list(dict.fromkeys(slots))  # a broken tracker may give one identity twice
        self._waits[done] = False
        events = [self._waiting.pop(slot) for slot in done]
        for event in events:
            self._counts[event.data["direction"]] += 1
        return events


def _reach(points: tuple[Point, Point]) -> tuple[float, float]:
    """From where to where along the line a crossing counts: without end beyond the picture."""
    on_edge = [min(x, y, 1 - x, 1 - y) <= SLACK for x, y in points]
    return (-np.inf if on_edge[0] else 0.0, np.inf if on_edge[1] else 1.0)
