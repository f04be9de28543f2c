"""People who wait in line: how many, how long so far, and how long yet.

Waits are those of visits to the zone, from the instant of joining to that of leaving at the
head. A service lasts from the end of the one before, or from when somebody came to an empty
counter, until who is served leaves. Who joins behind n people waits for the rest of the running
service, for n - 1 more and for their own; the standard error adds the scatter of single services
and that of their mean, as for any sum of independent gaps (a renewal process, and the mean rest
of a gap that one looks into: Cox, "Renewal Theory", 1962).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import sqrt

import numpy as np
from pydantic import Field, model_validator

from sightline.analytics.alarm import Alarm
from sightline.analytics.doubt import Bounds, written
from sightline.analytics.evidence import Evidence
from sightline.analytics.keeping import State
from sightline.analytics.place import Point, check_inside
from sightline.analytics.roster import Roster
from sightline.analytics.zone import Zone, ZoneConfig
from sightline.geometry.along import along
from sightline.wire.messages import Event, Measure

_KEPT = 10_000  # the newest waits make the distribution
_FEWEST = 2  # gaps between services, before a rate is worth the name
_HEAD = 0.5  # of the queue's length: who leaves this near to its head was served


class QueueConfig(ZoneConfig):
    """A zone in which people stand in line.

    path         the line's way from its head backwards; one point, the head, is enough
    settle_s     who leaves sooner than that only passed through and never waited
    window_s     the service rate is that of so long ago at most
    max_waiting  more than so many call for another counter (None: any number may wait)
    max_wait_s   so does an expected wait of more than this (None: any)
    for_s        for so long it must be so, or clearly better, until the call goes out, or ends
    relief       the call ends below this share of the limit
    """

    path: tuple[Point, ...] = Field(min_length=1)
    settle_s: float = Field(default=3.0, ge=0)
    window_s: float = Field(default=600.0, gt=0)
    max_waiting: int | None = Field(default=None, ge=0)
    max_wait_s: float | None = Field(default=None, gt=0)
    for_s: float = Field(default=30.0, ge=0)
    relief: float = Field(default=0.6, ge=0, le=1)

    @model_validator(mode="after")
    def _path_is_sound(self) -> QueueConfig:
        check_inside(f"queue {self.name!r}: path", self.path, self.unit)
        return self


class Queue(Zone):
    """The zone's visits as waits, in the order of the line."""

    config: QueueConfig

    def __init__(
        self,
        config: QueueConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        super().__init__(config, labels, aspect, roster)
        self.config = config
        self._path = np.array(config.path) * [self.roster.aspect, 1]
        corners = np.array(config.polygon) * [self.roster.aspect, 1]
        self._length = float(along(corners, self._path).max())
        self._waits_s: deque[float] = deque(maxlen=_KEPT)
        self._waited_s = 0.0  # by all who were served
        self._served = self._gave_up = self._longest = 0
        exact = not self.roster.mends
        self._served_by, self._waits_by = Evidence("served", exact), Evidence("waits", exact)
        self._services_s: list[float] = []  # when the last one ended
        self._gaps_s: deque[tuple[float, float]] = deque()  # (when, how long) in the window
        self._calls = {
            what: Alarm(limit, limit * config.relief, config.for_s)
            for what, limit in (("waiting", config.max_waiting), ("wait_s", config.max_wait_s))
            if limit is not None
        }

    def _then(self, events: list[Event]) -> list[Event]:
        """Those of a zone, "queue.left", and calls for another counter."""
        events = self._learn(super()._then(events))
        waiting = self.waiting
        self._longest = max(self._longest, waiting)
        return events + (self._call(waiting) if self._calls else [])

    def wakes_s(self) -> float:
        """As a zone, and when more wait or a call is due."""
        if not self._calls:
            return super().wakes_s()
        settle_s, now_s = self.config.settle_s, self.now_s
        settling = [at_s for at_s in self.stays().values() if at_s > now_s - settle_s]
        due_s = [call.due_s for call in self._calls.values()]
        return min(super().wakes_s(), *due_s, min(settling, default=np.inf) + settle_s - 1e-6)

    def _passed(self, now_s: float) -> None:
        """Note how many have become waiting."""
        self._longest = max(self._longest, self._waiting(now_s))

    def finish(self) -> Sequence[Event]:
        """Changes of side that were not clear of the boundary yet."""
        return self._learn(super().finish())

    @property
    def waiting(self) -> int:
        """How many have been in line for longer than it takes to pass through."""
        return self._waiting(self.now_s)

    def line(self) -> list[tuple[int, float]]:
        """Who waits, head first: track and seconds so far."""
        settled_s = self.now_s - self.config.settle_s
        slots = np.array([s for s, at_s in self.stays().items() if at_s <= settled_s], np.intp)
        if not len(slots):
            return []
        places = self.roster.last_places(slots, self.config.anchor) * [self.roster.aspect, 1]
        ordered = slots[along(places, self._path).argsort(kind="stable")].tolist()
        track = self.roster.track
        return [(int(track[slot]), round(self.now_s - self.stays()[slot], 3)) for slot in ordered]

    def expected(self, ahead: int | None = None) -> tuple[float, float] | None:
        """Seconds that who joins now will wait, and their standard error; None: nobody knows.

        ahead  how many are before them (all who wait)
        """
        if len(self._gaps_s) < _FEWEST:
            return None
        gaps = np.array([gap for _, gap in self._gaps_s])
        mean, scatter = max(float(gaps.mean()), 1e-9), float(gaps.std(ddof=1))
        turns = self.waiting if ahead is None else ahead
        # Who is being served has been so for a while: the mean rest of a gap that one looks into.
        rest = (mean**2 + scatter**2) / (2 * mean) if turns else mean
        return rest + turns * mean, sqrt(turns + 1 + (turns + 1) ** 2 / len(gaps)) * scatter

    def measures(self) -> Sequence[Measure]:
        """Those of a zone; "queue.waiting", now, and "queue.wait", the mean of waits in full."""
        if not self.roster.clock.begun:
            return ()
        name, span, data = self.config.name, self.roster.clock.span, self.summary()
        wait = written(self._waits_by.doubt(), self._served_by.doubt())
        return [
            *super().measures(),
            Measure("queue.waiting", name, *span, data["waiting"], data={"line": self.line()}),
            Measure("queue.wait", name, *span, self._mean_s(), data={**data, **wait}),
        ]

    def bounds(self) -> dict[str, Bounds]:
        """Those of a zone, and of `served` and `wait_s`."""
        served, waits = self._served_by.doubt(), self._waits_by.doubt()
        return {**super().bounds(), "served": served.counts(), "wait_s": waits.over(served)}

    def summary(self) -> dict[str, float]:
        """That of a zone, and the line's own; -1 where nobody can know yet."""
        waits = self._waits_s
        median, p90 = np.quantile(waits, [0.5, 0.9]) if waits else (0.0, 0.0)
        expected, error = self.expected() or (-1.0, -1.0)
        return {
            **super().summary(),
            "waiting": self.waiting,
            "longest": self._longest,
            "served": self._served,
            "gave_up": self._gave_up,
            "wait_s": round(sum(waits) / len(waits), 3) if waits else 0.0,
            "wait_median_s": round(float(median), 3),
            "wait_p90_s": round(float(p90), 3),
            "served_a_minute": round(self._rate() * 60, 3),
            "expected_s": round(expected, 1),
            "expected_error_s": round(error, 1),
            "calls": sum(call.count for call in self._calls.values()),
        }

    def state(self) -> State:
        """That of a zone, the waits, and the services."""
        return super().state() | {
            "waits_s": list(self._waits_s),
            "waited_s": self._waited_s,
            "totals": [self._served, self._gave_up, self._longest],
            "services_s": self._services_s,
            "served_by": self._served_by.state(),
            "waits_by": self._waits_by.state(),
            "gaps_s": [list(gap) for gap in self._gaps_s],
            "calls": {what: call.state() for what, call in self._calls.items()},
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        super().restore(state)
        for what, call in self._calls.items():
            call.restore(state["calls"][what])
        self._waits_s = deque(map(float, state["waits_s"]), maxlen=_KEPT)
        self._waited_s = float(state.get("waited_s", sum(self._waits_s)))
        self._served, self._gave_up, self._longest = map(int, state["totals"])
        self._services_s = list(map(float, state["services_s"]))
        self._served_by.restore(state.get("served_by", {"clear": self._served}))
        self._waits_by.restore(state.get("waits_by", {"seen": sum(self._waits_s)}))
        self._gaps_s = deque((float(at_s), float(gap)) for at_s, gap in state["gaps_s"])

    def _mean_s(self) -> float:
        return self._waited_s / self._served if self._served else 0.0

    def _waiting(self, now_s: float) -> int:
        settled_s = now_s - self.config.settle_s
        return sum(since_s <= settled_s for since_s in self.stays().values())

    def _learn(self, events: Sequence[Event]) -> list[Event]:
        waits = [e for e in events if e.kind == "zone.left" and self._waited(e)]
        return [*events, *map(self._left, waits)]

    def _waited(self, left: Event) -> bool:
        return bool(left.data["dwell_s"] >= self.config.settle_s)

    def _left(self, left: Event) -> Event:
        assert left.place is not None
        where = along(np.array([left.place]) * [self.roster.aspect, 1], self._path)[0]
        served = bool(where <= _HEAD * self._length)
        wait_s = left.data["dwell_s"]
        if served:
            self._served += 1
            self._waits_s.append(wait_s)
            self._waited_s += wait_s
            self._serve(left.time_ns, wait_s)
        else:
            self._gave_up += 1
        self._weigh(left, served, wait_s)
        data = {"wait_s": wait_s, "served": served, "waiting": self.waiting}
        return Event(
            kind="queue.left",
            time_ns=left.time_ns,
            name=left.name,
            track=left.track,
            label=left.label,
            place=left.place,
            data=data,
        )

    def _weigh(self, left: Event, served: bool, wait_s: float) -> None:
        """Keep what the mean wait rests on; who was lost in line waited for who sprang up there."""
        lost = left.data.get("sight") == "stopped"
        if served:
            self._served_by.add("stopped" if lost else "clear")
        if served or lost:
            self._waits_by.add("seen" if served else "lost", wait_s)
            self._waits_by.add("sprung" if lost else left.data.get("began", "clear"))

    def _serve(self, time_ns: int, wait_s: float) -> None:
        """A service began with the one before, or with who came to an empty counter."""
        clock = self.roster.clock
        at_s = clock.now_s - (clock.time_ns(clock.now_s) - time_ns) / 1e9
        began_s = max([*self._services_s, at_s - wait_s])
        self._gaps_s.append((at_s, max(0.0, at_s - began_s)))
        self._services_s = [at_s]
        while self._gaps_s[0][0] < at_s - self.config.window_s:
            self._gaps_s.popleft()

    def _rate(self) -> float:
        """Served a second while somebody waited."""
        total = sum(gap for _, gap in self._gaps_s)
        return len(self._gaps_s) / total if total > 0 else 0.0

    def _call(self, waiting: int) -> list[Event]:
        expected, error = self.expected() or (0.0, 0.0)
        values = {"waiting": float(waiting), "wait_s": expected}
        changed = {what: c.update(values[what], self.now_s) for what, c in self._calls.items()}
        on = any(call.on for call in self._calls.values())
        data: dict[str, object] = {
            "waiting": waiting,
            "expected_s": round(expected, 1),
            "expected_error_s": round(error, 1),
        }
        if True in changed.values() and sum(call.on for call in self._calls.values()) == 1:
            return [self.told("queue.open_counter", data)]
        if False in changed.values() and not on:
            return [self.told("queue.relaxed", data)]
        return []
