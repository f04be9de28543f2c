"""How dense a crowd is, and gatherings that are larger than is usual there.

A gathering is a chain of people each within `radius_m` of the next (single linkage). What is
usual is the mean and the deviation of the largest one over the last hour, forgotten
exponentially; a gathering is abnormal that many deviations above (a Shewhart chart).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sightline.analytics.ahead import Ahead, Told, together
from sightline.analytics.alarm import Alarm
from sightline.analytics.doubt import Bounds, Doubt
from sightline.analytics.floor import need_ground
from sightline.analytics.gatherings import groups, near, sizes
from sightline.analytics.keeping import State
from sightline.analytics.roster import Roster
from sightline.analytics.sight import Glimpse
from sightline.analytics.slots import Index
from sightline.analytics.standing import Standing
from sightline.analytics.trails import at_edge
from sightline.analytics.watch import EVERY_S, dues, is_due
from sightline.analytics.zone import Zone, ZoneConfig
from sightline.errors import ConfigError
from sightline.geometry.boxes import anchors
from sightline.geometry.polygons import signed_area
from sightline.wire.messages import Event, Measure

_RELIEF = 0.8  # of a limit: what is below that has eased
_CHUNK = 1 << 15  # pairs looked at in one go, so that they stay near the processor
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
        self._inside_from: list[tuple[int, list[int]]] = []  # from which picture on, in a sweep

    def _look(
        self, slots: NDArray[np.intp], places: NDArray[np.float64], inside: NDArray[np.bool_]
    ) -> list[Event]:
        """Those of a zone, "crowd.dense"/"crowd.thinned", "crowd.gathering"/"crowd.dispersed"."""
        events = super()._look(slots, places, inside)
        since_s = self.now_s - self._looked_s
        if is_due(self.now_s, self._looked_s):
            here = self._here()
            first, largest = self._gathering(here, self.roster.trails.last(here))
            events += self._judge(self.now_s, since_s, len(here), largest, lambda: first)
        return events

    def sweep(self, begin: int, end: int) -> list[Told]:
        """The same of some pictures: first who came and went, then how they stood together."""
        before, _ = self.roster.trails.newest()
        self._inside_from = [(begin, list(self.stays()))]
        told = super().sweep(begin, end)
        return together([told, self._looks(begin, end, before)])

    def _when_due(
        self, ahead: Ahead, begin: int, end: int, looks: Iterator[tuple[int, list[int]]]
    ) -> Iterator[tuple[int, list[int]]]:
        for number, rows in super()._when_due(ahead, begin, end, looks):
            yield number, rows
            self._inside_from.append((number, list(self.stays())))

    def _looks(self, begin: int, end: int, before: NDArray[np.float32]) -> list[Told]:
        """Look at some pictures; `before` them, by slot, boxes were there."""
        ahead, roster = self._ahead[0], self.roster
        pictures = begin + dues(ahead.now_s[begin:end], self._looked_s)
        standing = Standing(ahead, pictures, begin, self._inside_from, before)
        now_s = ahead.now_s[pictures]
        since_s = np.diff(now_s, prepend=self._looked_s)

        def show(look: int) -> int:
            ahead.tell_time(int(pictures[look]))
            slots, boxes = standing.of(look)
            slot, _ = self._gathering(slots, boxes)
            ((x, y),) = anchors(boxes[slots == slot], self.config.anchor).tolist() or ((0.0, 0.0),)
            roster.glimpse = Glimpse(slot, (x, y), "clear")
            return slot

        told = []
        counts, largest = standing.here.sum(axis=1).tolist(), self._largest_of(standing)
        steps = zip(now_s.tolist(), since_s.tolist(), counts, largest, strict=True)
        for look, step in enumerate(steps):
            if events := self._judge(*step, partial(show, look)):
                told.append((int(pictures[look]), events))
        roster.glimpse = None
        return told

    def _judge(
        self, now_s: float, since_s: float, count: int, largest: int, show: Callable[[], int]
    ) -> list[Event]:
        """A look at so many people; `show` lets the roster know of it where anything happened, and
        names a slot in the largest gathering."""
        self._looked_s, self._largest = now_s, largest
        self._record = max(self._record, largest)
        density = self._on_square_metre(count)
        self._densest = max(self._densest, density)
        dense = None if self.config.density is None else self._dense.update(density, now_s)
        unusual = self._unusual.update(float(self._is_unusual()), now_s)
        events = []
        if dense is not None or unusual is not None:
            events = self._tell(dense, unusual, count, show())
        if not self._unusual.on:
            self._learn(min(since_s, 1.0))
        return events

    def _tell(self, dense: bool | None, unusual: bool | None, count: int, slot: int) -> list[Event]:
        events = []
        if dense is not None:
            thick: dict[str, object] = {
                "density": round(self._on_square_metre(count), 3),
                "present": count,
            }
            events.append(self.told("crowd.dense" if dense else "crowd.thinned", thick))
        if unusual is not None:
            size: dict[str, object] = {"size": self._largest, "usual": round(self._mean, 2)}
            events.append(
                self.event("crowd.gathering", slot, self.now_s, size)
                if unusual
                else self.told("crowd.dispersed", size)
            )
        return events

    @property
    def density(self) -> float:
        """People on a square metre now; 0 where the floor is not known."""
        return self._on_square_metre(len(self._here()))

    def _on_square_metre(self, count: int) -> float:
        return count / self._area_m2 if self._area_m2 else 0.0

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

    def _gathering(self, slots: Index, boxes: NDArray[np.float32]) -> tuple[int, int]:
        """A slot in the largest gathering of some, and its size."""
        if not len(slots):
            return -1, 0
        size = sizes(groups(self._near(boxes), np.ones(len(slots), np.bool_)))
        return int(slots[size.argmax()]), int(size.max())

    def _largest_of(self, standing: Standing) -> list[int]:
        """The size of the largest gathering at each look."""
        found: list[int] = []
        step = max(1, _CHUNK // max(1, len(standing.slots)) ** 2)
        for at in range(0, len(standing.here), step):
            here = standing.here[at : at + step]
            size = sizes(groups(self._near(standing.boxes[at : at + step]), here))
            found += size.max(axis=-1, initial=0).tolist()
        return found

    def _near(self, boxes: NDArray[np.float32]) -> NDArray[np.bool_]:
        config, roster = self.config, self.roster
        return near(boxes, config.anchor, config.radius_m, roster.ground, roster.aspect)

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
