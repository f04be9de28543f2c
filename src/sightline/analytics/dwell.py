"""How long visits to a zone are, and who stays too long."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import inf, sqrt

import numpy as np
from pydantic import Field

from sightline.analytics.doubt import Bounds
from sightline.analytics.keeping import State, by_slot, pairs
from sightline.analytics.roster import Roster
from sightline.analytics.zone import Zone, ZoneConfig
from sightline.wire.messages import Event, Measure

_KEPT = 10_000  # the newest visits make the distribution
_RANKS = {"median_s": 0.5, "p90_s": 0.9}
_Z = 1.96  # of 95 %
_SHARED = 0.5  # of how far a single visit is off, in which all of a place are


class DwellConfig(ZoneConfig):
    """A zone in which it matters how long somebody stays.

    shortest_s  visits shorter than this are left out of the distribution: people who pass
    loiter_s    who stays longer raises an alarm, once a visit (None: nobody does)
    """

    shortest_s: float = Field(default=0.0, ge=0)
    loiter_s: float | None = Field(default=None, gt=0)


class Dwell(Zone):
    """A zone that also tells the distribution of its visits, and of loitering as it happens."""

    config: DwellConfig

    def __init__(
        self,
        config: DwellConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        super().__init__(config, labels, aspect, roster)
        self.config = config
        self._lengths_s: deque[float] = deque(maxlen=_KEPT)
        self._alarmed: dict[int, float] = {}  # by slot: when the visit that raised it began
        self._alarms = 0
        self._due_s = -inf
        self._sees = config.loiter_s is not None

    def wakes_s(self) -> float:
        """As a zone, and when somebody will have stayed for too long."""
        due_s = inf if self.config.loiter_s is None else self._due_s
        return min(super().wakes_s(), due_s)

    def _then(self, events: list[Event]) -> list[Event]:
        """Who entered, left, and has been inside for too long: "dwell.loitering"."""
        events = self._learn(super()._then(events))
        if self.config.loiter_s is not None and (events or self.now_s >= self._due_s):
            events += self._loitering(self.config.loiter_s)
        return events

    def finish(self) -> Sequence[Event]:
        """Changes of side that were not clear of the boundary yet."""
        return self._learn(super().finish())

    def measures(self) -> Sequence[Measure]:
        """Those of a zone, with the distribution of its visits and between what it truly is."""
        told = super().measures()
        for measure in told:
            if measure.kind == "zone.dwell":
                measure.data.update(self._distribution())
                for what, (low, high) in self._between().items():
                    measure.data[f"{what}_between"] = [round(low, 3), round(high, 3)]
        return told

    def summary(self) -> dict[str, float]:
        """That of a zone; `median_s` and `p90_s` of closed visits; `loitering` alarms."""
        return {**super().summary(), **self._distribution(), "loitering": self._alarms}

    def bounds(self) -> dict[str, Bounds]:
        """Those of a zone, and of `median_s` and `p90_s`."""
        return {**super().bounds(), **self._between()}

    def _between(self) -> dict[str, Bounds]:
        """Lengths as many ranks below and above as visits may be missing or none, more above for
        those that came in pieces, and each as far off as visits to a place are together."""
        if not self._lengths_s:
            return {}
        visits, stayed = self.doubts()["visits"], self._stayed()
        whole = max(visits.expected, 1.0)
        wrong = (_Z * visits.spread + abs(visits.expected - self._visits.count)) / whole
        torn = self._staying.torn / whole
        off_s = _SHARED * sqrt(stayed.variance / whole)
        if not visits.spread:  # the tracks are believed as they are
            wrong = torn = 0.0
        found = {}
        for what, rank in _RANKS.items():
            off = wrong * max(rank, 1 - rank)
            ends = [max(rank - off, 0.0), min(rank + off + torn * rank, 1.0)]
            low, high = np.quantile(self._lengths_s, ends)
            found[what] = Bounds(max(0.0, float(low) - off_s), float(high) + off_s)
        return found

    def state(self) -> State:
        """That of a zone, the lengths of its visits, and who raised an alarm."""
        return super().state() | {
            "lengths_s": list(self._lengths_s),
            "alarmed": pairs(self._alarmed),
            "alarms": self._alarms,
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        super().restore(state)
        self._lengths_s = deque(map(float, state["lengths_s"]), maxlen=_KEPT)
        self._alarmed = by_slot(state["alarmed"])
        self._alarms = int(state["alarms"])

    def _distribution(self) -> dict[str, float]:
        if not self._lengths_s:
            return dict.fromkeys(_RANKS, 0.0)
        found = np.quantile(self._lengths_s, list(_RANKS.values()))
        return {what: round(float(one), 3) for what, one in zip(_RANKS, found, strict=True)}

    def _learn(self, events: Sequence[Event]) -> list[Event]:
        lengths = (e.data["dwell_s"] for e in events if e.kind == "zone.left")
        self._lengths_s += [length for length in lengths if length >= self.config.shortest_s]
        return list(events)

    def _loitering(self, limit_s: float) -> list[Event]:
        found, self._due_s = [], inf
        for slot, begun_s in self.stays().items():
            if self._alarmed.get(slot) == begun_s:
                continue
            if self.now_s < begun_s + limit_s:
                self._due_s = min(self._due_s, begun_s + limit_s)
                continue
            self._alarmed[slot] = begun_s
            self._alarms += 1
            found.append(
                self.event("dwell.loitering", slot, self.now_s, {"dwell_s": self.now_s - begun_s})
            )
        return found
