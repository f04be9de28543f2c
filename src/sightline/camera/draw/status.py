"""What stands in a picture besides the objects: time and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sightline.wire.messages import Clock, Event


@dataclass(frozen=True, slots=True)
class Status:
    """The moment at which a picture was taken.

    time_ns  capture time
    clock    what it counts from, see `wire.messages.Header`
    lines    by name of the line, so far: {"in": 3, "out": 2}
    zones    by name of the zone: objects inside now
    events   what has just happened; a line that was crossed lights up
    """

    time_ns: int
    clock: Clock = "media"
    lines: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    zones: Mapping[str, float] = field(default_factory=dict)
    events: Sequence[Event] = ()
