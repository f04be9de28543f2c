"""What was left behind, and what was taken away: things that stand where they did not, and the
reverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sightline.analytics.ahead import Ahead, Told
from sightline.analytics.area import Area, check_polygon
from sightline.analytics.keeping import State
from sightline.analytics.place import Name, Point, Wanted, label_name
from sightline.analytics.roster import Roster
from sightline.analytics.slots import Index
from sightline.geometry.boxes import Anchor, iou
from sightline.results import Detections
from sightline.wire.messages import Event, Measure

Boxes: TypeAlias = NDArray[np.float64]
Truths: TypeAlias = NDArray[np.bool_]

_WHOLE: tuple[Point, ...] = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
_SAME = 0.5  # overlap of boxes from which on it is the same thing at the same place
_FURTHEST = 256  # pictures that are passed over in one go
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
        self._stride = 8  # so many pictures of a recording are worth trying to pass over

    def update(self, tracks: Detections, time_ns: int) -> Sequence[Event]:
        """What has been left behind, and what has been taken away."""
        self.roster.update(tracks, time_ns)
        people = self._owner_rows(tracks.labels)
        return self._look(tracks, self._rows(tracks), people)

    def _look(self, tracks: Detections, rows: Index, owners: Index) -> list[Event]:
        """What is seen now: the rows of things in the zone, and of who may be theirs."""
        now_s, people = self.roster.clock.now_s, tracks.boxes[owners].astype(np.float64)
        self._match(tracks, rows, now_s)
        if not self._things:
            return []
        events: list[Event] = []
        boxes = np.array([thing.box for thing in self._things])
        hidden: list[bool] = np.any(_covered(boxes, people), axis=1).tolist()
        beside: list[bool] = np.any(_beside(boxes, people), axis=1).tolist()
        for thing, is_hidden, is_beside in zip([*self._things], hidden, beside, strict=True):
            if thing.seen_s < now_s:
                events += self._missing(thing, is_hidden, now_s)
                continue
            if is_beside:
                thing.alone_s = now_s
            if self._is_left(thing, now_s - thing.since_s, now_s - thing.alone_s):
                thing.told = True
                self._left += 1
                events.append(self._event("object.left", thing, thing.since_s, {}))
        return events

    def _is_left(self, thing: _Thing, stood_s: float, alone_s: float) -> bool:
        stands, alone = stood_s >= self.config.left_s, alone_s >= self.config.owner_s
        return stands and alone and not thing.told and not thing.at_start

    def think(self, ahead: Ahead) -> None:
        """Which rows of a stretch are things in the zone, and which who may be theirs."""
        labels = ahead.film.objects.labels
        people = self._owner_rows(labels)
        things = self._thing_rows(labels, people)
        if len(things):
            inside = self._area.contains(ahead.places(self.config.anchor)[things])
            things = things[inside]
        self._ahead, self._people = ahead, ahead.cut(people)
        self._seen, self._pictures = ahead.cut(things), np.unique(ahead.frames[things])

    def sweep(self, begin: int, end: int) -> list[Told]:
        """What has been left and taken in some pictures."""
        at, told = begin, []
        while at < end:
            if not self._things:
                at = int(np.append(self._pictures, end)[self._pictures.searchsorted(at)])
            elif self._stride > 1:
                to = min(end, at + self._stride)
                if (quiet := self._pass(at, to)) == to:
                    self._stride = min(2 * self._stride, _FURTHEST)
                at = quiet
            if at >= end:
                break
            before = [*self._things]
            if events := self._glance(at):
                told.append((at, events))
            changed = bool(events) or before != self._things
            self._stride = max(1, self._stride // 2) if changed else 2 * self._stride
            at += 1
        return told

    def _glance(self, number: int) -> list[Event]:
        self._ahead.tell_time(number)
        film = self._ahead.film
        first = int(film.offsets[number])
        rows, people = (
            part.rows[part.of(number, number + 1)] - first for part in (self._seen, self._people)
        )
        return self._look(film.picture(number), rows, people)

    def _pass(self, begin: int, end: int) -> int:
        """Take in some pictures up to the first that has to be looked at; which that is."""
        ahead, things = self._ahead, self._things
        known = np.array([thing.box for thing in things])
        now_s = ahead.now_s[begin:end]
        which = ahead.film.objects.boxes
        rows = self._seen.rows[self._seen.of(begin, end)]
        frames = ahead.frames[rows] - begin
        same = iou(known, which[rows].astype(np.float64)) >= _SAME
        found = np.zeros((len(things), end - begin), np.intp)
        thing, row = same.nonzero()
        np.add.at(found, (thing, frames[row]), 1)
        # Somebody who might be two things, or none that is known, has to be looked at.
        look: Truths = np.any(found > 1, axis=0)
        look[frames[same.sum(axis=0) != 1]] = True
        before_s = ahead.now_s[begin - 1] if begin else self.roster.clock.now_s
        look |= np.diff(now_s, prepend=before_s) <= 0
        seen = found > 0
        hidden, beside = self._around(known, begin, end)
        fields = np.array([(one.seen_s, one.clear_s, one.alone_s) for one in things]).T[:, :, None]
        true = np.stack([seen, hidden & ~seen, beside & seen])
        last_s = np.maximum.accumulate(np.where(true, now_s, fields), axis=2)
        seen_s, clear_s, alone_s = last_s
        gone = now_s - np.maximum(seen_s, clear_s) >= self.config.gone_s
        look |= (gone & ~seen & ~hidden).any(axis=0)
        for number, one in enumerate(things):
            if not (one.told or one.at_start):
                stands = now_s - one.since_s >= self.config.left_s
                alone = now_s - alone_s[number] >= self.config.owner_s
                look |= seen[number] & stands & alone
        upto = int(np.append(look, True).argmax())
        if upto:
            for one, at in zip(things, last_s[:, :, upto - 1].T.tolist(), strict=True):
                one.seen_s, one.clear_s, one.alone_s = at
        return begin + upto

    def _around(self, known: Boxes, begin: int, end: int) -> tuple[Truths, Truths]:
        """Before which things (T, k) somebody stands in each picture, and beside which."""
        ahead = self._ahead
        rows = self._people.rows[self._people.of(begin, end)]
        people = ahead.film.objects.boxes[rows].astype(np.float64)
        frames = ahead.frames[rows] - begin
        found = []
        for truths in (_covered(known, people), _beside(known, people)):
            thing, row = truths.nonzero()
            held = np.zeros((len(known), end - begin), np.bool_)
            held[thing, frames[row]] = True
            found.append(held)
        return found[0], found[1]

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
        rows = self._thing_rows(tracks.labels, self._owner_rows(tracks.labels))
        if not len(rows):
            return rows
        return rows[self._area.contains(self.roster.places(self.config.anchor)[rows])]

    def _thing_rows(self, labels: NDArray[np.int32], owners: Index) -> Index:
        rows = self._wanted.rows(labels)
        if rows is not None:
            return rows
        things = np.ones(len(labels), np.bool_)
        things[owners] = False
        return np.flatnonzero(things)

    def _owner_rows(self, labels: NDArray[np.int32]) -> Index:
        rows = self._owners.rows(labels)
        return np.empty(0, np.intp) if rows is None else rows

    def _match(self, tracks: Detections, rows: Index, now_s: float) -> None:
        """Each thing meets the box at its place; boxes without a thing begin one."""
        if not len(rows):
            return
        boxes = tracks.boxes[rows].astype(np.float64)
        free = set(range(len(rows)))
        if self._things:
            overlap = iou(np.array([thing.box for thing in self._things]), boxes)
            bests, most = overlap.argmax(axis=1).tolist(), overlap.max(axis=1).tolist()
            for i in np.argsort([-thing.since_s for thing in self._things])[::-1].tolist():
                if bests[i] in free and most[i] >= _SAME:
                    free.discard(bests[i])
                    self._things[i].seen_s = now_s
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


def _covered(boxes: Boxes, people: Boxes, share: float = _HIDDEN) -> Truths:
    """Who (T, P) stands before boxes (T, 4), or more than a `share` of them."""
    low = np.maximum(boxes[:, None, :2], people[:, :2])
    high = np.minimum(boxes[:, None, 2:], people[:, 2:])
    sides = np.maximum(high - low, 0)
    width, height = (boxes[:, 2:] - boxes[:, :2]).T
    covered: Truths = sides[..., 0] * sides[..., 1] > share * (width * height)[:, None]
    return covered


def _beside(boxes: Boxes, people: Boxes) -> Truths:
    """Who (T, P) stands within a width of boxes (T, 4)."""
    margin = boxes[:, 2:3] - boxes[:, :1]
    return _covered(boxes + np.concatenate([-margin, -margin, margin, margin], axis=1), people, 0)
