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
    zones    by name of the zone, so far: {"present": 2, ...}; a queue's holds "waiting"
    events   what has just happened; a line that was crossed lights up
    speeds   by track, metres a second
    counted  whether counts are shown; they would lead who counts as well
    """

    time_ns: int
    clock: Clock = "media"
    lines: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    zones: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    events: Sequence[Event] = ()
    speeds: Mapping[int, float] = field(default_factory=dict)
    counted: bool = True

    def of_zone(self, name: str) -> str:
        """What a zone's tag says: how many are inside, or how many wait and how long yet."""
        numbers = self.zones.get(name, {})
        for key, word in (("empty", "empty"), ("standing", "left")):
            if key in numbers and "present" not in numbers:
                return f"{numbers[key]:.0f} {word}"
        if "waiting" not in numbers:
            return f"{numbers.get('present', 0):.0f}"
        expected = numbers["expected_s"]
        return f"{numbers['waiting']:.0f} wait" + (f" · {expected:.0f} s" if expected >= 0 else "")
