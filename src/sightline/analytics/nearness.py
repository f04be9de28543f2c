"""Which pairs of objects are near each other in many pictures at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.slots import Index
from sightline.analytics.watch import Looks

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Pair = tuple[int, int]  # slots, the smaller first
_HAIR = 1 + 1e-9  # a length is no less than its part along an axis, but for rounding
_EARLY_S = 2e-6


class Nearness:
    """Pairs within reach at looks, of the rows of which slots and places (R, 2) are given.

    reach   pairs farther apart than this have parted
    limit   how near a pair must come to be close until it parts
    for_s   for how long; who is seen to come and to part before that is left out
    turns   pictures at which a pair that is not left out may come close or part

    Those of a look are in the order of its rows, as if they had been compared by themselves.
    """

    def __init__(
        self,
        looks: Looks,
        slots: Index,
        places: Floats,
        reach: float,
        limit: float,
        for_s: float,
    ) -> None:
        self._looks = looks
        self._slots = slots
        look, first, second, apart = _pairs(looks, places, reach)
        pairs = np.sort(np.stack([slots[first], slots[second]], axis=1), axis=1)
        order = np.lexsort((look, pairs[:, 1], pairs[:, 0]))
        runs = _Runs(looks, pairs[order], look[order], apart[order] <= limit)
        stay = ~runs.fleeting(_Seen(looks, slots), for_s)
        kept = np.sort(order[np.repeat(stay, runs.lengths)])
        self._look, self._pairs, self._apart = look[kept], pairs[kept], apart[kept]
        self.turns: Index = looks.pictures[runs.turns(stay)]

    def picture(self, number: int) -> tuple[set[int], dict[Pair, float]] | None:
        """Who is seen in a picture, and which pairs are how far apart; None where nobody looks."""
        first, last = self._of(number, number + 1)
        if first == last:
            return None
        rows = slice(*self._looks.look.searchsorted([first, last]).tolist())
        these = slice(*self._look.searchsorted([first, last]).tolist())
        apart = zip(self._pairs[these].tolist(), self._apart[these].tolist(), strict=True)
        return set(self._slots[rows].tolist()), {(a, b): far for (a, b), far in apart}

    def looked_s(self, begin: int, end: int) -> float | None:
        """When the last look at some pictures was; None where there was none."""
        first, last = self._of(begin, end)
        return float(self._looks.now_s[last - 1]) if first < last else None

    def nearest(self, pair: Pair, begin: int, end: int) -> tuple[float, float] | None:
        """When a pair was last within reach in some pictures, and how near it came in them."""
        these = slice(*self._look.searchsorted(self._of(begin, end)).tolist())
        theirs = np.flatnonzero((self._pairs[these] == pair).all(axis=1)) + these.start
        if not len(theirs):
            return None
        return float(self._looks.now_s[self._look[theirs[-1]]]), float(self._apart[theirs].min())

    def _of(self, begin: int, end: int) -> Pair:
        first, last = self._looks.pictures.searchsorted([begin, end]).tolist()
        return first, last


class _Runs:
    """Pairs within reach at one look after another; pairs in order, and each by time.

    lengths  (M,) how many looks each lasts
    """

    def __init__(self, looks: Looks, pairs: Index, look: Index, near: Truths) -> None:
        self._now_s = looks.now_s
        self._begins = np.flatnonzero(_differ(pairs) | _differ(look - np.arange(len(look))))
        self.lengths = np.diff(self._begins, append=len(look))
        self._pairs = pairs[self._begins]
        self._first, self._last = look[self._begins], look[self._begins + self.lengths - 1]
        count = len(looks.pictures)
        close = np.where(near, look, count)
        # The look at which each comes close; behind the last where it does not.
        self._close = np.minimum.reduceat(close, self._begins) if len(look) else close

    def fleeting(self, seen: _Seen, for_s: float) -> Truths:
        """Which are over before `for_s`, and are seen to begin and to end."""
        close_s = np.append(self._now_s, np.inf)[self._close]
        brief = self._now_s[self._last] - close_s < for_s - _EARLY_S
        found: Truths = brief & seen.both(self._pairs, self._first - 1)
        found &= seen.both(self._pairs, self._last + 1)
        return found

    def turns(self, which: Truths) -> Index:
        """The first look, and those at which some runs come close or are over."""
        turns = np.zeros(len(self._now_s) + 1, np.bool_)
        turns[0] = True
        turns[self._close[which]] = True
        turns[self._last[which] + 1] = True
        return np.flatnonzero(turns[:-1])


class _Seen:
    """Who is seen at which look."""

    def __init__(self, looks: Looks, slots: Index) -> None:
        self._table = np.zeros((len(looks.pictures) + 2, int(slots.max(initial=0)) + 1), np.bool_)
        self._table[looks.look + 1, slots] = True

    def both(self, pairs: Index, look: Index) -> Truths:
        """Whether both are, at a look (M,) from -1 to one beyond the last, where nobody is."""
        found: Truths = self._table[look + 1, pairs[:, 0]] & self._table[look + 1, pairs[:, 1]]
        return found


def _differ(values: Index) -> Truths:
    """Which rows are not what the row before is."""
    found = np.ones(len(values), np.bool_)
    other = values[1:] != values[:-1]
    found[1:] = other.any(axis=1) if other.ndim > 1 else other
    return found


def _pairs(looks: Looks, places: Floats, reach: float) -> tuple[Index, Index, Index, Floats]:
    """By pair in order: in which look, the rows of both, and how far they are apart."""
    count = np.bincount(looks.look, minlength=len(looks.pictures))
    most, begin = int(count.max(initial=0)), np.cumsum(count) - count
    column = np.arange(len(looks.look)) - begin[looks.look]
    x, y = np.full((2, len(count), most), np.nan)
    x[looks.look, column], y[looks.look, column] = places.T
    found = [np.zeros((2, 0), np.intp)]
    for step in range(1, most):
        gap = np.maximum(abs(x[:, step:] - x[:, :-step]), abs(y[:, step:] - y[:, :-step]))
        look, at = np.nonzero(gap <= reach * _HAIR)
        first = begin[look] + at
        found.append(np.stack([first, first + step]))
    first, second = np.concatenate(found, axis=1)
    gaps = places[first] - places[second]
    apart = np.hypot(gaps[:, 0], gaps[:, 1])
    near = np.flatnonzero(apart <= reach)
    near = near[np.lexsort((second[near], first[near]))]
    first, second = first[near], second[near]
    return looks.look[first], first, second, apart[near]
