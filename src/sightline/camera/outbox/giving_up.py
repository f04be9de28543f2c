"""What an outbox gives up where it holds too much or too old: pictures' metadata before numbers,
numbers before events, and the ledger last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Rank = Literal["frames", "measures", "events", "ledger"]
RANKS: tuple[Rank, ...] = ("frames", "measures", "events", "ledger")  # the order of giving up

_HEADROOM = 32  # this part of the bound is freed beyond what is needed, so that cuts are few


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much an outbox holds at most: bytes of parcels, and seconds that a parcel may wait.

    Waiting is counted while the camera runs, so a clock that is set right makes nothing old.
    """

    bytes: int
    age_s: float


@dataclass(frozen=True, slots=True)
class Held:
    """What there is of one rank; `oldest_s` is how long the oldest of it has waited."""

    bytes: int = 0
    parcels: int = 0
    oldest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Cut:
    """Of a rank, the oldest go: at least so many bytes, and all that waited longer than that."""

    rank: Rank
    bytes: int = 0
    older_than_s: float | None = None


def cuts(held: Mapping[Rank, Held], bounds: Bounds) -> list[Cut]:
    """What has to go, in order; nothing where all is within bounds."""
    found = [
        Cut(rank, older_than_s=bounds.age_s)
        for rank in RANKS
        if rank in held and held[rank].oldest_s > bounds.age_s
    ]
    total = sum(item.bytes for item in held.values())
    if total <= bounds.bytes:
        return found
    surplus = total - bounds.bytes + bounds.bytes // _HEADROOM
    for rank in RANKS:
        taken = min(surplus, held[rank].bytes if rank in held else 0)
        if taken > 0:
            found.append(Cut(rank, bytes=taken))
            surplus -= taken
    return found
