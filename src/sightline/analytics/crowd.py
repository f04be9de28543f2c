"""How dense a crowd is, and gatherings that are larger than is usual there.

A gathering is a chain of people each within `radius_m` of the next (single linkage). What is
usual is the mean and the deviation of the largest one over the last hour, forgotten
exponentially; a gathering is abnormal that many deviations above (a Shewhart chart).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sightline.analytics.alarm import Alarm
from sightline.analytics.doubt import Bounds, Doubt
from sightline.analytics.floor import need_ground
from sightline.analytics.keeping import State
from sightline.analytics.roster import Roster
from sightline.analytics.trails import at_edge
from sightline.analytics.watch import EVERY_S
from sightline.analytics.zone import Zone, ZoneConfig
from sightline.errors import ConfigError
from sightline.geometry.polygons import signed_area
from sightline.wire.messages import Event, Measure

_PERSON_M = 1.7  # so tall are people, where the floor is not known in metres
_RELIEF = 0.8  # of a limit: what is below that has eased
_WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


class CrowdConfig(ZoneConfig):
    """A place where crowds matter.

    polygon     the place (none: all of the picture)
    density     more people on a square metre raise an alarm; needs `ground` (None: none do)
    radius_m    people this near to each other are together; without `ground` metres are judged
                by people's heights
    gathering   so many together are an alarm whatever is usual (None: only the unusual is)
    abnormal    so many deviations above the usual size are an alarm (None: only `gathering`)
    fewest      smaller gatherings are never unusual
    learn_s     how far back the usual goes; nothing is unusual in the first tenth of that
    for_s       for so long it must be so, or be over, until an alarm goes on, or off
    """

    polygon: tuple[tuple[float, float], ...] = Field(
        default=_WHOLE, description="corners x, y in order, fractions"
    )
    density: float | None = Field(default=None, gt=0)
    radius_m: float = Field(default=1.5, gt=0)
    gathering: int | None = Field(default=None, ge=2)
    abnormal: float | None = Field(default=4.0, gt=0)
    fewest: int = Field(default=5, ge=2)
    learn_s: float = Field(default=3600.0, gt=0)
    for_s: float = Field(default=5.0, ge=0)


class Crowd(Zone):
    """A zone that also looks at how its people stand together."""

    config: CrowdConfig

    def __init__(
        self,
        config: CrowdConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        super().__init__(config, labels, aspect, roster)
        self.config = config
        self._area_m2 = self._square_metres()
        self._looked_s = -EVERY_S
        self._largest = self._record = 0
        self._densest = 0.0
        self._mean = self._variance = self._learned_s = 0.0
        self._dense = Alarm(config.density or 0.0, (config.density or 0.0) * _RELIEF, config.for_s)
        self._unusual = Alarm(0.5, 0.5, config.for_s)

    def wakes_s(self) -> float:
        """As a zone, and a few times a second."""
        return min(super().wakes_s(), self._looked_s + EVERY_S - 0.02)

    def _then(self, events: list[Event]) -> list[Event]:
        """Those of a zone, "crowd.dense"/"crowd.thinned", "crowd.gathering"/"crowd.dispersed"."""
        events = super()._then(events)
        since_s = self.now_s - self._looked_s
        if since_s < EVERY_S - 0.01:
            return events
        self._looked_s = self.now_s
        place, self._largest = self._gathering()
        self._record = max(self._record, self._largest)
        events += self._density_alarm() + self._gathering_alarm(place)
        if not self._unusual.on:
            self._learn(min(since_s, 1.0))
        return events

    @property
    def density(self) -> float:
        """People on a square metre now; 0 where the floor is not known."""
        return len(self._here()) / self._area_m2 if self._area_m2 else 0.0

    def measures(self) -> Sequence[Measure]:
        """Those of a zone, and "crowd.largest": the largest gathering now."""
        if not self.roster.clock.begun:
            return ()
        own = Measure(
            "crowd.largest",
            self.config.name,
            *self.roster.clock.span,
            self._largest,
            data=self.summary(),
        )
        return [*super().measures(), own]

    def summary(self) -> dict[str, float]:
        """That of a zone; density, and the sizes of gatherings: now, ever, and as usual."""
        return {
            **super().summary(),
            "density": round(self.density, 4),
            "densest": round(self._densest, 4),
            "largest": self._largest,
            "largest_ever": self._record,
            "usual": round(self._mean, 3),
            "usual_deviation": round(sqrt(self._variance), 3),
            "dense": self._dense.count,
            "gatherings": self._unusual.count,
        }

    def bounds(self) -> dict[str, Bounds]:
        """Those of a zone, and of `density`: how sure the calibration is of the floor's size."""
        ground = self.roster.ground
        if ground is None or not self._area_m2:
            return super().bounds()
        # An area is off by twice as much as a length, as a share.
        share = 2 * float(ground.scale_error(np.array(self.config.polygon)).mean())
        density = Doubt(self.density, common=share * self.density)
        return {**super().bounds(), "density": density.bounds()}

    def state(self) -> State:
        """That of a zone, what is usual, and the alarms."""
        return super().state() | {
            "looked_s": self._looked_s,
            "sizes": [self._largest, self._record],
            "densest": self._densest,
            "usual": [self._mean, self._variance, self._learned_s],
            "dense": self._dense.state(),
            "unusual": self._unusual.state(),
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        super().restore(state)
        self._dense.restore(state["dense"])
        self._unusual.restore(state["unusual"])
        self._looked_s, self._densest = float(state["looked_s"]), float(state["densest"])
        self._largest, self._record = map(int, state["sizes"])
        self._mean, self._variance, self._learned_s = map(float, state["usual"])

    def _square_metres(self) -> float:
        """Of the floor in the zone; 0 where nobody asked for density and it is not known."""
        what = f"crowd {self.config.name!r}"
        if self.config.density is not None:
            need_ground(what, self.roster)
        if self.roster.ground is None:
            return 0.0
        corners = self.roster.ground.to_floor(np.array(self.config.polygon))
        if np.isfinite(corners).all():
            return abs(signed_area(corners))
        if self.config.density is not None:
            raise ConfigError(f"{what} reaches above the horizon; draw its polygon on the floor")
        return 0.0

    def _here(self) -> NDArray[np.intp]:
        """Who is inside; who is not seen is behind others, or has gone at the picture's edge."""
        slots, roster = np.array(list(self.stays()), np.intp), self.roster
        seen = np.isin(slots, roster.seen()[0])
        return slots if seen.all() else slots[seen | ~at_edge(roster.trails.last(slots))]

    def _gathering(self) -> tuple[int, int]:
        """A slot in the largest gathering, and its size."""
        slots = self._here()
        if not len(slots):
            return -1, 0
        group = _chained(self._near(slots))
        sizes = np.bincount(group)
        largest = int(sizes.argmax())
        return int(slots[group == largest][0]), int(sizes[largest])

    def _near(self, slots: NDArray[np.intp]) -> NDArray[np.bool_]:
        roster = self.roster
        places = roster.last_places(slots, self.config.anchor)
        if roster.ground is not None:
            places = roster.ground.to_floor(places)
            scale: NDArray[np.float64] | float = 1.0
        else:
            heights = roster.heights(slots).astype(np.float64)
            places = places * [roster.aspect, 1]
            scale = 2 * _PERSON_M / np.maximum(heights[:, None] + heights, 1e-6)
        gap = places[:, None] - places
        near: NDArray[np.bool_] = np.hypot(gap[..., 0], gap[..., 1]) * scale <= self.config.radius_m
        np.fill_diagonal(near, True)
        return near

    def _density_alarm(self) -> list[Event]:
        self._densest = max(self._densest, self.density)
        if self.config.density is None:
            return []
        changed = self._dense.update(self.density, self.now_s)
        if changed is None:
            return []
        data: dict[str, object] = {"density": round(self.density, 3), "present": len(self._here())}
        return [self.told("crowd.dense" if changed else "crowd.thinned", data)]

    def _gathering_alarm(self, slot: int) -> list[Event]:
        above = self._is_unusual()
        changed = self._unusual.update(float(above), self.now_s)
        if changed is None:
            return []
        data: dict[str, object] = {"size": self._largest, "usual": round(self._mean, 2)}
        if changed:
            return [self.event("crowd.gathering", slot, self.now_s, data)]
        return [self.told("crowd.dispersed", data)]

    def _is_unusual(self) -> bool:
        config, size = self.config, self._largest
        if config.gathering is not None and size >= config.gathering:
            return True
        if config.abnormal is None or self._learned_s < config.learn_s / 10:
            return False
        # People are counted whole: less than half of one is no deviation.
        deviation = max(0.5, sqrt(self._variance))
        return size >= config.fewest and size > self._mean + config.abnormal * deviation

    def _learn(self, since_s: float) -> None:
        self._learned_s += since_s
        share = 1 - exp(-since_s / min(self.config.learn_s, max(self._learned_s, since_s)))
        off = self._largest - self._mean
        self._mean += share * off
        self._variance = (1 - share) * (self._variance + share * off * off)


def _chained(near: NDArray[np.bool_]) -> NDArray[np.intp]:
    """A number by row, the same for those who are joined by a chain of pairs that are near."""
    group = np.arange(len(near))
    while True:
        joined = np.where(near, group, len(near)).min(axis=1)
        if (joined == group).all():
            return group
        group = joined
