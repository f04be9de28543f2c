"""What an application of Azure's Spatial Analysis asked to be told of each line and zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["count", "linecrossing", "zonecrossing", "zonedwelltime", "persondistance"]
KINDS: tuple[Kind, ...] = (
    "count", "linecrossing", "zonecrossing", "zonedwelltime", "persondistance",
)  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """How often something is told.

    trigger           "event": when it happens or changes; "interval": once a second
    output_frequency  only every so-manieth is written
    """

    trigger: Literal["event", "interval"] = "event"
    output_frequency: int = 1

    def __post_init__(self) -> None:
        if self.output_frequency < 1:
            raise ValueError("output_frequency must be 1 or more")


@dataclass(frozen=True)
class Wishes:
    """By name of line or zone. A name that is not here is told everything about.

    polygons   of the zones, for the side that somebody crossed
    limits_m   of the distances, in metres
    """

    by_name: Mapping[str, Mapping[Kind, Wish]] = field(default_factory=dict)
    polygons: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)
    limits_m: Mapping[str, float] = field(default_factory=dict)

    def of(self, name: str, kind: Kind) -> Wish | None:
        """None where nobody wants to know."""
        if name not in self.by_name:
            return Wish()
        return self.by_name[name].get(kind)
