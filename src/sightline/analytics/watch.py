"""Objects of some classes in some part of the picture, looked at a few times a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sightline.analytics.ahead import Ahead
from sightline.analytics.area import Area, check_polygon
from sightline.analytics.place import Name, Point, Unit, Wanted
from sightline.analytics.roster import Roster
from sightline.analytics.slots import Index
from sightline.geometry.boxes import Anchor
from sightline.results import Detections
from sightline.wire.messages import Event

EVERY_S = 0.2  # often enough for people, and the same at 5 and at 30 pictures a second
_EARLY_S = 0.01  # a picture that comes this little before its time is on time


class WatchConfig(BaseModel):
    """What every question about the objects in a part of the picture has.

    name     as events and summary call it
    unit     of its coordinates: fractions of the picture, or metres on the floor (`ground`)
    anchor   the point of a box that stands for the object
    classes  count only these class names (empty: all)
    polygon  only objects in it (none: the whole picture)
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    unit: Unit = "picture"
    anchor: Anchor = "bottom"
    classes: tuple[str, ...] = ()
    polygon: tuple[Point, ...] | None = Field(default=None, description="corners in order")

    @model_validator(mode="after")
    def _polygon_is_sound(self) -> WatchConfig:
        if self.polygon is not None:
            check_polygon(f"{self.name!r}", self.polygon, self.unit)
        return self


@dataclass(frozen=True, slots=True)
class Looks:
    """Looks at k pictures of a stretch, and the R rows that count.

    pictures  (k,) their numbers
    now_s     (k,) the clock of the analytics
    since_s   (k,) seconds since the look before
    rows      (R,) of the stretch's objects
    look      (R,) 0 to k - 1: which look a row belongs to, in order
    """

    pictures: Index
    now_s: NDArray[np.float64]
    since_s: NDArray[np.float64]
    rows: Index
    look: Index


class Watch:
    """Which rows of a picture a question is about, and when it looks."""

    def __init__(
        self, what: str, config: WatchConfig, labels: Sequence[str], roster: Roster
    ) -> None:
        self.roster = roster
        self._config = config
        self._labels = labels
        self._wanted = Wanted(f"{what} {config.name!r}", config.classes, labels)
        self._area = Area(config.polygon, roster.aspect) if config.polygon else None
        self.looked_s: float | None = None

    def due(self, tracks: Detections, time_ns: int) -> float | None:
        """Take in a picture; the seconds since the last look where it is time for the next."""
        self.roster.update(tracks, time_ns)
        now_s, last_s = self.roster.clock.now_s, self.looked_s
        if last_s is None:
            self.looked_s = now_s
            return 0.0
        if not is_due(now_s, last_s):
            return None
        self.looked_s = now_s
        return now_s - last_s

    def ahead(self, ahead: Ahead, begin: int, end: int) -> Looks:
        """The looks at some pictures, in which nobody comes or goes; nothing is taken in."""
        now_s = ahead.now_s[begin:end]
        pictures = dues(now_s, self.looked_s)
        first_s = now_s[pictures[:1]] if self.looked_s is None else np.array([self.looked_s])
        since_s = np.diff(now_s[pictures], prepend=first_s[: len(pictures)])
        part = slice(ahead.offsets[begin], ahead.offsets[end])
        own = np.full(end - begin, -1)
        own[pictures] = np.arange(len(pictures))
        look = own[ahead.frames[part] - begin]
        rows = self._wanted.rows(ahead.film.objects.labels[part])
        rows = np.flatnonzero(look >= 0) if rows is None else rows[look[rows] >= 0]
        if self._area is not None:
            places = ahead.places(self._config.anchor)[part]
            rows = rows[self._area.contains(places[rows])]
        return Looks(pictures + begin, now_s[pictures], since_s, rows + part.start, look[rows])

    def rows(self, tracks: Detections) -> NDArray[np.intp]:
        """The rows that count, one an object."""
        roster = self.roster
        rows = self._wanted.rows(tracks.labels)
        if rows is None:
            rows = np.arange(len(tracks))
        if self._area is not None:
            rows = rows[self._area.contains(roster.places(self._config.anchor)[rows])]
        slots = roster.slots[rows]
        if len(slots) > 1:
            # A broken tracker may give one identity twice; it still is one object.
            single, first = np.unique(slots, return_index=True)
            if len(single) < len(slots):
                rows = rows[first]
        return rows

    def event(self, kind: str, slot: int, data: dict[str, object]) -> Event:
        """Something that an object does now."""
        config = self._config
        return self.roster.event(
            kind, slot, self.roster.clock.now_s, config.name, config.anchor, self._labels, data
        )


def is_due(now_s: float, looked_s: float) -> bool:
    """Whether it is time for the look after one."""
    return now_s >= looked_s + EVERY_S - _EARLY_S


def dues(now_s: NDArray[np.float64], looked_s: float | None) -> Index:
    """Which of the next pictures are looked at; `looked_s`: when the last one was."""
    wait_s = now_s + EVERY_S - _EARLY_S  # until when after each
    at = 0
    if looked_s is not None:
        at = int(now_s.searchsorted(looked_s + EVERY_S - _EARLY_S))
    if (now_s[at + 1 :] >= wait_s[at:-1]).all():
        return np.arange(at, len(now_s))
    looks = []
    while at < len(now_s):
        looks.append(at)
        at = max(at + 1, int(now_s.searchsorted(wait_s[at])))
    return np.array(looks, np.intp)
