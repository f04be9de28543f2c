"""What a benchmark says, and how two ways of doing one job are timed fairly."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import TypeAlias

Way: TypeAlias = Callable[[], float]  # does the job and returns how many pictures it took
Spent: TypeAlias = dict[str, list[float]]  # milliseconds of CPU a picture, round by round


@dataclass(frozen=True, slots=True)
class Row:
    """One claim, measured.

    ours, theirs  in `unit`; `theirs` is None where the claim needs no peer
    peer          whom ours is compared with
    ratio         ours / theirs; None as above
    target        what the ratio (or `ours`, without a peer) may be; None: for information
    at_least      the target is a lower bound
    """

    claim: str
    ours: float
    unit: str
    peer: str = ""
    theirs: float | None = None
    ratio: float | None = None
    target: float | None = None
    at_least: bool = False

    @property
    def judged(self) -> float:
        """The number that the target speaks of."""
        return self.ours if self.ratio is None else self.ratio

    @property
    def holds(self) -> bool | None:
        """Whether the claim holds; None where nothing is claimed."""
        if self.target is None:
            return None
        return self.judged >= self.target if self.at_least else self.judged <= self.target


@dataclass(frozen=True, slots=True)
class Skipped:
    """A claim that could not be measured here, and what it would take."""

    claim: str
    why: str


Finding: TypeAlias = Row | Skipped
Findings: TypeAlias = Iterable[Finding]


def interleaved(ways: Mapping[str, Way], rounds: int) -> Spent:
    """CPU time of the process, threads included. The ways take turns, so that all share the
    machine's noise; one round beforehand warms caches and is not counted."""
    spent: Spent = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            gc.collect()
            begun = process_time()
            pictures = way()
            if number:
                spent[name].append((process_time() - begun) * 1e3 / pictures)
    return spent


def compared(
    claim: str, ours: Sequence[float], peer: str, theirs: Sequence[float], target: float | None
) -> Row:
    """Medians, and the median of the ratios round by round."""
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return Row(claim, median(ours), "ms", peer, median(theirs), median(ratios), target)


def cheapest(spent: Spent) -> str:
    """The way whose median is the lowest."""
    return min(spent, key=lambda name: median(spent[name]))
