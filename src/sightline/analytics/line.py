"""Counts objects that cross a line, in two directions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sightline.analytics.ahead import Ahead, Told
from sightline.analytics.doubt import Bounds, Doubt, written
from sightline.analytics.evidence import Evidence
from sightline.analytics.keeping import State, by_slot, packed, pairs, unpacked
from sightline.analytics.place import (
    SLACK,
    PlaceConfig,
    Point,
    Wanted,
    check_inside,
    label_name,
)
from sightline.analytics.roster import REACH_S, Roster
from sightline.analytics.sides import Sides
from sightline.analytics.sight import sight
from sightline.analytics.slots import Index, grown
from sightline.geometry.lines import frame
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

Places = NDArray[np.float64]
Spot: TypeAlias = Sequence[float]

_SUSPECT_S = 3.0  # so far beyond its ends a track is suspected of having crossed
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
        matrix, offset = frame(np.array(config.points) * [self.roster.aspect, 1])
        self._axes, self._start = matrix.tolist(), offset.tolist()
        self._length = float(np.hypot(*matrix[:, 0])) ** -1
        self._ends = _reach(config.points)
        self._place: NDArray[np.float64] = np.empty((0, 2))  # where each was last off the line
        self._across: NDArray[np.float64] = np.empty(0)  # how far; 0: never yet
        self._waits: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._waiting: dict[int, Event] = {}  # of the slots that wait: what will have happened
        self._counts = {"in": 0, "out": 0}
        exact = not self.roster.mends
        self._evidence = {
            way: Evidence("line", exact, config.audits_of(way)) for way in self._counts
        }

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """The crossings that are sure now."""
        roster = self.roster
        roster.update(tracks, time_ns)
        places = roster.places(self.config.anchor)
        slots, rows = roster.slots, self._wanted.rows(tracks.labels)
        if rows is not None:
            slots, places = slots[rows], places[rows]
        across = self._sides(places)
        off = np.abs(across) > _TOUCH
        if np.count_nonzero(off) < len(off):
            slots, places, across = slots[off], places[off], across[off]
        return self._look(slots, places, across)

    def _look(
        self, slots: NDArray[np.intp], places: NDArray[np.float64], across: NDArray[np.float64]
    ) -> Sequence[Event]:
        """Who is off the line now: where, and how far across."""
        roster = self.roster
        if len(self._across) < roster.capacity:
            self._place = grown(self._place, roster.capacity)
            self._across = grown(self._across, roster.capacity)
            self._waits = grown(self._waits, roster.capacity)
        if roster.fresh:
            self._across[roster.fresh] = 0
        changed = self._across.take(slots) * across < 0
        if np.count_nonzero(changed):
            for row in changed.nonzero()[0].tolist():
                slot = int(slots[row])
                self._cross(slot, self._place[slot].tolist(), places[row].tolist())
        self._place[slots], self._across[slots] = places, across
        if roster.settled or roster.gone:
            self._draw_out()
        if not self._waiting:
            return ()
        return self._decide(slots, places)

    def think(self, ahead: Ahead) -> None:
        """Who is on which side in which picture, and clear of the line where that changes."""
        part = ahead.part(self._wanted)
        places = ahead.places(self.config.anchor)[part.rows]
        across = self._sides(places)
        off = (np.abs(across) > _TOUCH).nonzero()[0]
        if len(off) < len(across):
            part, places, across = ahead.cut(part.rows[off]), places[off], across[off]
        self._ahead = ahead, part, places, across
        self._ways = Sides(
            ahead, part, across > 0, lambda rows: self._away(places[rows]), self.config
        )

    def sweep(self, begin: int, end: int) -> list[Told]:
        """The crossings that are sure by some pictures."""
        ahead, part, places, across = self._ahead
        told = []
        for number, rows in self._ways.looks(begin, end, self._waiting):
            ahead.tell_time(number)
            if events := self._count(slot for row in rows for slot in self._step(row, begin)):
                told.append((number, events))
        self.roster.glimpse = None
        these = part.of(begin, end)
        slots = ahead.slots[part.rows[these]]
        self._place[slots], self._across[slots] = places[these], across[these]
        return told

    def _step(self, row: int, begin: int) -> Sequence[int]:
        """Where somebody is now who was seen in this sweep, which began there, or before it: the
        slot, if a crossing is sure by that."""
        _, _, places, across = self._ahead
        sides, slot = self._ways, self._ways.slot(row)
        before = int(sides.before[row])
        swept = before >= 0 and sides.frames[before] >= begin
        was = across[before] if swept else self._across[slot]
        if was * across[row] < 0:
            self.roster.glimpse = sides.glimpse(row, slot)
            place = places[before] if swept else self._place[slot]
            self._cross(slot, place.tolist(), places[row].tolist())
        return [slot] if slot in self._waiting and sides.sure[row] else ()

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
            Measure(
                "line.count",
                name,
                *clock.span,
                value=count,
                data={"direction": way, **written(self._evidence[way].doubt())},
            )
            for way, count in self._counts.items()
        ]

    def summary(self) -> dict[str, float]:
        """{"in": crossings from left to right, "out": from right to left}."""
        return dict(self._counts)

    def doubts(self) -> dict[str, Doubt]:
        """How far "in" and "out" may be from the truth."""
        return {way: one.doubt() for way, one in self._evidence.items()}

    def bounds(self) -> dict[str, Bounds]:
        """Between what "in" and "out" truly are, most likely."""
        return {way: doubt.counts() for way, doubt in self.doubts().items()}

    def state(self) -> State:
        """Counts, sides, and the crossings that wait."""
        return {
            "place": packed(self._place),
            "across": packed(self._across),
            "waiting": pairs({s: msgspec.to_builtins(e) for s, e in self._waiting.items()}),
            "counts": dict(self._counts),
            "evidence": {way: one.state() for way, one in self._evidence.items()},
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        place, across = unpacked(state["place"]), unpacked(state["across"])
        waiting = {s: msgspec.convert(e, Event) for s, e in by_slot(state["waiting"]).items()}
        counts = {direction: int(state["counts"][direction]) for direction in self._counts}
        for way, one in self._evidence.items():
            one.restore(state.get("evidence", {}).get(way, {"clear": counts[way]}))
        waits = np.zeros(len(across), np.bool_)
        waits[list(waiting)] = True
        self._place, self._across, self._waits = place, across, waits
        self._waiting, self._counts = waiting, counts

    def _draw_out(self) -> None:
        """What tracks must have crossed before they began and after they ended."""
        anchor, roster = self.config.anchor, self.roster
        for slot in roster.settled:
            first, last = roster.way_in(slot, anchor).tolist()
            self._draw(slot, first, last, _far(last, first), last, "sprung")
        for slot in roster.gone:
            first, last = roster.way_out(slot, anchor).tolist()
            self._draw(slot, first, last, first, _far(first, last), "stopped")

    def _draw(
        self, slot: int, before: Spot, after: Spot, far: Spot, beyond: Spot, kind: str
    ) -> None:
        """Who would have crossed on the short way did; on the long one, they may have."""
        if not self._across[slot]:
            return
        if self._passage(before, after):
            self._cross(slot, before, after, seen=False)
        elif passage := self._passage(far, beyond):
            self._evidence[passage[1]].add(kind)

    def _passage(self, before: Spot, after: Spot) -> tuple[float, str] | None:
        """Where along the line a path passes it, and which way; None where it does not."""
        (start, before_m), (end, after_m) = self._own(*before), self._own(*after)
        if before_m * after_m >= 0:
            return None
        along = start + before_m / (before_m - after_m) * (end - start)
        if not self._ends[0] <= along <= self._ends[1]:
            return None
        return along, "in" if after_m > 0 else "out"

    def _cross(self, slot: int, before: Spot, after: Spot, seen: bool = True) -> None:
        passage = self._passage(before, after)
        if passage is None:
            return
        along, direction = passage
        waiting = self._waiting.get(slot)
        if waiting is None:
            self._waiting[slot] = self._event(slot, along, direction, seen)
            self._waits[slot] = True
        elif waiting.data["direction"] != direction:
            del self._waiting[slot]
            self._waits[slot] = False
            for one in self._evidence.values():
                one.add("turned")

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
            data={"direction": direction, **(self._how(slot) if seen else {"seen": False})},
        )

    def _how(self, slot: int) -> dict[str, object]:
        how = sight(self.roster, slot)
        return {} if how == "clear" else {"sight": how}

    def _sides(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far across (N,), each to the last bit the same whoever else is there."""
        (_, a), (_, b) = self._axes
        across: NDArray[np.float64] = places[:, 0] * a
        across += places[:, 1] * b
        across += self._start[1]
        return across

    def _away(self, places: Places) -> NDArray[np.float64]:
        """How far (N,) from the line, or beyond its end."""
        (a, b), (c, d) = self._axes
        x, y = places.T
        along, across = x * a + y * c + self._start[0], x * b + y * d + self._start[1]
        beyond = np.maximum(self._ends[0] - along, along - self._ends[1]) * self._length
        away: NDArray[np.float64] = np.maximum(np.abs(across), beyond)
        return away

    def _own(self, x: float, y: float) -> tuple[float, float]:
        """A place as the line sees it: along and across."""
        (a, b), (c, d) = self._axes
        e, f = self._start
        return x * a + y * c + e, x * b + y * d + f

    def _decide(self, slots: Index, places: Places) -> list[Event]:
        roster = self.roster
        rows = self._waits[slots].nonzero()[0]
        waiting = slots[rows]
        margins = (self.config.hysteresis * roster.heights(waiting)).tolist()
        clear = []
        for slot, place, margin in zip(
            waiting.tolist(), places[rows].tolist(), margins, strict=True
        ):
            along, across = self._own(*place)
            beyond = max(self._ends[0] - along, along - self._ends[1]) * self._length
            if max(abs(across), beyond) > margin:
                clear.append(slot)
        return self._count(clear + [slot for slot in roster.gone if slot in self._waiting])

    def _count(self, slots: Iterable[int]) -> list[Event]:
        done = list(dict.fromkeys(slots))  # a broken tracker may give one identity twice
        self._waits[done] = False
        events = [self._waiting.pop(slot) for slot in done]
        for event in events:
            direction = event.data["direction"]
            self._counts[direction] += 1
            seen = event.data.get("seen", True)
            self._evidence[direction].add(event.data.get("sight", "clear") if seen else "drawn")
        return events


def _far(end: Spot, drawn: Spot) -> Spot:
    """As far beyond the end of a track as it is suspected to have gone."""
    longer = _SUSPECT_S / REACH_S
    return [a + (b - a) * longer for a, b in zip(end, drawn, strict=True)]


def _reach(points: tuple[Point, Point]) -> tuple[float, float]:
    """From where to where along the line a crossing counts: without end beyond the picture."""
    on_edge = [min(x, y, 1 - x, 1 - y) <= SLACK for x, y in points]
    return (-np.inf if on_edge[0] else 0.0, np.inf if on_edge[1] else 1.0)
