"""What can be told of a recording's next pictures before analytics look at each of them.

Of most pictures of a day there is nothing to say: nobody came, went or changed sides. Where
everybody is in many pictures is worked out in one go, and so is in which of them something may
happen. Those are looked at by the same state machines as on the camera; of the others it is
enough to note in one go what they leave behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.courses import Courses
from sightline.analytics.place import Wanted
from sightline.analytics.roster import Roster
from sightline.analytics.slots import Index
from sightline.geometry.boxes import Anchor, places
from sightline.results.stretch import Stretch
from sightline.wire.messages import Event

Truths = NDArray[np.bool_]
Told = tuple[int, list[Event]]  # by which picture, what


@runtime_checkable
class Skimming(Protocol):
    """An analytic that need not look at every picture."""

    def foresee(self, ahead: Ahead) -> Truths | None:
        """In which pictures of a stretch something may happen; rather too many than too few.
        None: it has to look at each, as it is configured."""
        ...

    def wakes_s(self) -> float:
        """When it has to look again, whoever moves: -inf where something is undecided."""
        ...

    def glance(self, number: int) -> Any:
        """What happened by this picture, in which nobody comes or goes."""
        ...

    def pass_over(self, begin: int, end: int) -> None:
        """Take in pictures in which nothing happened."""
        ...


@runtime_checkable
class Tracing(Skimming, Protocol):
    """One that has to know everybody's past to foresee anything, as far as nobody comes or goes."""

    def trace(self, begin: int, end: int) -> Index:
        """Those of these pictures in which something may happen, in order."""
        ...


@runtime_checkable
class Sweeping(Protocol):
    """An analytic that takes in many pictures in one go."""

    def think(self, ahead: Ahead) -> None:
        """Work out for a stretch of pictures what can be."""
        ...

    def sweep(self, begin: int, end: int) -> list[Told]:
        """Take in some of them, in which nobody comes or goes: in which anything happened, and
        what. They come in order and without a gap but for pictures that `update` is given."""
        ...


def together(several: Sequence[list[Told]]) -> list[Told]:
    """What several told, by picture; in one picture in their order."""
    found: defaultdict[int, list[Event]] = defaultdict(list)
    for told in several:
        for number, events in told:
            found[number] += events
    return sorted(found.items(), key=itemgetter(0))


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the objects of a stretch: their rows, and where those of each picture begin."""

    rows: Index
    offsets: list[int]

    def of(self, begin: int, end: int) -> slice:
        """Which of `rows` are in some of the pictures."""
        return slice(self.offsets[begin], self.offsets[end])


class Ahead:
    """A stretch of pictures that a roster has not seen yet.

    now_s   (k,) the clock of the analytics
    stirs   (k,) where the roster may have to do with somebody who comes or goes
    slots   (N,) of the objects, as far as `Roster.follow` came
    """

    def __init__(self, film: Stretch, roster: Roster) -> None:
        assert film.objects.track_ids is not None
        self.film = film
        self.offsets: list[int] = film.offsets.tolist()
        self.roster = roster
        self.elapsed_ns, self.now_s = roster.clock.ahead(film.times)
        self.slots: Index = np.zeros(len(film.objects), np.intp)
        self.frames = np.repeat(np.arange(len(film)), np.diff(film.offsets))
        self._order = film.objects.track_ids.argsort(kind="stable")
        self._places: dict[Anchor, NDArray[np.float64]] = {}
        self._quiet = (0, 0)
        self._course: Courses | None = None
        self.stirs = self._stirs()

    def places(self, anchor: Anchor) -> NDArray[np.float64]:
        """Where all objects stand, (N, 2): x 0..aspect, y 0..1."""
        found = self._places.get(anchor)
        if found is None:
            boxes, aspect = self.film.objects.boxes, self.roster.aspect
            found = self._places[anchor] = places(boxes, anchor, aspect)
        return found

    def through(self, begin: int, end: int) -> None:
        """In these pictures, which the roster takes in next, nobody comes or goes."""
        self._quiet, self._course = (begin, end), None

    @property
    def course(self) -> Courses:
        """Where everybody in those pictures comes from."""
        if self._course is None:
            self._course = Courses(self, *self._quiet)
        return self._course

    def part(self, wanted: Wanted) -> Part:
        """The objects of some classes."""
        rows = wanted.rows(self.film.objects.labels)
        if rows is None:
            return Part(np.arange(len(self.frames)), self.offsets)
        return self.cut(rows)

    def cut(self, rows: Index) -> Part:
        """Some objects, by row in order."""
        return Part(rows, rows.searchsorted(self.film.offsets).tolist())

    def by_identity(self, part: Part) -> Index:
        """The rows of a part by number in it, by identity and then by time."""
        order = self._order
        if len(part.rows) == len(order):
            return order
        at = np.full(len(order), -1)
        at[part.rows] = np.arange(len(part.rows))
        found: Index = at[order]
        return found[found >= 0]

    def tell_time(self, number: int) -> None:
        """It is the time of this picture."""
        self.roster.clock.show(int(self.film.times[number]), self.elapsed_ns[number])

    def show(self, begin: int, number: int) -> None:
        """Let the roster know the pictures from `begin` to this one, as far as events need it."""
        self.tell_time(number)
        part = slice(self.offsets[begin], self.offsets[number + 1])
        seen_s = self.now_s[self.frames[part]]
        self.roster.trails.show(self.slots[part], self.film.objects.boxes[part], seen_s)
        self.roster.show(self, number)

    def _stirs(self) -> Truths:
        film, roster, now_s = self.film, self.roster, self.now_s
        ids = film.objects.track_ids
        assert ids is not None
        if roster.unsettled:
            return np.ones(len(film), np.bool_)
        stirs = np.zeros(len(film), np.bool_)
        own, frames = ids[self._order], self.frames[self._order]
        absent = roster.table.taken[~np.isin(roster.table.ids, own)]
        late_s = now_s - roster.memory_s
        self._end(stirs, late_s.searchsorted(roster.trails.seen_s[absent], "right"))
        if not len(own):
            return stirs
        first = np.ones(len(own), np.bool_)
        first[1:] = own[1:] != own[:-1]
        seen_s = now_s[np.roll(frames, 1)]
        slots, known = roster.table.find(own[first])
        if known.any():
            seen_s[first] = roster.trails.seen_s[np.where(known, slots, 0)]
        gone = late_s.searchsorted(seen_s, "right")  # where who was seen then is given up
        gone[np.flatnonzero(first)[~known]] = -1
        born = gone < frames
        stirs[gone[born & (gone >= 0)]] = True
        stirs[frames[born]] = True
        # Who is seen twice in one picture confuses everybody.
        stirs[frames[1:][~first[1:] & (frames[1:] == frames[:-1])]] = True
        last = np.append(first[1:], True)
        self._end(stirs, late_s.searchsorted(now_s[frames[last]], "right"))
        return stirs

    def _end(self, stirs: Truths, ended: Index) -> None:
        """Somebody is given up in each of these pictures, where they are within the stretch."""
        stirs[ended[ended < len(self.film)]] = True
