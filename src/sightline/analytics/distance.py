"""Who is closer to whom than a limit, on the floor, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from pydantic import Field

from sightline.analytics.ahead import Ahead, Truths
from sightline.analytics.floor import need_ground
from sightline.analytics.keeping import State
from sightline.analytics.nearness import Nearness, Pair
from sightline.analytics.roster import Roster
from sightline.analytics.slots import Index
from sightline.analytics.watch import Watch, WatchConfig
from sightline.results import Detections
from sightline.wire.messages import Event, Measure


class DistanceConfig(WatchConfig):
    """Pairs that are too close.

    limit_m  closer than this, in metres
    for_s    pairs that part before are not counted: people who pass each other
    relief   a pair is apart again beyond this many times the limit
    """

    limit_m: float = Field(default=2.0, gt=0)
    for_s: float = Field(default=1.0, ge=0)
    relief: float = Field(default=1.1, ge=1)


@dataclass(slots=True)
class _Closeness:
    since_s: float
    seen_s: float
    nearest_m: float
    told: bool = False


class Distance:
    """Follows every pair from coming close to parting. Both of one identity are one."""

    def __init__(
        self,
        config: DistanceConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        self.config = config
        self.roster = roster or Roster(aspect)
        self._ground = need_ground(f"distance {config.name!r}", self.roster)
        self._watch = Watch("distance", config, labels, self.roster)
        self._close: dict[Pair, _Closeness] = {}
        self._count = self._now = self._peak = 0
        self._seconds = 0.0
        self._nearest_m: float | None = None
        self._ahead: Ahead
        self._seen: Nearness

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """Who came close for long enough and who parted: "distance.close", "distance.apart"."""
        looked = self._watch.due(tracks, time_ns)
        events = [e for slot in self.roster.gone for e in self._forget(slot)]
        if looked is None:
            return events
        rows = self._watch.rows(tracks)
        slots = self.roster.slots[rows]
        places = self.roster.floor(self.config.anchor)[rows]
        gap = places[:, None] - places
        metres = np.hypot(gap[..., 0], gap[..., 1])
        near = metres <= self._reach_m
        first, second = np.nonzero(np.triu(near, 1))
        apart = metres[first, second].tolist()
        close: dict[Pair, float] = {}
        for a, b, m in zip(slots[first].tolist(), slots[second].tolist(), apart, strict=True):
            close[min(a, b), max(a, b)] = m
        events += self._part(set(slots.tolist()), close)
        return events + self._join(close)

    def foresee(self, ahead: Ahead) -> Truths:
        """Nothing, before it is known who is who."""
        self._ahead = ahead
        return np.zeros(len(ahead.film), np.bool_)

    def trace(self, begin: int, end: int) -> Index:
        """Where pairs come close or part."""
        ahead, ground, aspect = self._ahead, self._ground, self.roster.aspect
        looks = self._watch.ahead(ahead, begin, end)
        places = ground.to_floor(ahead.places(self.config.anchor)[looks.rows] / [aspect, 1])
        self._seen = Nearness(
            looks,
            ahead.slots[looks.rows],
            places,
            self._reach_m,
            self.config.limit_m,
            self.config.for_s,
        )
        return self._seen.turns

    def wakes_s(self) -> float:
        """At once where one of a pair is hidden; else when a pair has been close long enough."""
        if any(one.seen_s != self._watch.looked_s for one in self._close.values()):
            return -np.inf
        untold = [one.since_s for one in self._close.values() if not one.told]
        return min(untold, default=np.inf) + self.config.for_s - 2e-6

    def glance(self, number: int) -> Sequence[Event]:
        """Look at a picture, in which nobody comes or goes."""
        found = self._seen.picture(number)
        if found is None:
            return ()
        self._watch.looked_s = self.roster.clock.now_s
        events = self._part(*found)
        return events + self._join(found[1])

    def pass_over(self, begin: int, end: int) -> None:
        """Note how near those are who are close."""
        looked_s = self._seen.looked_s(begin, end)
        if looked_s is None:
            return
        self._watch.looked_s = looked_s
        for pair, one in self._close.items():
            seen = self._seen.nearest(pair, begin, end)
            if seen is not None:
                one.seen_s, one.nearest_m = seen[0], min(one.nearest_m, seen[1])
                self._note(one)

    def finish(self) -> Sequence[Event]:
        """Pairs that are still close, as if they parted now."""
        return [event for pair in list(self._close) for event in self._end(pair)]

    def measures(self) -> Sequence[Measure]:
        """One "distance.close": seconds that pairs were too close, and the summary's numbers."""
        if not self.roster.clock.begun:
            return ()
        data, span = self.summary(), self.roster.clock.span
        return [Measure("distance.close", self.config.name, *span, data["seconds"], data=data)]

    @property
    def _reach_m(self) -> float:
        return self.config.limit_m * self.config.relief

    def summary(self) -> dict[str, float]:
        """`pairs` counted, `now`, `peak` at once, `seconds` together, `nearest_m` ever."""
        running = sum(one.seen_s - one.since_s for one in self._close.values() if one.told)
        return {
            "pairs": self._count,
            "now": self._now,
            "peak": self._peak,
            "seconds": round(self._seconds + running, 3),
            "nearest_m": round(self._nearest_m or 0.0, 3),
        }

    def state(self) -> State:
        """Who is close since when, and the totals."""
        return {
            "looked_s": self._watch.looked_s,
            "close": [[*pair, asdict(one)] for pair, one in self._close.items()],
            "totals": [self._count, self._now, self._peak, self._seconds, self._nearest_m],
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        close = {(int(a), int(b)): _Closeness(**one) for a, b, one in state["close"]}
        self._count, self._now, self._peak, self._seconds, self._nearest_m = state["totals"]
        self._watch.looked_s, self._close = state["looked_s"], close

    def _join(self, close: dict[Pair, float]) -> list[Event]:
        now_s, events = self.roster.clock.now_s, []
        for pair, metres in close.items():
            one = self._close.get(pair)
            if one is None:
                if metres > self.config.limit_m:
                    continue
                one = self._close[pair] = _Closeness(now_s, now_s, metres)
            one.seen_s, one.nearest_m = now_s, min(one.nearest_m, metres)
            if not one.told and now_s - one.since_s >= self.config.for_s - 1e-6:
                one.told = True
                self._count += 1
                events.append(self._told("distance.close", pair, one, {"metres": round(metres, 2)}))
            self._note(one)
        self._now = sum(one.told for one in self._close.values())
        self._peak = max(self._peak, self._now)
        return events

    def _note(self, one: _Closeness) -> None:
        if one.told:
            before = one.nearest_m if self._nearest_m is None else self._nearest_m
            self._nearest_m = min(before, one.nearest_m)

    def _part(self, seen: set[int], close: dict[Pair, float]) -> list[Event]:
        """Those who are both seen and no longer close have parted; who is hidden may come back."""
        parted = [pair for pair in self._close if pair not in close and seen.issuperset(pair)]
        return [event for pair in parted for event in self._end(pair)]

    def _forget(self, slot: int) -> list[Event]:
        return [event for pair in list(self._close) if slot in pair for event in self._end(pair)]

    def _end(self, pair: Pair) -> list[Event]:
        one = self._close.pop(pair)
        if not one.told:
            return []
        self._now -= 1
        seconds = one.seen_s - one.since_s
        self._seconds += seconds
        data: dict[str, object] = {"seconds": round(seconds, 3)}
        return [self._told("distance.apart", pair, one, data)]

    def _told(self, kind: str, pair: Pair, one: _Closeness, data: dict[str, object]) -> Event:
        place = np.array([self.roster.last_place(pair[0], self.config.anchor)])
        about: dict[str, object] = {
            "other": int(self.roster.track[pair[1]]),
            "nearest_m": round(one.nearest_m, 2),
            "error_m": round(one.nearest_m * float(self._ground.scale_error(place)[0]), 2),
        }
        return self._watch.event(kind, pair[0], about | data)
