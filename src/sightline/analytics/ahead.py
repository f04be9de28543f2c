"""What can be told of a recording's next pictures before analytics look at each of them.

Of most pictures of a day there is nothing to say: nobody came, went or changed sides. Where
everybody is in many pictures is worked out in one go, and so is in which of them something may
happen. Those are looked at by the same state machines as on the camera; of the others it is
enough to note in one go what they leave behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.courses import Courses
from sightline.analytics.place import Wanted
from sightline.analytics.roster import Roster
from sightline.analytics.slots import Index
from sightline.geometry.boxes import Anchor, places
from sightline.results.stretch import Stretch

Truths = NDArray[np.bool_]


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

    def changes(self, part: Part, values: Truths) -> Truths:
        """Pictures (k,) in which the value of an identity is another one than the last time,
        or is not known from this stretch."""
        ids = self.film.objects.track_ids
        assert ids is not None
        order = self._order
        if len(part.rows) < len(order):
            at = np.full(len(order), -1)
            at[part.rows] = np.arange(len(part.rows))
            order = at[order]
            order = order[order >= 0]
        own, told = ids[part.rows][order], values[order]
        frames = self.frames[part.rows[order]]
        new = np.ones(len(order), np.bool_)
        new[1:] = (own[1:] != own[:-1]) | (told[1:] != told[:-1])
        # Who was seen twice in one picture may have been taken for either.
        twice = (frames[1:] == frames[:-1]) & (own[1:] == own[:-1])
        new[2:] |= twice[:-1]
        found = np.zeros(len(self.film), np.bool_)
        found[frames[new]] = True
        return found

    def show(self, begin: int, number: int) -> None:
        """Let the roster know the pictures from `begin` to this one, as far as events need it."""
        film, clock = self.film, self.roster.clock
        clock.show(int(film.times[number]), self.elapsed_ns[number])
        part = slice(self.offsets[begin], self.offsets[number + 1])
        self.roster.trails.show(self.slots[part], film.objects.boxes[part])
        self.roster.show(self, number)

    def _stirs(self) -> Truths:
        film, roster, now_s = self.film, self.roster, self.now_s
        ids = film.objects.track_ids
        assert ids is not None
        stirs = np.zeros(len(film), np.bool_)
        own, frames = ids[self._order], self.frames[self._order]
        if roster.unsettled or not len(own):
            stirs[:] = roster.unsettled
            return stirs
        first = np.ones(len(own), np.bool_)
        first[1:] = own[1:] != own[:-1]
        seen_s = now_s[np.roll(frames, 1)]
        slots, known = roster.table.find(own[first])
        if known.any():
            seen_s[first] = roster.trails.seen_s[np.where(known, slots, 0)]
        late_s = now_s - roster.memory_s
        gone = late_s.searchsorted(seen_s, "right")  # where who was seen then is given up
        gone[np.flatnonzero(first)[~known]] = -1
        born = gone < frames
        stirs[gone[born & (gone >= 0)]] = True
        stirs[frames[born]] = True
        # Who is seen twice in one picture confuses everybody.
        stirs[frames[1:][~first[1:] & (frames[1:] == frames[:-1])]] = True
        last = np.append(first[1:], True)
        absent = roster.table.taken[~np.isin(roster.table.ids, own)]
        for seen in (now_s[frames[last]], roster.trails.seen_s[absent]):
            ended = late_s.searchsorted(seen, "right")
            stirs[ended[ended < len(film)]] = True
        return stirs
