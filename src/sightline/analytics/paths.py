"""Which ways people take between places: routes, and how many go from where to where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from operator import itemgetter

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sightline.analytics.ahead import Ahead, Told
from sightline.analytics.doubt import Bounds, Doubt
from sightline.analytics.keeping import State, by_slot, pairs
from sightline.analytics.place import Name
from sightline.analytics.roster import Roster
from sightline.analytics.tally import Tally
from sightline.analytics.zone import Zone, ZoneConfig
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

_LONGEST = 30  # places of one route; who wanders on is told as far as that
_KEPT = 1000  # different routes; beyond, the rarest are forgotten
_SHOWN = 20  # routes in a measure
_MOVES = ("zone.entered", "zone.left")


class PathsConfig(BaseModel):
    """Places and the ways between them.

    name    as events and summary call it
    places  zones; a stay in one is a stop of the route
    stay_s  stays that are shorter are no stop: people who pass through
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    places: tuple[ZoneConfig, ...] = Field(min_length=2)
    stay_s: float = Field(default=0.0, ge=0)

    @field_validator("places")
    @classmethod
    def _names_differ(cls, value: tuple[ZoneConfig, ...]) -> tuple[ZoneConfig, ...]:
        names = [place.name for place in value]
        if len(set(names)) < len(names):
            raise ValueError("two places share a name; give each its own")
        return value


class _Place(Zone):
    """A zone that notes who came and went: slot, when, and how long they stayed, if they left."""

    def __init__(
        self, config: ZoneConfig, labels: Sequence[str], aspect: float, roster: Roster
    ) -> None:
        super().__init__(config, labels, aspect, roster)
        self.moves: list[tuple[int, float, float | None]] = []

    def _enter(self, slot: int, at_s: float, crossed: bool) -> Event:
        self.moves.append((slot, at_s, None))
        return super()._enter(slot, at_s, crossed)

    def _leave(self, slot: int, at_s: float, crossed: bool) -> Event:
        event = super()._leave(slot, at_s, crossed)
        self.moves.append((slot, at_s, float(event.data["dwell_s"])))
        return event


class Paths:
    """Each person's stops in order; a trip ends when they are gone."""

    def __init__(
        self,
        config: PathsConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        self.config = config
        self.roster = roster or Roster(aspect)
        self._places = [_Place(place, labels, aspect, self.roster) for place in config.places]
        self._trips: dict[int, list[tuple[str, float]]] = {}  # by slot: place, since when
        self._trip_count = 0
        self._routes: Counter[tuple[str, ...]] = Counter()
        self._between: Counter[tuple[str, ...]] = Counter()
        self._legs: Counter[tuple[str, ...]] = Counter()
        self._tally = Tally("trips", not self.roster.mends)

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """The trips that ended: "paths.trip"."""
        for place in self._places:
            place.update(tracks, time_ns)
            self._follow(place)
        return [event for slot in self.roster.gone for event in self._arrive(slot, True)]

    def think(self, ahead: Ahead) -> None:
        """Who is at which place."""
        for place in self._places:
            place.think(ahead)

    def sweep(self, begin: int, end: int) -> list[Told]:
        """Nobody arrives while nobody goes."""
        moves = []
        for place in self._places:
            told = place.sweep(begin, end)
            numbers = [n for n, said in told for one in said if one.kind in _MOVES]
            moves += [(n, place, move) for n, move in zip(numbers, place.moves, strict=True)]
            place.moves.clear()
        for _, place, move in sorted(moves, key=itemgetter(0)):
            self._move(place, *move)
        return []

    def finish(self) -> Sequence[Event]:
        """The trips of those who are still there, as far as they went."""
        for place in self._places:
            place.finish()
            self._follow(place)
        return [event for slot in list(self._trips) for event in self._arrive(slot, False)]

    def measures(self) -> Sequence[Measure]:
        """One "paths.trips": how many, and the most frequent routes; one "paths.count" for each
        origin and destination."""
        if not self.roster.clock.begun:
            return ()
        routes = [[*route, count] for route, count in self._routes.most_common(_SHOWN)]
        data = {
            "routes": routes,
            "between": [[*ends, count] for ends, count in self._between.most_common()],
            "legs": [[*leg, count] for leg, count in self._legs.most_common()],
        }
        span, trips = self.roster.clock.span, self._trip_count
        return [
            Measure("paths.trips", self.config.name, *span, trips, data=data),
            *self._tally.measures("paths.count", self.config.name, span),
        ]

    def bounds(self) -> dict[str, Bounds]:
        """Between what `trips` and those from where to where truly are, most likely."""
        doubts = self._tally.doubts()
        whole = sum(doubts.values(), Doubt())
        return {"trips": whole.counts(), **{ends: one.counts() for ends, one in doubts.items()}}

    def summary(self) -> dict[str, float]:
        """How many trips went from where to where: {"trips": 5, "door>till": 3, ...}."""
        ends = {f"{first}>{last}": count for (first, last), count in self._between.most_common()}
        return {"trips": self._trip_count, **ends}

    def routes(self) -> list[tuple[tuple[str, ...], int]]:
        """The routes and how often each was taken, the most frequent first."""
        return self._routes.most_common()

    def state(self) -> State:
        """The zones' states, the trips under way, and the counts."""
        return {
            "places": [place.state() for place in self._places],
            "trips": pairs({slot: list(map(list, t)) for slot, t in self._trips.items()}),
            "count": self._trip_count,
            "counts": [
                [[*key, n] for key, n in counter.items()]
                for counter in (self._routes, self._between, self._legs)
            ],
            "tally": self._tally.state(),
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        for place, kept in zip(self._places, state["places"], strict=True):
            place.restore(kept)
        trips = by_slot(state["trips"])
        routes, between, legs = (
            Counter({tuple(key): int(n) for *key, n in counts}) for counts in state["counts"]
        )
        self._trips = {slot: [(str(p), float(at)) for p, at in t] for slot, t in trips.items()}
        self._routes, self._between, self._legs = routes, between, legs
        self._trip_count = int(state["count"])
        ends = {">".join(pair): count for pair, count in between.items()}
        self._tally.restore(state.get("tally"), ends)

    def _follow(self, place: _Place) -> None:
        for move in place.moves:
            self._move(place, *move)
        place.moves.clear()

    def _move(self, place: _Place, slot: int, at_s: float, stayed_s: float | None) -> None:
        name, stops = place.config.name, self._trips.setdefault(slot, [])
        if stayed_s is None:
            stops.append((name, at_s))
        elif stayed_s < self.config.stay_s:
            stops.remove(next(stop for stop in reversed(stops) if stop[0] == name))

    def _arrive(self, slot: int, gone: bool) -> list[Event]:
        stops = sorted(self._trips.pop(slot, []), key=lambda stop: stop[1])[:_LONGEST]
        route = tuple(name for name, _ in groupby(name for name, _ in stops))
        how = self._followed(slot, gone)
        if len(route) < 2:
            if stops and how != "clear":
                self._tally.add_loose("loose")
            return []
        self._tally.add(f"{route[0]}>{route[-1]}", how)
        self._trip_count += 1
        self._routes[route] += 1
        self._between[route[0], route[-1]] += 1
        self._legs.update(pairwise(route))
        if len(self._routes) > _KEPT:
            self._routes = Counter(dict(self._routes.most_common(_KEPT // 2)))
        at_s = float(self.roster.trails.seen_s[slot])
        data: dict[str, object] = {"route": list(route), "seconds": round(at_s - stops[0][1], 3)}
        trip = self._places[-1].event("paths.trip", slot, at_s, data)
        return [replace(trip, name=self.config.name)]

    def _followed(self, slot: int, gone: bool) -> str:
        """Whether somebody was followed from where they came in to where they went out: clear, or
        their track sprung up, was stopped, or both (torn)."""
        sprung, stopped = self.roster.appeared(slot), gone and self.roster.vanished(slot)
        if sprung:
            return "torn" if stopped else "sprung"
        return "stopped" if stopped else "clear"
