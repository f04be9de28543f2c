"""Series of sums with what is known of their errors: between what each sum truly is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from sightline.analytics.doubt import between, quotient, whole
from sightline.hub.store.rollups import DOUBTS, INVALID, Key
from sightline.hub.store.series import Asked, Reading, read_series

Numbers = NDArray[np.float64]

_COMMON = (DOUBTS[2], DOUBTS[5])


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Of each interval the low and the high end, and the numbers (3 or 6) that add up to them."""

    low: Numbers
    high: Numbers
    doubt: list[Numbers]


def read_bands(
    connection: Connection,
    asked: Asked,
    over: Sequence[str],
    from_s: int,
    to_s: int,
    resolution: int,
) -> dict[Key, Band]:
    """Those of the measures among the series that are asked for, by the measure's key."""
    if asked.subject not in ("", "measure"):
        return {}
    found: dict[Key, dict[str, Numbers]] = defaultdict(dict)
    for subject in DOUBTS:
        reading = read_series(connection, replace(asked, subject=subject), from_s, to_s, resolution)
        if not reading.series:
            break
        added = _common(reading, over) if subject in _COMMON else _plain(reading.over(over))
        for key, numbers in added.items():
            found[key._replace(subject="measure")][subject] = numbers
    return {key: _band(parts) for key, parts in found.items()}


def _plain(reading: Reading) -> dict[Key, Numbers]:
    return {one.key: one.total for one in reading.series}


def _common(reading: Reading, over: Sequence[str]) -> dict[Key, Numbers]:
    """What is wrong with one place has nothing to do with another: their squares add up."""
    ways, places = [p for p in over if p == "part"], [p for p in over if p != "part"]
    together: dict[Key, Numbers] = {}
    for key, numbers in _plain(reading.over(ways)).items():
        place = key._replace(**dict.fromkeys(places, ""))
        together[place] = np.hypot(together.get(place, 0.0), numbers)
    return together


def _band(parts: dict[str, Numbers]) -> Band:
    nothing = np.zeros(len(next(iter(parts.values()))))
    mean = any(subject in parts for subject in DOUBTS[3:])
    numbers = [parts.get(subject, nothing) for subject in DOUBTS[: 6 if mean else 3]]
    expected, variance, common = numbers[:3]
    spread = np.sqrt(variance + common**2)
    if mean:
        by, by_variance, by_common = numbers[3:]
        low, high = quotient(expected, spread, by, np.sqrt(by_variance + by_common**2))
    else:
        low, high = whole(*between(expected, spread))
    return Band(low, high, numbers)


def read_invalid(
    connection: Connection,
    asked: Asked,
    over: Sequence[str],
    from_s: int,
    to_s: int,
    resolution: int,
) -> dict[Key, Numbers]:
    """How much of each interval of a series was said by a camera that could not see, or whose
    clock was wrong: to be divided by its `n`."""
    found: dict[Key, Numbers] = {}
    for subject, beside in INVALID.items():
        if asked.subject in ("", subject):
            wanted = replace(asked, subject=beside)
            reading = read_series(connection, wanted, from_s, to_s, resolution, over)
            found |= {one.key._replace(subject=subject): one.total for one in reading.series}
    return found
