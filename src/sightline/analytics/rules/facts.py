"""What rules are about: numbers of analytics, events, health, and the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sightline.analytics.rules.schedule import Schedule
from sightline.wire.messages import Event

Counts = Mapping[str, Mapping[str, Mapping[str, float]]]


@dataclass(frozen=True, slots=True)
class Names:
    """What a rule may name; None where that is not known when it is written.

    places     names by kind of analytic: {"lines": {"door"}, "zones": {"till"}}
    fields     numbers that each kind has: {"lines": {"in", "out"}}
    schedules  by name
    cameras    for rules of a fleet
    health     keys of `health`; None lets all pass
    tz         whose `schedules` and `time` without one; UTC
    """

    places: Mapping[str, frozenset[str]] | None = None
    fields: Mapping[str, frozenset[str]] | None = None
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    cameras: frozenset[str] | None = None
    health: frozenset[str] | None = None
    tz: str = "UTC"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so at an instant. What is not in it is not known.

    time_ns    nanoseconds since the Unix epoch
    counts     {"lines": {"door": {"in": 3}}, …}, as analytics sum up
    events     that happened since the last time
    health     {"fps": 9.8, "temperature": 61.0, …}
    silent_s   seconds since each camera was last heard
    """

    time_ns: int
    counts: Counts = field(default_factory=dict)
    events: Sequence[Event] = ()
    health: Mapping[str, float] = field(default_factory=dict)
    silent_s: Mapping[str, float] = field(default_factory=dict)
