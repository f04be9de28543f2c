"""How fast objects are on the floor, in metres a second.

The slope of the last second's places (least squares) on the picture, carried to the floor by
the slope of the ground plane there; what the noise of the boxes alone would add is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sightline.analytics.floor import need_ground
from sightline.analytics.keeping import State, by_slot, packed, pairs, unpacked
from sightline.analytics.roster import Roster
from sightline.analytics.watch import Watch, WatchConfig
from sightline.geometry.boxes import anchor_matrix
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

_SEEN_S = 0.5  # how long an object must be seen until its speed is one
_BIN, _BINS = 0.05, 1200  # metres a second; the last is for what is faster than 60
_RELIEF = 0.9  # of the limit: who is slower than that has slowed down


class SpeedConfig(WatchConfig):
    """Speeds on the floor.

    limit  who is faster, in metres a second, raises an alarm, until clearly slower (None: nobody)
    for_s  once it has been so for this long
    """

    limit: float | None = Field(default=None, gt=0)
    for_s: float = Field(default=0.4, ge=0)


class Speed:
    """The distribution of speeds over time, and who is too fast."""

    def __init__(
        self,
        config: SpeedConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        self.config = config
        self.roster = roster or Roster(aspect)
        self._ground = need_ground(f"speed {config.name!r}", self.roster)
        self._watch = Watch("speed", config, labels, self.roster)
        self._anchor = anchor_matrix(config.anchor)
        self._spent_s = np.zeros(_BINS)  # how long somebody was how fast
        self._fast_s: dict[int, float] = {}  # by slot: since when it is above the limit
        self._told: set[int] = set()
        self._over = 0
        self.now: dict[int, float] = {}  # by track: metres a second

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """Who became too fast: "speed.over"."""
        since_s = self._watch.due(tracks, time_ns)
        for slot in self.roster.gone:
            self._forgive(slot)
        if since_s is None:
            return ()
        rows = self._watch.rows(tracks)
        slots = self.roster.slots[rows]
        trails = self.roster.trails
        old = trails.seen_s[slots] - trails.born_s[slots] >= _SEEN_S
        rows, slots = rows[old], slots[old]
        speeds = self._speeds(slots, self.roster.places(self.config.anchor)[rows])
        sound = np.isfinite(speeds)
        slots, speeds = slots[sound], speeds[sound]
        self.now = dict(zip(self.roster.track[slots].tolist(), speeds.tolist(), strict=True))
        bins = np.minimum(speeds / _BIN, _BINS - 1).astype(np.intp)
        self._spent_s += np.bincount(bins, minlength=_BINS) * min(since_s, 1.0)
        if self.config.limit is None:
            return ()
        return self._alarms(self.config.limit, slots, speeds)

    def finish(self) -> Sequence[Event]:
        """Nothing is ever undecided."""
        return ()

    def measures(self) -> Sequence[Measure]:
        """One "speed.mps": the mean over objects and time, and what the summary holds."""
        if not self.roster.clock.begun:
            return ()
        summary = self.summary()
        span = self.roster.clock.span
        return [Measure("speed.mps", self.config.name, *span, summary["mean"], data=summary)]

    def summary(self) -> dict[str, float]:
        """`mean`, `median`, `p90` and `max` in m/s over objects and time; `over`: alarms."""
        total = float(self._spent_s.sum())
        speeds = (np.arange(_BINS) + 0.5) * _BIN
        share = np.cumsum(self._spent_s) / max(total, 1e-9)
        some = total > 0
        fastest = np.flatnonzero(self._spent_s)
        return {
            "mean": round(float(speeds @ self._spent_s) / total, 3) if some else 0.0,
            "median": round(float(speeds[share.searchsorted(0.5)]), 3) if some else 0.0,
            "p90": round(float(speeds[share.searchsorted(0.9)]), 3) if some else 0.0,
            "max": round(float(speeds[fastest[-1]]), 3) if len(fastest) else 0.0,
            "over": self._over,
        }

    def state(self) -> State:
        """The distribution, and who is too fast."""
        return {
            "looked_s": self._watch.looked_s,
            "spent_s": packed(self._spent_s),
            "fast_s": pairs(self._fast_s),
            "told": sorted(self._told),
            "over": self._over,
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        spent_s = unpacked(state["spent_s"])
        if spent_s.shape != self._spent_s.shape:
            raise ValueError("a distribution with other bins")
        fast_s, told, over = by_slot(state["fast_s"]), set(state["told"]), int(state["over"])
        self._watch.looked_s = state["looked_s"]
        self._spent_s, self._fast_s, self._told, self._over = spent_s, fast_s, told, over

    def _speeds(self, slots: NDArray[np.intp], places: NDArray[np.float64]) -> NDArray[np.float64]:
        headings, errors = self.roster.trails.headings_and_errors(slots)
        fractions = places / [self.roster.aspect, 1]
        slopes = self._ground.slopes(fractions)
        velocity = np.einsum("nij,nj->ni", slopes, headings @ self._anchor)
        noise = np.einsum("nij,nj->ni", slopes**2, errors**2 @ self._anchor**2).sum(axis=1)
        square = (velocity**2).sum(axis=1) - noise
        speeds: NDArray[np.float64] = np.sqrt(np.maximum(square, 0))
        speeds[np.isnan(self._ground.to_floor(fractions)[:, 0])] = np.nan
        return speeds

    def _alarms(
        self, limit: float, slots: NDArray[np.intp], speeds: NDArray[np.float64]
    ) -> list[Event]:
        now_s, events = self.roster.clock.now_s, []
        for slot in slots[speeds < limit * _RELIEF].tolist():
            self._forgive(slot)
        fast = speeds > limit
        for slot, mps in zip(slots[fast].tolist(), speeds[fast].tolist(), strict=True):
            since_s = self._fast_s.setdefault(slot, now_s)
            if slot not in self._told and now_s - since_s >= self.config.for_s - 1e-6:
                self._told.add(slot)
                self._over += 1
                events.append(self._event(slot, mps))
        return events

    def _forgive(self, slot: int) -> None:
        self._fast_s.pop(slot, None)
        self._told.discard(slot)

    def _event(self, slot: int, mps: float) -> Event:
        place = np.array([self.roster.last_place(slot, self.config.anchor)])
        error = mps * float(self._ground.scale_error(place)[0])
        data: dict[str, object] = {
            "mps": round(mps, 2),
            "error_mps": round(error, 2),
            "limit": self.config.limit,
        }
        return self._watch.event("speed.over", slot, data)
