"""How fast objects are on the floor, in metres a second.

The slope of the last second's places (least squares) on the picture, carried to the floor by
the slope of the ground plane there; what the noise of the boxes alone would add is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sightline.analytics.ahead import Ahead, Truths
from sightline.analytics.floor import need_ground
from sightline.analytics.keeping import State, by_slot, packed, pairs, unpacked
from sightline.analytics.motion import Floats
from sightline.analytics.roster import Roster
from sightline.analytics.slots import Index, changes
from sightline.analytics.watch import Looks, Watch, WatchConfig
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


@dataclass(frozen=True, slots=True)
class _Seen:
    """Looks, and by row whose (`slots`) speed was what, in which look."""

    looks: Looks
    look: Index
    slots: Index
    speeds: Floats

    def at(self, look: int) -> tuple[Index, Floats]:
        """Whose speeds were seen in a look."""
        rows = slice(*self.look.searchsorted([look, look + 1]).tolist())
        return self.slots[rows], self.speeds[rows]


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
        self._ahead: Ahead
        self._seen: _Seen

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """Who became too fast: "speed.over"."""
        since_s = self._watch.due(tracks, time_ns)
        for slot in self.roster.gone:
            self._forgive(slot)
        if since_s is None:
            return ()
        rows = self._watch.rows(tracks)
        slots, trails = self.roster.slots[rows], self.roster.trails
        old = trails.seen_s[slots] - trails.born_s[slots] >= _SEEN_S
        rows, slots = rows[old], slots[old]
        pace = trails.headings_and_errors(slots)
        speeds = self._speeds(*pace, self.roster.places(self.config.anchor)[rows])
        sound = np.isfinite(speeds)
        slots, speeds = slots[sound], speeds[sound]
        bins = _bins(speeds)
        self._spent_s += np.bincount(bins, minlength=_BINS) * min(since_s, 1.0)
        self._note(slots, speeds)
        return self._judge(slots, speeds)

    def foresee(self, ahead: Ahead) -> Truths:
        """Nothing, before it is known where everybody comes from."""
        self._ahead = ahead
        return np.zeros(len(ahead.film), np.bool_)

    def trace(self, begin: int, end: int) -> Index:
        """Note how fast everybody is; where somebody becomes too fast, or slow again."""
        looks = self._watch.ahead(self._ahead, begin, end)
        seen = self._seen = self._look(looks)
        if len(looks.pictures):
            self._watch.looked_s = float(looks.now_s[-1])
            self._spend(seen)
            self._note(*seen.at(len(looks.pictures) - 1))
        if (limit := self.config.limit) is None:
            return looks.pictures[:0]
        how = (seen.speeds > limit).astype(np.intp) - (seen.speeds < limit * _RELIEF)
        return looks.pictures[np.unique(seen.look[changes(seen.slots, how)])]

    def wakes_s(self) -> float:
        """When somebody has been too fast for long enough."""
        untold = [at_s for slot, at_s in self._fast_s.items() if slot not in self._told]
        return min(untold, default=np.inf) + self.config.for_s - 1e-6

    def glance(self, number: int) -> Sequence[Event]:
        """Look at a picture, in which nobody comes or goes."""
        seen = self._seen
        look = int(seen.looks.pictures.searchsorted(number))
        if look == len(seen.looks.pictures) or seen.looks.pictures[look] != number:
            return ()
        return self._judge(*seen.at(look))

    def pass_over(self, begin: int, end: int) -> None:
        """Everything was noted as it was foreseen."""

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

    def _speeds(
        self, pace: Floats, errors: Floats, places: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        fractions = places / [self.roster.aspect, 1]
        slopes = self._ground.slopes(fractions)
        x, y = _point(pace, self._anchor)
        east, north = (
            slopes[:, 0, 0] * x + slopes[:, 0, 1] * y,
            slopes[:, 1, 0] * x + slopes[:, 1, 1] * y,
        )
        dx, dy = _point(errors**2, self._anchor**2)
        noise = (slopes[:, :, 0] ** 2).sum(axis=1) * dx + (slopes[:, :, 1] ** 2).sum(axis=1) * dy
        speeds: NDArray[np.float64] = np.sqrt(np.maximum(east**2 + north**2 - noise, 0))
        speeds[np.isnan(self._ground.to_floor(fractions)[:, 0])] = np.nan
        return speeds

    def _look(self, looks: Looks) -> _Seen:
        """What there is to see in pictures in which nobody comes or goes."""
        ahead = self._ahead
        slots = ahead.slots[looks.rows]
        old = looks.now_s[looks.look] - self.roster.trails.born_s[slots] >= _SEEN_S
        rows = looks.rows[old]
        places = ahead.places(self.config.anchor)
        speeds = np.empty(len(rows))
        for some, fit in ahead.course.fits(rows):
            speeds[some] = self._speeds(fit.pace, fit.errors(), places[rows[some]])
        sound = np.isfinite(speeds)
        return _Seen(looks, looks.look[old][sound], slots[old][sound], speeds[sound])

    def _spend(self, seen: _Seen) -> None:
        """One look after the other, as if each picture had been looked at."""
        cells, counts = np.unique(seen.look * _BINS + _bins(seen.speeds), return_counts=True)
        since_s = np.minimum(seen.looks.since_s, 1.0)
        np.add.at(self._spent_s, cells % _BINS, counts * since_s[cells // _BINS])

    def _note(self, slots: Index, speeds: Floats) -> None:
        self.now = dict(zip(self.roster.track[slots].tolist(), speeds.tolist(), strict=True))

    def _judge(self, slots: Index, speeds: Floats) -> Sequence[Event]:
        return () if self.config.limit is None else self._alarms(self.config.limit, slots, speeds)

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


def _bins(speeds: Floats) -> Index:
    return np.minimum(speeds / _BIN, _BINS - 1).astype(np.intp)


def _point(boxes: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """x and y (M,) of what stands for boxes (M, 4), by weights (4, 2)."""
    x1, y1, x2, y2 = boxes.T
    return x1 * weights[0, 0] + x2 * weights[2, 0], y1 * weights[1, 1] + y2 * weights[3, 1]
