"""Visits to a zone and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Visits:
    """The open visits by slot, and the totals of the closed ones. Times are clock seconds."""

    entries: int = 0
    exits: int = 0
    count: int = 0
    peak: int = 0
    open_s: dict[int, float] = field(default_factory=dict)  # when each began
    closed_s: float = 0.0  # sum of their lengths
    now_s: float = 0.0

    def begin(self, slot: int, at_s: float, crossed: bool) -> None:
        """An object is inside since `at_s`, having crossed the boundary or appeared there."""
        self.open_s[slot] = at_s
        self.count += 1
        self.entries += crossed

    def end(self, slot: int, at_s: float, crossed: bool) -> float:
        """It was inside until `at_s`. Returns how long the visit was."""
        length = max(0.0, at_s - self.open_s.pop(slot))
        self.closed_s += length
        self.exits += crossed
        return length

    def seen(self, inside: int, now_s: float) -> None:
        """One picture: how many were seen inside."""
        self.now_s = now_s
        self.peak = max(self.peak, inside)

    def total_s(self) -> float:
        """Time spent inside by everybody, open visits up to now included."""
        return self.closed_s + sum(self.now_s - begun for begun in self.open_s.values())

    def mean(self) -> float:
        """How many were inside on average over the time so far."""
        return self.total_s() / self.now_s if self.now_s > 0 else float(self.peak)

    def dwell_s(self) -> float:
        """Mean length of a visit so far."""
        return self.total_s() / self.count if self.count else 0.0
