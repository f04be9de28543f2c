"""Who is in a zone: entries, exits, occupancy, and how long each visit lasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sightline.analytics.ahead import Ahead, Told
from sightline.analytics.alarm import Alarm
from sightline.analytics.area import Area, check_polygon
from sightline.analytics.doubt import Bounds, Doubt, written
from sightline.analytics.keeping import State, by_slot, packed, pairs, unpacked
from sightline.analytics.place import PlaceConfig, Point, Wanted
from sightline.analytics.roster import Roster
from sightline.analytics.sides import Sides
from sightline.analytics.slots import grown
from sightline.analytics.staying import Staying
from sightline.analytics.visits import Visits
from sightline.results import Detections
from sightline.wire.messages import Event, Measure


class ZoneConfig(PlaceConfig):
    """A polygon on the picture. A side of it on the picture's edge is no boundary.

    capacity    more than so many inside raise an alarm (None: none is too many)
    capacity_s  for so long they must be more, or clearly fewer, until it goes on, or off
    """

    polygon: tuple[Point, ...] = Field(description="corners x, y in order, fractions")
    capacity: int | None = Field(default=None, ge=0)
    capacity_s: float = Field(default=1.0, ge=0)

    @model_validator(mode="after")
    def _sound(self) -> ZoneConfig:
        check_polygon(f"zone {self.name!r}", self.polygon, self.unit)
        return self


class Zone:
    """Follows every object's visits.

    An object enters or leaves once its anchor is clear of the boundary by the hysteresis; the
    instant that counts is when it changed sides. One that appears or vanishes inside begins or
    ends a visit as well, but that is no entry and no exit.
    """

    def __init__(
        self,
        config: ZoneConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        self.config = config
        self._labels = labels
        self._wanted = Wanted(f"zone {config.name!r}", config.classes, labels)
        self.roster = roster or Roster(aspect)
        self._area = Area(config.polygon, self.roster.aspect)
        self._inside: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._known: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._changed_s: dict[int, float] = {}  # who is on the other side, but not clear yet
        self._visits = Visits()
        self._staying = Staying(self.roster, self._area.bordered, config.audits_of)
        self._full = _alarm(config)
        self._sees = False  # whether what follows from events depends on where others stand

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """Who entered and left."""
        roster = self.roster
        roster.update(tracks, time_ns)
        slots, places = roster.slots, roster.places(self.config.anchor)
        rows = self._wanted.rows(tracks.labels)
        if rows is not None:
            slots, places = slots[rows], places[rows]
        return self._look(slots, places, self._area.contains(places))

    def _look(
        self, slots: NDArray[np.intp], places: NDArray[np.float64], inside: NDArray[np.bool_]
    ) -> list[Event]:
        """Who is where now, and inside."""
        roster = self.roster
        if len(self._known) < roster.capacity:
            self._inside = grown(self._inside, roster.capacity)
            self._known = grown(self._known, roster.capacity)
        events = [event for slot in roster.gone for event in self._lose(slot)]
        if roster.fresh:
            self._known[roster.fresh] = False
        if np.count_nonzero(self._known[slots]) < len(slots):
            events += self._meet(slots, inside)
        differs = inside != self._inside[slots]
        if self._changed_s or np.count_nonzero(differs):
            events += self._decide(slots, places, differs)
        self._visits.seen(int(np.count_nonzero(inside)), roster.clock.now_s)
        return self._then(events)

    def _then(self, events: list[Event]) -> list[Event]:
        """What has happened by a picture, and what that leads to."""
        return events + self._crowded(self._full) if self._full else events

    def think(self, ahead: Ahead) -> None:
        """Who is inside in which picture, and clear of the boundary where that changes."""
        part = ahead.part(self._wanted)
        places = ahead.places(self.config.anchor)[part.rows]
        inside = self._area.contains(places)
        count = np.diff(np.append(0, np.cumsum(inside))[part.offsets])
        self._ahead = ahead, inside, count
        self._ways = Sides(
            ahead, part, inside, lambda rows: self._area.distance(places[rows]), self.config
        )

    def sweep(self, begin: int, end: int) -> list[Told]:
        """Who entered and left in some pictures."""
        ahead, _, count = self._ahead
        told = []
        looks = self._ways.looks(begin, end, self._changed_s)
        for number, rows in self._when_due(ahead, begin, end, looks):
            ahead.tell_time(number)
            if events := self._then(self._step(rows)):
                told.append((number, events))
        self._visits.pass_over(count[begin:end], float(ahead.now_s[end - 1]))
        return told

    def _when_due(
        self, ahead: Ahead, begin: int, end: int, looks: Iterator[tuple[int, list[int]]]
    ) -> Iterator[tuple[int, list[int]]]:
        """These pictures, and besides those at which it has to look whoever moves."""
        at, shown = begin, begin
        following = next(looks, None)
        while True:
            number = end if following is None else following[0]
            when_s = self.wakes_s()
            if when_s < inf:
                number = min(number, max(at, int(ahead.now_s.searchsorted(when_s))))
            if at < min(number, end):
                self._passed(float(ahead.now_s[min(number, end) - 1]))
            if number >= end:
                return
            if self._sees or when_s <= ahead.now_s[number]:
                ahead.show(shown, number)
                shown = number + 1
            rows: list[int] = []
            if following is not None and following[0] == number:
                rows = following[1]
                following = next(looks, None)
            yield number, rows
            at = number + 1

    def _passed(self, now_s: float) -> None:
        """Nobody came or went until then."""

    def wakes_s(self) -> float:
        """When it has to look, whoever moves: with the alarm."""
        return self._full.due_s if self._full else inf

    def _step(self, rows: list[int]) -> list[Event]:
        """Who entered and left by a picture of which these rows may tell."""
        sides, inside = self._ways, self._ahead[1]
        steps = [(row, sides.slot(row), bool(inside[row])) for row in rows]
        events = []
        for row, slot, is_in in steps:
            if not self._known[slot]:
                self._known[slot], self._inside[slot] = True, is_in
                if is_in:
                    self.roster.glimpse = sides.glimpse(row, slot)
                    events.append(self._enter(slot, self.now_s, False))
        for row, slot, is_in in steps:
            if is_in == self._inside[slot]:
                self._changed_s.pop(slot, None)
                continue
            since = self._changed_s.setdefault(slot, self.now_s)
            if sides.sure[row]:
                del self._changed_s[slot]
                self.roster.glimpse = sides.glimpse(row, slot)
                events.append(self._change(slot, since))
        self.roster.glimpse = None
        return events

    def finish(self) -> Sequence[Event]:
        """The changes of side that were not clear of the boundary yet."""
        waiting = sorted(self._changed_s)
        return [self._change(slot, self._changed_s.pop(slot)) for slot in waiting]

    def measures(self) -> Sequence[Measure]:
        """One "zone.occupancy", one "zone.dwell", and one "zone.count" for each way."""
        clock, visits = self.roster.clock, self._visits
        if not clock.begun:
            return ()
        name, doubts = self.config.name, self.doubts()
        present = {"present": visits.present, "peak": visits.peak}
        return [
            Measure(
                "zone.occupancy",
                name,
                *clock.span,
                value=visits.mean(self.roster.trails.seen_s),
                data={**present, **written(self._stayed(), Doubt(clock.now_s))},
            ),
            Measure(
                "zone.dwell",
                name,
                *clock.span,
                value=visits.dwell_s(self.roster.trails.seen_s),
                data={"visits": visits.count, **written(self._stayed(), doubts["visits"])},
            ),
            *(
                Measure(
                    "zone.count",
                    name,
                    *clock.span,
                    value=getattr(visits, of),
                    data={"direction": way, **written(doubts[of])},
                )
                for of, way in (("entries", "in"), ("exits", "out"))
            ),
        ]

    def doubts(self) -> dict[str, Doubt]:
        """How far entries, exits and visits may be from the truth."""
        return self._staying.doubts()

    def bounds(self) -> dict[str, Bounds]:
        """Between what entries, exits, visits, `mean` and `dwell_s` truly are, most likely."""
        doubts, seconds = self.doubts(), self._stayed()
        return {
            **{of: doubt.counts() for of, doubt in doubts.items()},
            "mean": seconds.over(Doubt(self.now_s)),
            "dwell_s": seconds.over(doubts["visits"]),
        }

    def _stayed(self) -> Doubt:
        """Seconds that everybody spent inside."""
        return self._staying.stayed.doubt(seen=self._visits.total_s(self.roster.trails.seen_s))

    def summary(self) -> dict[str, float]:
        """Counts; `mean` is occupancy over time, `dwell_s` the mean length of a visit."""
        visits = self._visits
        full = {"full": self._full.count} if self._full else {}
        return {
            "entries": visits.entries,
            "exits": visits.exits,
            "visits": visits.count,
            "present": visits.present,
            "peak": visits.peak,
            "mean": round(visits.mean(self.roster.trails.seen_s), 4),
            "dwell_s": round(visits.dwell_s(self.roster.trails.seen_s), 3),
            **full,
        }

    def state(self) -> State:
        """Who is inside since when, and the totals."""
        return {
            "inside": packed(self._inside),
            "known": packed(self._known),
            "changed_s": pairs(self._changed_s),
            "visits": self._visits.state(),
            "full": self._full.state() if self._full else None,
            "staying": self._staying.state(),
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        inside, known = unpacked(state["inside"]), unpacked(state["known"])
        changed_s = by_slot(state["changed_s"])
        if self._full:
            self._full.restore(state["full"])
        self._visits = visits = Visits.restored(state["visits"])
        if "staying" in state:
            self._staying.restore(state["staying"])
        else:
            self._staying.suppose(visits.entries, visits.exits, visits.count)
        self._inside, self._known, self._changed_s = inside, known, changed_s

    @property
    def now_s(self) -> float:
        """The time of the newest picture on the analytics' clock."""
        return self.roster.clock.now_s

    def stays(self) -> dict[int, float]:
        """Who is inside, by slot: since when."""
        return self._visits.open_s

    def event(self, kind: str, slot: int, at_s: float, data: dict[str, object]) -> Event:
        """Something that an object of this zone did at a moment of the analytics' clock."""
        config = self.config
        return self.roster.event(kind, slot, at_s, config.name, config.anchor, self._labels, data)

    def told(self, kind: str, data: dict[str, object]) -> Event:
        """Something about the zone as a whole, now."""
        clock = self.roster.clock
        return Event(
            kind=kind, time_ns=clock.time_ns(clock.now_s), name=self.config.name, data=data
        )

    def _crowded(self, full: Alarm) -> list[Event]:
        inside = len(self._visits.open_s)
        changed = full.update(inside, self.roster.clock.now_s)
        if changed is None:
            return []
        data: dict[str, object] = {"present": inside, "capacity": self.config.capacity}
        return [self.told("zone.full" if changed else "zone.free", data)]

    def _meet(self, slots: NDArray[np.intp], inside: NDArray[np.bool_]) -> list[Event]:
        new = ~self._known[slots]
        self._known[slots] = True
        self._inside[slots[new]] = inside[new]
        now_s = self.roster.clock.now_s
        # A broken tracker may give one identity twice; it still is one visit.
        begun = dict.fromkeys(slots[new & inside].tolist())
        return [self._enter(slot, now_s, False) for slot in begun]

    def _decide(
        self, slots: NDArray[np.intp], places: NDArray[np.float64], differs: NDArray[np.bool_]
    ) -> list[Event]:
        roster = self.roster
        if self._changed_s:
            for slot in self._changed_s.keys() & set(slots[~differs].tolist()):
                del self._changed_s[slot]
        moved = slots[differs]
        margin = self.config.hysteresis * roster.heights(moved)
        clear = self._area.distance(places[differs]) > margin
        events = []
        for slot, sure in dict(zip(moved.tolist(), clear.tolist(), strict=True)).items():
            since = self._changed_s.setdefault(slot, roster.clock.now_s)
            if sure:
                del self._changed_s[slot]
                events.append(self._change(slot, since))
        return events

    def _change(self, slot: int, at_s: float) -> Event:
        self._inside[slot] = not self._inside[slot]
        step = self._enter if self._inside[slot] else self._leave
        return step(slot, at_s, True)

    def _lose(self, slot: int) -> list[Event]:
        events = []
        if slot in self._changed_s:
            events.append(self._change(slot, self._changed_s.pop(slot)))
        if slot in self._visits.open_s:
            events.append(self._leave(slot, float(self.roster.trails.seen_s[slot]), False))
        self._inside[slot] = False
        self._staying.lose(slot)
        return events

    def _enter(self, slot: int, at_s: float, crossed: bool) -> Event:
        self._visits.begin(slot, at_s, crossed)
        data = {"crossed": crossed, **self._staying.begin(slot, at_s, crossed)}
        return self.event("zone.entered", slot, at_s, data)

    def _leave(self, slot: int, at_s: float, crossed: bool) -> Event:
        length = self._visits.end(slot, at_s, crossed)
        data: dict[str, object] = {"crossed": crossed, "dwell_s": round(length, 3)}
        data |= self._staying.end(slot, at_s, crossed)
        return self.event("zone.left", slot, at_s, data)


def _alarm(config: ZoneConfig) -> Alarm | None:
    if config.capacity is None:
        return None
    return Alarm(config.capacity, config.capacity - 1 - config.capacity // 10, config.capacity_s)
