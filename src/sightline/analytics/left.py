"""What was left behind, and what was taken away: things that stand where they did not, and the
reverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sightline.analytics.area import Area, check_polygon
from sightline.analytics.keeping import State
from sightline.analytics.place import Name, Point, Wanted, label_name
from sightline.analytics.roster import Roster
from sightline.analytics.slots import Index
from sightline.geometry.boxes import Anchor, iou
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

_WHOLE: tuple[Point, ...] = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
_SAME = 0.5  # overlap of boxes from which on it is the same thing at the same place
_HIDDEN = 0.25  # of a thing's box behind a person's: then nobody can say that it is gone


class LeftConfig(BaseModel):
    """Things that should not stand about, or should not be taken.

    name     as events and summary call it
    polygon  corners x, y of the zone in order, fractions (empty: the whole picture)
    classes  what counts as a thing (empty: every class but the owners')
    owners   classes of who carry things about; they are no things, even when they stand still
    left_s   a thing is left behind once it has stood still for so long
    gone_s   a thing that was there is gone once nothing has been seen there for so long
    owner_s  and once no owner has stood beside it for so long
    anchor   the point of a box that must be in the zone
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    polygon: tuple[Point, ...] = ()
    classes: tuple[str, ...] = ()
    owners: tuple[str, ...] = ("person",)
    left_s: float = Field(default=20.0, gt=0, le=86400)
    gone_s: float = Field(default=3.0, gt=0, le=3600)
    owner_s: float = Field(default=0.0, ge=0, le=86400)
    anchor: Anchor = "bottom"

    @model_validator(mode="after")
    def _sound(self) -> LeftConfig:
        if self.polygon:
            check_polygon(f"left {self.name!r}", self.polygon)
        return self


@dataclass(slots=True)
class _Thing:
    """Something that stands at one place, whatever number the tracker gives it.

    since_s, seen_s  when it was seen there first and last
    clear_s          when somebody stood before it last
    alone_s          when somebody stood beside it last
    at_start         whether it was there in the first pictures
    """

    box: list[float]
    label: int
    track: int
    since_s: float
    seen_s: float
    clear_s: float
    alone_s: float
    at_start: bool
    told: bool = False

    def state(self) -> list[Any]:
        """All fields in order."""
        return [getattr(self, name) for name in self.__slots__]


class Left:
    """Keeps what stands still in the zone. What stands there in the first pictures belongs there:
    it is not left, but it can be removed."""

    def __init__(
        self,
        config: LeftConfig,
        labels: Sequence[str],
        aspect: float = 1.0,
        roster: Roster | None = None,
    ) -> None:
        self.config = config
        self.roster = roster or Roster(aspect)
        self._labels = labels
        what = f"left {config.name!r}"
        self._wanted = Wanted(what, config.classes, labels)
        self._owners = Wanted(what, config.owners, labels)
        self._area = Area(config.polygon or _WHOLE, self.roster.aspect)
        self._things: list[_Thing] = []
        self._left = self._removed = 0

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """What has been left behind, and what has been taken away."""
        roster = self.roster
        roster.update(tracks, time_ns)
        now_s = roster.clock.now_s
        rows = self._rows(tracks)
        people = tracks.boxes[self._owner_rows(tracks)].astype(np.float64)
        self._match(tracks, rows, now_s)
        events: list[Event] = []
        for thing in list(self._things):
            box = np.array([thing.box])
            if thing.seen_s < now_s:
                events += self._missing(thing, _covered(box, people), now_s)
                continue
            if _beside(box, people):
                thing.alone_s = now_s
            stands = now_s - thing.since_s >= self.config.left_s
            alone = now_s - thing.alone_s >= self.config.owner_s
            if stands and alone and not thing.told and not thing.at_start:
                thing.told = True
                self._left += 1
                events.append(self._event("object.left", thing, thing.since_s, {}))
        return events

    def finish(self) -> Sequence[Event]:
        """Nothing is undecided."""
        return ()

    def measures(self) -> Sequence[Measure]:
        """One "object.standing": how many things stand about, with `left` and `removed` so far."""
        clock = self.roster.clock
        if not clock.begun:
            return ()
        span = (clock.time_ns(0.0), clock.time_ns(clock.now_s))
        summary = self.summary()
        return [
            Measure("object.standing", self.config.name, *span, summary["standing"], data=summary)
        ]

    def summary(self) -> dict[str, float]:
        """`left` and `removed` so far, and how many left things are `standing` now."""
        standing = sum(thing.told for thing in self._things)
        return {"left": self._left, "removed": self._removed, "standing": standing}

    def state(self) -> State:
        """Things and counts."""
        return {
            "things": [thing.state() for thing in self._things],
            "left": self._left,
            "removed": self._removed,
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self._things = [_Thing(*kept) for kept in state["things"]]
        self._left, self._removed = int(state["left"]), int(state["removed"])

    def _rows(self, tracks: Detections) -> Index:
        """The rows of things in the zone."""
        rows = self._wanted.rows(tracks.labels)
        if rows is None:
            rows = np.setdiff1d(np.arange(len(tracks)), self._owner_rows(tracks))
        if not len(rows):
            return rows
        return rows[self._area.contains(self.roster.places(self.config.anchor)[rows])]

    def _owner_rows(self, tracks: Detections) -> Index:
        rows = self._owners.rows(tracks.labels)
        return np.empty(0, np.intp) if rows is None else rows

    def _match(self, tracks: Detections, rows: Index, now_s: float) -> None:
        """Each thing meets the box at its place; boxes without a thing begin one."""
        boxes = tracks.boxes[rows].astype(np.float64)
        known = np.array([thing.box for thing in self._things]).reshape(-1, 4)
        overlap = iou(known, boxes)
        free = set(range(len(rows)))
        for i in np.argsort([-thing.since_s for thing in self._things])[::-1].tolist():
            thing, best = self._things[i], int(overlap[i].argmax()) if len(rows) else -1
            if best in free and overlap[i, best] >= _SAME:
                free.discard(best)
                thing.seen_s = now_s
        assert tracks.track_ids is not None
        for row in sorted(free):
            at = int(rows[row])
            box, label = boxes[row].tolist(), int(tracks.labels[at])
            begun = now_s < self.config.gone_s
            thing = _Thing(box, label, int(tracks.track_ids[at]), now_s, now_s, now_s, now_s, begun)
            self._things.append(thing)

    def _missing(self, thing: _Thing, hidden: bool, now_s: float) -> list[Event]:
        if hidden:
            thing.clear_s = now_s  # behind somebody it is neither there nor gone
            return []
        if now_s - max(thing.seen_s, thing.clear_s) < self.config.gone_s:
            return []
        self._things.remove(thing)
        stood_s = round(thing.seen_s - thing.since_s, 3)
        belonged = thing.at_start and stood_s >= self.config.gone_s
        if not (belonged or thing.told or stood_s >= self.config.left_s):
            return []
        self._removed += 1
        return [self._event("object.removed", thing, thing.seen_s, {"stood_s": stood_s})]

    def _event(self, kind: str, thing: _Thing, at_s: float, data: dict[str, Any]) -> Event:
        x1, _, x2, y2 = thing.box
        return Event(
            kind=kind,
            time_ns=self.roster.clock.time_ns(at_s),
            name=self.config.name,
            track=thing.track,
            label=label_name(self._labels, thing.label),
            place=((x1 + x2) / 2, y2),
            data=data,
        )


def _covered(box: Any, people: Any, share: float = _HIDDEN) -> bool:
    """Whether somebody stands before a box (1, 4), or more than a `share` of it."""
    low = np.maximum(box[:, :2], people[:, :2])
    high = np.minimum(box[:, 2:], people[:, 2:])
    shared = np.maximum(high - low, 0).prod(axis=1)
    return bool((shared > share * (box[:, 2:] - box[:, :2]).prod()).any())


def _beside(box: Any, people: Any) -> bool:
    """Whether somebody stands within a width of a box (1, 4)."""
    margin = box[:, 2:3] - box[:, :1]
    return _covered(box + np.concatenate([-margin, -margin, margin, margin], axis=1), people, 0)
