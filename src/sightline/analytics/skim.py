"""A stretch of pictures through analytics, looking closely only where something may happen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import inf
from operator import itemgetter

import numpy as np

from sightline.analytics.ahead import Ahead, Skimming, Sweeping, Tracing, Truths
from sightline.analytics.asking import ask, ask_others, listens, view_of
from sightline.analytics.base import Analytic
from sightline.analytics.clock import JUMP_NS
from sightline.analytics.view import View
from sightline.results.stretch import Stretch
from sightline.wire.messages import Event

_MOST = 4096  # pictures that are thought ahead of at once
_PICTURE, _PICTURE_THEN_ANALYTIC = itemgetter(0), itemgetter(0, 1)
_Told = tuple[int, int, Sequence[Event]]  # in which picture, which analytic, what


def skim(analytics: Sequence[Analytic], film: Stretch) -> Iterator[Sequence[Event]]:
    """What happened, picture by picture, where anything did: the same as of asking at each."""
    rosters = {id(one.roster) for one in analytics}
    if len(rosters) != 1 or any(map(listens, analytics)):
        yield from _each(analytics, film, 0)
        return
    # No clock can be told ahead across a jump: who stays in the picture decides what it was.
    jumps = (np.flatnonzero(np.diff(film.times) > JUMP_NS) + 1).tolist()
    for begin, end in pairwise(sorted({*range(0, len(film), _MOST), *jumps, len(film)})):
        yield ask(analytics, film.picture(begin), int(film.times[begin]))
        yield from _skim(analytics, film.part(begin + 1, end))


def _skim(analytics: Sequence[Analytic], film: Stretch) -> Iterator[Sequence[Event]]:
    if not len(film):
        return
    roster, ahead = analytics[0].roster, Ahead(film, analytics[0].roster)
    view, others = _Watching(view_of(analytics), ahead), _Others(analytics, ahead)
    stirs = [*np.flatnonzero(ahead.stirs).tolist(), len(film)]
    at = stir = 0
    while at < len(film):
        if view.troubled:
            yield from _each(analytics, film, at)
            return
        while stirs[stir] < at:
            stir += 1
        end = view.watch(roster.follow(ahead, at, stirs[stir]) if others else len(film))
        if at < end:
            told = sorted([*view.told(end), *others.told(at, end)], key=_PICTURE_THEN_ANALYTIC)
            for _, said in groupby(told, key=_PICTURE):
                yield [event for _, _, events in said for event in events]
        if end < len(film):
            seen = [event for _, _, events in view.told(end + 1) for event in events]
            yield ask_others(analytics, film.picture(end), int(film.times[end]), seen)
        at = end + 1
    view.pass_over(len(film))


def _each(analytics: Sequence[Analytic], film: Stretch, begin: int) -> Iterator[Sequence[Event]]:
    """Looking at every picture from there on."""
    for number in range(begin, len(film)):
        yield ask(analytics, film.picture(number), int(film.times[number]))


class _Sweeper:
    """An analytic that takes in many pictures in one go."""

    def __init__(self, place: int, one: Sweeping, ahead: Ahead) -> None:
        self._place, self._one = place, one
        one.think(ahead)

    def looks(self, begin: int, end: int) -> Iterator[_Told]:
        """Take in some pictures; each in which something happened, with that."""
        for number, events in self._one.sweep(begin, end):
            yield number, self._place, events


class _Asleep:
    """An analytic that looks only where something may happen to it."""

    def __init__(self, place: int, one: Skimming, ahead: Ahead, wakes: Truths) -> None:
        self.one = one
        self._place = place
        self._ahead = ahead
        self._wakes = [*np.flatnonzero(wakes).tolist(), len(ahead.film)]
        self._next = 0

    def looks(self, begin: int, end: int) -> Iterator[_Told]:
        """Take in some pictures; each that is looked at, with what happened."""
        at = begin
        if isinstance(self.one, Tracing):
            self._wakes, self._next = [*self.one.trace(begin, end).tolist(), end], 0
        while (number := self.next_look(at)) < end:
            if at < number:
                self.one.pass_over(at, number)
            self._ahead.show(at, number)
            yield number, self._place, self.one.glance(number)
            at = number + 1
        if at < end:
            self.one.pass_over(at, end)

    def next_look(self, at: int) -> int:
        """The next picture, from this one on, that it has to look at."""
        wakes, when_s = self._wakes, self.one.wakes_s()
        while wakes[self._next] < at:
            self._next += 1
        number = wakes[self._next]
        if when_s == inf:
            return number
        return min(number, max(at, int(self._ahead.now_s.searchsorted(when_s))))


class _Watching:
    """The view, to which it is all the same who comes and goes."""

    def __init__(self, view: View | None, ahead: Ahead) -> None:
        self._view = view
        self._asleep = None if view is None else _Asleep(0, view, ahead, view.foresee(ahead))
        self._whole = len(ahead.film)
        self._at = 0
        self._seen: list[_Told] = []

    @property
    def troubled(self) -> bool:
        """Whether from here on nobody can pass over anything."""
        return self._view is not None and self._view.troubled

    def watch(self, end: int) -> int:
        """Look as far as this picture, or one before in which the view turns out to be troubled."""
        view, asleep = self._view, self._asleep
        if view is None or asleep is None:
            return end
        last = min(end, self._whole - 1)
        while (number := asleep.next_look(self._at)) <= last:
            self.pass_over(number)
            self._seen.append((number, 0, view.glance(number)))
            self._at = number + 1
            if view.troubled:
                return number
        return end

    def told(self, end: int) -> list[_Told]:
        """What was seen before this picture and is not told yet."""
        told = [one for one in self._seen if one[0] < end]
        self._seen = self._seen[len(told) :]
        return told

    def pass_over(self, end: int) -> None:
        """Take in what comes before this picture."""
        if self._view is not None and self._at < end:
            self._view.pass_over(self._at, end)
        self._at = end


class _Others:
    """Those who look only now and then, and those who look at every picture of a stretch."""

    def __init__(self, analytics: Sequence[Analytic], ahead: Ahead) -> None:
        self._ahead = ahead
        others = [(n, one) for n, one in enumerate(analytics) if not isinstance(one, View)]
        self._asleep: list[_Sweeper | _Asleep] = []
        self._awake: list[tuple[int, Analytic]] = []
        for place, one in others:
            if isinstance(one, Sweeping):
                self._asleep.append(_Sweeper(place, one, ahead))
                continue
            wakes = one.foresee(ahead) if isinstance(one, Skimming) else None
            if isinstance(one, Skimming) and wakes is not None:
                self._asleep.append(_Asleep(place, one, ahead, wakes))
            else:
                self._awake.append((place, one))

    def __bool__(self) -> bool:
        return bool(self._asleep or self._awake)

    def told(self, begin: int, end: int) -> list[_Told]:
        """What happened in pictures in which nobody comes or goes."""
        ahead = self._ahead
        roster, film = ahead.roster, ahead.film
        told: list[_Told] = []
        if not self:
            return told
        if self._asleep:
            ahead.through(begin, end)
            mark = roster.mark()
            for asleep in self._asleep:
                told += asleep.looks(begin, end)
                roster.go_back(mark)
        if not self._awake:
            roster.pass_over(ahead, begin, end)
            return told
        for number in range(begin, end):
            tracks, time_ns = film.picture(number), int(film.times[number])
            roster.update(tracks, time_ns)
            told += [(number, at, one.update(tracks, time_ns)) for at, one in self._awake]
        return told
