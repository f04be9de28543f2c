"""What came of a camera's run: each number once, holes known."""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum

from sightline.errors import InputError

_MOST_GAPS = 1000


class Verdict(Enum):
    """What a number is to whoever counts."""

    NEW = "new"
    LATE = "late"  # it fills a hole
    DUPLICATE = "duplicate"


class Deliveries:
    """Which numbers of one run have come: all below `next` but those in `gaps`.

    gaps  [first, last, lost] in order; lost ones the camera gave up
    """

    __slots__ = ("gaps", "gaps_changed", "next")

    def __init__(self, next: int = 0, gaps: list[tuple[int, int, bool]] | None = None) -> None:
        self.next = next
        self.gaps = gaps or []
        self.gaps_changed = False

    def take(self, sequence: int) -> Verdict:
        """Count a number. Raises InputError where the holes get too many to be true."""
        if sequence == self.next:
            self.next += 1
            return Verdict.NEW
        if sequence > self.next:
            self._replace(len(self.gaps), 0, [(self.next, sequence - 1, False)])
            self.next = sequence + 1
            return Verdict.NEW
        at = self._at(sequence)
        if at < 0:
            return Verdict.DUPLICATE
        first, last, lost = self.gaps[at]
        parts = [(first, sequence - 1, lost), (sequence + 1, last, lost)]
        self._replace(at, 1, [part for part in parts if part[0] <= part[1]])
        return Verdict.LATE

    def give_up(self, first: int, last: int) -> None:
        """The camera says that what is missing of these will never come."""
        for at in range(len(self.gaps) - 1, -1, -1):
            begin, end, _ = self.gaps[at]
            low, high = max(begin, first), min(end, last)
            if low <= high:
                parts = [(begin, low - 1, False), (low, high, True), (high + 1, end, False)]
                self._replace(at, 1, [part for part in parts if part[0] <= part[1]])

    def _at(self, sequence: int) -> int:
        at = bisect_right(self.gaps, (sequence, 1 << 63, True)) - 1
        return at if at >= 0 and self.gaps[at][0] <= sequence <= self.gaps[at][1] else -1

    def _replace(self, at: int, count: int, parts: list[tuple[int, int, bool]]) -> None:
        if len(self.gaps) - count + len(parts) > max(_MOST_GAPS, len(self.gaps)):
            raise InputError("its numbers have more holes than any fault makes")
        self.gaps[at : at + count] = parts
        self.gaps_changed = True
