"""What every foreign format comes down to: pictures with objects in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

Size = tuple[int, int]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Seen(NamedTuple):
    """One object. `box` is x1, y1, x2, y2, fractions of the picture; `track` as it was written."""

    label: str
    score: float
    box: tuple[float, float, float, float]
    track: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, or a part of one: those that follow each other with one time are joined.

    time_ns  None where the record does not tell
    camera   "" where the record does not tell
    """

    time_ns: int | None
    seen: tuple[Seen, ...]
    camera: str = ""


def instant(text: str) -> int:
    """Nanoseconds since 1970 of an ISO 8601 time; without a zone it is UTC. Raises ValueError."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no time; 2026-11-26T09:30:00Z was expected") from None
    step = (told if told.tzinfo else told.replace(tzinfo=UTC)) - _EPOCH
    return ((step.days * 86400 + step.seconds) * 1_000_000 + step.microseconds) * 1000


def pixels(
    x1: float, y1: float, x2: float, y2: float, size: Size
) -> tuple[float, float, float, float]:
    """A box in pixels as fractions."""
    width, height = size
    return x1 / width, y1 / height, x2 / width, y2 / height
