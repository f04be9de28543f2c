"""What is true of whom in many pictures, and in which of them that changes."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.slots import Index

Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Turns:
    """R rows of k pictures, of which the first has the number `begin`.

    offsets  (k + 1,) where the rows of each picture begin
    slots    (R,) whose they are, each once a picture at most
    found    (R,) truths by name
    eased    the same of those of whom it was true before, where that is judged more mildly
    """

    begin: int
    offsets: Index
    slots: Index
    found: Mapping[str, Truths]
    eased: Mapping[str, Truths]

    def looks(self, frames: Index) -> Index:
        """The first picture, and those in which anything is another than in the one before, for
        somebody who is seen or no longer seen; `frames` (R,): 0 to k - 1."""
        looks = np.zeros(len(self.offsets) - 1, np.bool_)
        looks[:1] = True
        code = np.zeros(len(self.slots), np.int64)
        for bit, truths in enumerate([*self.found.values(), *self.eased.values()]):
            code |= truths.astype(np.int64) << bit
        order = self.slots.argsort(kind="stable")
        own, code, at = self.slots[order], code[order], frames[order]
        goes_on = (own[1:] == own[:-1]) & (at[1:] == at[:-1] + 1)
        before, after = np.zeros_like(code), np.zeros(len(code), np.bool_)
        before[1:] = np.where(goes_on, code[:-1], 0)
        after[:-1] = goes_on
        looks[at[code != before]] = True
        gone = at[~after & (code != 0)] + 1
        looks[gone[gone < len(looks)]] = True
        return np.flatnonzero(looks)

    def picture(
        self, number: int, before: Mapping[str, Set[int]]
    ) -> tuple[Index, dict[str, Truths]]:
        """Slots and truths of one picture; `before`: of whom it was true, by name."""
        part = slice(*self.offsets[number - self.begin : number - self.begin + 2].tolist())
        slots = self.slots[part]
        found = {}
        for what, truths in self.found.items():
            found[what] = truths[part]
            if before[what] and self.eased[what] is not truths:
                same = np.array([slot in before[what] for slot in slots.tolist()], np.bool_)
                found[what] = np.where(same, self.eased[what][part], truths[part])
        return slots, found
