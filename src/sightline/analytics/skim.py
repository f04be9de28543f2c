"""A stretch of pictures through analytics, looking closely only where something may happen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import inf
from operator import itemgetter

import numpy as np

from sightline.analytics.ahead import Ahead, Skimming, Truths
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
    roster, view = analytics[0].roster, view_of(analytics)
    ahead = Ahead(film, roster)
    pass_over = _PassOver(ahead, analytics)
    stirs = [*np.flatnonzero(ahead.stirs).tolist(), len(film)]
    at = stir = 0
    while at < len(film):
        if view is not None and view.troubled:
            yield from _each(analytics, film, at)
            return
        while stirs[stir] < at:
            stir += 1
        end, seen = pass_over.watch(at, roster.follow(ahead, at, stirs[stir]))
        if at < end:
            told = sorted(pass_over.told(at, end), key=_PICTURE_THEN_ANALYTIC)
            for _, said in groupby(told, key=_PICTURE):
                yield [event for _, _, events in said for event in events]
        if end < len(film):
            tracks, time_ns = film.picture(end), int(film.times[end])
            if seen is None:
                yield ask(analytics, tracks, time_ns)
            else:
                yield ask_others(analytics, tracks, time_ns, seen)
        at = end + 1


def _each(analytics: Sequence[Analytic], film: Stretch, begin: int) -> Iterator[Sequence[Event]]:
    """Looking at every picture from there on."""
    for number in range(begin, len(film)):
        yield ask(analytics, film.picture(number), int(film.times[number]))


class _PassOver:
    """Those who look only now and then, and those who look at every picture of a stretch."""

    def __init__(self, ahead: Ahead, analytics: Sequence[Analytic]) -> None:
        self._ahead = ahead
        self._view: _Asleep | None = None
        self._asleep: list[_Asleep] = []
        self._awake: list[tuple[int, Analytic]] = []
        self._seen: list[_Told] = []
        for place, one in enumerate(analytics):
            if not isinstance(one, Skimming):
                self._awake.append((place, one))
                continue
            asleep = _Asleep(place, one, ahead, one.foresee(ahead))
            if isinstance(one, View):
                self._view = asleep
            else:
                self._asleep.append(asleep)

    def watch(self, begin: int, end: int) -> tuple[int, Sequence[Event] | None]:
        """Up to where the view is sound, and what it has seen in the picture where that ends."""
        self._seen.clear()
        if self._view is None:
            return end, None
        view, roster = self._view.one, self._ahead.roster
        assert isinstance(view, View)
        mark = roster.mark()
        for number, place, events in self._view.looks(begin, end):
            roster.go_back(mark)
            if view.troubled:
                return number, events
            self._seen.append((number, place, events))
        return end, None

    def told(self, begin: int, end: int) -> list[_Told]:
        """What happened in pictures in which nobody comes or goes, and the view is sound."""
        ahead, told = self._ahead, self._seen
        roster, film = ahead.roster, ahead.film
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
        one, at = self.one, begin
        while True:
            number = self._next_look(at)
            if at < min(number, end):
                one.pass_over(at, min(number, end))
            if number >= end:
                return
            self._ahead.show(at, number)
            yield number, self._place, one.glance(number)
            at = number + 1

    def _next_look(self, at: int) -> int:
        wakes, when_s = self._wakes, self.one.wakes_s()
        while wakes[self._next] < at:
            self._next += 1
        number = wakes[self._next]
        if when_s == inf:
            return number
        return min(number, max(at, int(self._ahead.now_s.searchsorted(when_s))))
