"""How far a number may be from the truth: three numbers that add up, and an interval from them.

A count is the sum of pieces of evidence, each of which stands for so many true ones on average,
with a variance of its own (`analytics.evidence`). What is wrong with one piece has nothing to do
with the next, so variances add up. What is wrong with a place as a whole, such as a corner that
hides one in thirty, is the same tomorrow: that standard error adds up as it is and does not average
out. From minutes to days all three numbers are added; over cameras `beside` adds the common errors
as those of strangers.

The interval is that of a gamma distribution of this mean and variance, which is never below zero
and near to normal where there is much; its quantiles are by Wilson and Hilferty ("The distribution
of chi-square", 1931).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Many: TypeAlias = NDArray[np.float64]
Some: TypeAlias = float | Many

_Z = 1.959964  # of 95 %
_BENT = 2.94  # standard error by mean, beyond which the formula turns back
_NOTHING = 1e-9
_NAMES = ("expected", "variance", "common")


class Bounds(NamedTuple):
    """The truth is from the one to the other in 95 of 100 cases."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """expected  what is believed to be true, on average
    variance  of what is wrong by chance
    common    standard error of what is wrong with all of it in the same way
    """

    expected: float = 0.0
    variance: float = 0.0
    common: float = 0.0

    def __add__(self, other: Doubt) -> Doubt:
        """More of the same camera."""
        return Doubt(
            self.expected + other.expected,
            self.variance + other.variance,
            self.common + other.common,
        )

    def __sub__(self, other: Doubt) -> Doubt:
        """What has come since `other`."""
        return Doubt(
            self.expected - other.expected,
            max(0.0, self.variance - other.variance),
            max(0.0, self.common - other.common),
        )

    def beside(self, other: Doubt) -> Doubt:
        """Together with that of another camera, whose errors are its own."""
        both = self + other
        return Doubt(both.expected, both.variance, hypot(self.common, other.common))

    def times(self, factor: float, error: float = 0.0) -> Doubt:
        """So many times as much, where `factor` is known with a standard error."""
        common = hypot(factor * self.common, error * self.expected)
        return Doubt(factor * self.expected, factor**2 * self.variance, common)

    @property
    def spread(self) -> float:
        """The standard error of the whole."""
        return sqrt(self.variance + self.common**2)

    def bounds(self) -> Bounds:
        """The interval of a number that need not be whole."""
        return _bounds(*between(self.expected, self.spread))

    def counts(self) -> Bounds:
        """The interval of a number of things: the whole numbers nearest to its ends."""
        return _bounds(*whole(*between(self.expected, self.spread)))

    def over(self, other: Doubt) -> Bounds:
        """The interval of this by `other`, as seconds by visits; 0 of nothing."""
        return _bounds(*quotient(self.expected, self.spread, other.expected, other.spread))


def between(mean: Some, spread: Some) -> tuple[Many, Many]:
    """Low and high of numbers with these means and standard errors."""
    mean, spread = np.maximum(mean, 0.0), np.asarray(spread, np.float64)
    share = np.minimum(spread / np.maximum(mean, _NOTHING), _BENT)
    middle, half = 1 - share**2 / 9, _Z * share / 3
    return mean * np.maximum(middle - half, 0) ** 3, mean * np.maximum(middle + half, 0) ** 3


def whole(low: Many, high: Many) -> tuple[Many, Many]:
    """The whole numbers nearest to the ends of intervals."""
    return np.maximum(np.ceil(low - 0.5), 0), np.floor(high + 0.5)


def quotient(over: Some, over_spread: Some, by: Some, by_spread: Some) -> tuple[Many, Many]:
    """Low and high of one number by another, whose errors are their own (delta method)."""
    over, by = np.maximum(over, 0.0), np.maximum(by, _NOTHING)
    share = np.hypot(over_spread / np.maximum(over, _NOTHING), by_spread / by)
    mean = np.where(by > _NOTHING, over / by, 0.0)
    return between(mean, mean * np.minimum(share, _BENT))


def _bounds(low: Many, high: Many) -> Bounds:
    return Bounds(float(low), float(high))


def written(doubt: Doubt, of: Doubt | None = None) -> dict[str, Any]:
    """As a measure carries it: `low` and `high`, and `doubt`, the three numbers that add up.

    of  what it is divided by, where it is a mean: six numbers then
    """
    bounds = doubt.counts() if of is None else doubt.over(of)
    numbers = [getattr(one, name) for one in (doubt, of) if one is not None for name in _NAMES]
    return {
        "low": round(bounds.low, 4),
        "high": round(bounds.high, 4),
        "doubt": [round(number, 6) for number in numbers],
    }


def read(numbers: Sequence[float]) -> list[Doubt]:
    """What was `written` as `doubt`: one, or the two whose quotient it is about."""
    return [Doubt(*numbers[at : at + 3]) for at in range(0, len(numbers), 3)]
