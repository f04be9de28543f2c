"""Where those inside a place stand in many pictures at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.slots import Index
from sightline.analytics.trails import at_edge

if TYPE_CHECKING:
    from sightline.analytics.ahead import Ahead

Boxes = NDArray[np.float32]


class Standing:
    """Looks at k pictures of a stretch, which come after the picture `begin`, or are it.

    inside  who is inside from which picture on, in the order in which they came
    before  the newest boxes by slot, before `begin`

    slots   (U,) all who are inside at any time
    boxes   (k, U, 4) where each was seen last
    here    (k, U) who is inside; who is not seen is behind others, or has gone at the edge
    """

    def __init__(
        self,
        ahead: Ahead,
        pictures: Index,
        begin: int,
        inside: Sequence[tuple[int, Sequence[int]]],
        before: Boxes,
    ) -> None:
        self.slots: Index = np.unique(np.array([s for _, own in inside for s in own], np.intp))
        column = np.full(len(before), -1)
        column[self.slots] = np.arange(len(self.slots))
        self._column = column
        self._inside = [slots for _, slots in inside]
        self._stint = np.searchsorted([n for n, _ in inside], pictures, "right") - 1
        seen, newest = self._newest(ahead, pictures, begin)
        boxes = ahead.film.objects.boxes
        self.boxes: Boxes = np.where(
            (newest > 0)[..., None], boxes.take(newest - 1, axis=0, mode="clip"), before[self.slots]
        )
        among = np.zeros((len(inside), len(self.slots)), np.bool_)
        for row, slots in enumerate(self._inside):
            among[row, column[slots]] = True
        away = at_edge(self.boxes.reshape(-1, 4)).reshape(newest.shape)
        self.here: NDArray[np.bool_] = among[self._stint] & (seen | ~away)

    def of(self, look: int) -> tuple[Index, Boxes]:
        """Who is inside at a look, in the order in which they came, and where."""
        columns = self._column[self._inside[self._stint[look]]]
        columns = columns[self.here[look, columns]]
        return self.slots[columns], self.boxes[look, columns]

    def _newest(self, ahead: Ahead, pictures: Index, begin: int) -> tuple[NDArray[np.bool_], Index]:
        """Who (k, U) is seen, and in which row of the stretch, counted from 1, they were last."""
        end = int(pictures[-1]) + 1 if len(pictures) else begin
        part = slice(ahead.offsets[begin], ahead.offsets[end])
        column = self._column[ahead.slots[part]]
        rows = np.flatnonzero(column >= 0)
        table = np.zeros((end - begin, len(self.slots)), np.intp)
        table[ahead.frames[part][rows] - begin, column[rows]] = rows + part.start + 1
        seen = table[pictures - begin] > 0
        return seen, np.maximum.accumulate(table, axis=0)[pictures - begin]
