"""The words of rules: which kind of analytic one means, and what kind of value it has."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """Of a value."""

    NUMBER = "a number"
    DURATION = "a duration"
    CLOCK = "a time of day"
    TRUTH = "a condition"


UNITS_S = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}

# What a rule says, and what the configuration calls it.
SUBJECTS = {
    "line": "lines", "zone": "zones", "dwell": "dwell", "people": "people", "queue": "queues",
    "paths": "paths", "distance": "distances", "crowd": "crowds", "speed": "speeds",
    "shelf": "shelves", "hazard": "hazards", "left": "left",
}  # fmt: skip
PRESENT = ("zones", "dwell", "queues", "crowds")  # kinds that know how many are inside


def seconds(text: str) -> float:
    """Of a duration as it is written: 2 min."""
    unit = next(name for name in ("ms", "min", "s", "h", "d") if text.endswith(name))
    return float(text[: -len(unit)].strip()) * UNITS_S[unit]


def kind_of_field(name: str) -> Kind:
    """Numbers whose name ends in _s are seconds."""
    return Kind.DURATION if name.endswith("_s") else Kind.NUMBER
