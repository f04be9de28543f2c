"""Where a value of somebody's, such as the side of a line, may be another one than before.

Of thousands of pictures only a few rows are worth a look: each where an identity has another value
than the picture before, and those after it until the change is sure. All others say again what is
known.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.place import PlaceConfig
from sightline.analytics.sight import Glimpse, Sight, sights
from sightline.analytics.slots import Index
from sightline.geometry.boxes import anchors
from sightline.wire.messages import Place

if TYPE_CHECKING:
    from sightline.analytics.ahead import Ahead, Part

Truths: TypeAlias = NDArray[np.bool_]

_LONGEST = 64  # rows of a run that are looked at in one go


class Sides:
    """The rows of a part, by number in it, that are worth a look.

    away    how far rows are from the boundary
    before  (M,) the row of the same identity before each; -1 for the first
    sure    (M,) of those rows: whether the change, if it is one, is sure
    """

    def __init__(
        self,
        ahead: Ahead,
        part: Part,
        values: Truths,
        away: Callable[[Index], NDArray[np.float64]],
        config: PlaceConfig,
    ) -> None:
        self._ahead, self._part, self._away = ahead, part, away
        self._anchor, self._hysteresis = config.anchor, config.hysteresis
        self.frames = ahead.frames[part.rows]
        self.sure: Truths = np.zeros(len(part.rows), np.bool_)
        order = ahead.by_identity(part)
        self.before: Index = np.full(len(order), -1)
        begins = self._runs(order, values)
        self._rows = self._until_sure(order, begins)
        self._pictures: list[int] = self.frames[self._rows].tolist()
        self._rows_listed: list[int] = self._rows.tolist()
        seen = zip(*self._seen(self._rows), strict=True)
        self._glimpses = dict(zip(self._rows_listed, seen, strict=True))

    def looks(
        self, begin: int, end: int, undecided: Collection[int]
    ) -> Iterator[tuple[int, list[int]]]:
        """The pictures of some that have such rows, and these; with them, whatever they say, those
        of the slots about which something is `undecided`."""
        first, last = bisect_left(self._pictures, begin), bisect_left(self._pictures, end)
        rows = self._rows_listed[first:last]
        if undecided:
            rows = self._with(rows, begin, end, undecided)
        return ((n, list(some)) for n, some in groupby(rows, key=self._picture))

    def glimpse(self, row: int, slot: int) -> Glimpse:
        """What a row, which is that of a slot, looks like."""
        found = self._glimpses.get(row)
        if found is None:
            ((place,), (sight,)) = self._seen(np.array([row]))
            found = place, sight
        return Glimpse(slot, *found)

    def slot(self, row: int) -> int:
        """Whose row it is."""
        return int(self._ahead.slots[self._part.rows[row]])

    def _is_sure(self, rows: Index) -> Truths:
        """Who (R,) is clear of the boundary by the hysteresis."""
        boxes = self._ahead.film.objects.boxes[self._part.rows[rows]]
        clear: Truths = self._away(rows) > self._hysteresis * (boxes[:, 3] - boxes[:, 1])
        return clear

    def _picture(self, row: int) -> int:
        return int(self.frames[row])

    def _with(self, rows: list[int], begin: int, end: int, undecided: Collection[int]) -> list[int]:
        these = self._part.of(begin, end)
        theirs = np.isin(self._ahead.slots[self._part.rows[these]], list(undecided))
        more = np.flatnonzero(theirs) + these.start
        self.sure[more] = self._is_sure(more)
        return sorted({*rows, *more.tolist()})

    def _seen(self, which: Index) -> tuple[list[Place], list[Sight]]:
        film, rows = self._ahead.film, self._part.rows[which]
        where = [(x, y) for x, y in anchors(film.objects.boxes[rows], self._anchor).tolist()]
        if not self._ahead.roster.mends:
            return where, ["clear"] * len(where)
        return where, sights(film, self.frames[which], rows)

    def _runs(self, order: Index, values: Truths) -> Truths:
        """Where, in order, a value differs from the one before, or may for all one knows."""
        ids = self._ahead.film.objects.track_ids
        assert ids is not None
        own, told, frames = ids[self._part.rows][order], values[order], self.frames[order]
        new: Truths = np.ones(len(order), np.bool_)
        other = own[1:] != own[:-1]
        self.before[order[1:]] = np.where(other, -1, order[:-1])
        step = frames[1:] - frames[:-1]
        # Who was not seen for a picture, or of another class, may have come back as somebody else.
        new[1:] = other | (told[1:] != told[:-1]) | (step != 1)
        # Who was seen twice in one picture may have been taken for either.
        new[2:] |= (step[:-1] == 0) & ~other[:-1]
        return new

    def _until_sure(self, order: Index, begins: Truths) -> Index:
        """The rows of each run as far as the first that is sure."""
        at = np.flatnonzero(begins)
        ends = np.append(at[1:], len(order))
        found, size = [order[:0]], 1
        while len(at):
            steps = at[:, None] + np.arange(size)
            within = steps < ends[:, None]
            rows = order.take(steps, mode="clip")
            sure = self._is_sure(rows.ravel()).reshape(rows.shape) & within
            self.sure[rows[sure]] = True
            found.append(rows[within & (np.cumsum(sure, axis=1) - sure == 0)])
            open_ = ~sure.any(axis=1) & (at + size < ends)
            at, ends, size = at[open_] + size, ends[open_], min(2 * size, _LONGEST)
        return np.sort(np.concatenate(found))
