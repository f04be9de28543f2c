"""What the outbox is given, and what it hands out."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.camera.outbox.giving_up import Rank
from sightline.wire.parcel import Kind, Parcel


@dataclass(frozen=True, slots=True)
class Losses:
    """How much was given up."""

    frames: int = 0
    events: int = 0
    measures: int = 0

    def __add__(self, other: Losses) -> Losses:
        return Losses(
            self.frames + other.frames, self.events + other.events, self.measures + other.measures
        )


NOTHING = Losses()


@dataclass(frozen=True, slots=True)
class Draft:
    """A parcel that has no number yet; `holds` is how much is in it."""

    rank: Rank
    kind: Kind
    body: bytes
    header: str = ""
    holds: Losses = NOTHING


@dataclass(frozen=True, slots=True)
class Stored:
    """A parcel as the outbox holds it, until `id` is acknowledged."""

    id: int
    rank: Rank
    parcel: Parcel
