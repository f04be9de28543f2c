"""Visits to a zone and what they add up to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.keeping import State, by_slot, pairs


@dataclass(slots=True)
class Visits:
    """The open visits by slot, and the totals of the closed ones. Times are clock seconds."""

    entries: int = 0
    exits: int = 0
    count: int = 0
    present: int = 0
    peak: int = 0
    open_s: dict[int, float] = field(default_factory=dict)  # when each began
    closed_s: float = 0.0  # sum of their lengths
    now_s: float = 0.0

    def state(self) -> State:
        """For `restore`, as plain JSON values."""
        return asdict(self) | {"open_s": pairs(self.open_s)}

    @classmethod
    def restored(cls, state: State) -> Visits:
        """The visits of a state."""
        open_s = {slot: float(at_s) for slot, at_s in by_slot(state["open_s"]).items()}
        return cls(**state | {"open_s": open_s})

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
        self.present = inside
        self.peak = max(self.peak, inside)

    def pass_over(self, inside: NDArray[np.intp], now_s: float) -> None:
        """Several pictures in which nobody came or went: how many were seen inside in each."""
        self.seen(int(inside[-1]), now_s)
        self.peak = max(self.peak, int(inside.max()))

    def total_s(self, seen_s: NDArray[np.float64]) -> float:
        """Time spent inside by everybody; open visits last until they were seen last, by slot."""
        return self.closed_s + sum(float(seen_s[s]) - at_s for s, at_s in self.open_s.items())

    def mean(self, seen_s: NDArray[np.float64]) -> float:
        """How many were inside on average over the time so far."""
        return self.total_s(seen_s) / self.now_s if self.now_s > 0 else float(self.peak)

    def dwell_s(self, seen_s: NDArray[np.float64]) -> float:
        """Mean length of a visit so far."""
        return self.total_s(seen_s) / self.count if self.count else 0.0
