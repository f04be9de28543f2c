"""What crosses the network: frozen dataclasses, shared by whoever sends and receives.

Every field added later has a default that means "as before", so that an old message
decodes for ever. Times are nanoseconds: since the Unix epoch for a live source, since
the start of the recording for a recorded one (`Header.clock` says which).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Place = tuple[float, float]
Clock = Literal["utc", "media"]


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a recording of metadata: what is needed to understand the rest."""

    camera: str
    source: str
    width: int
    height: int
    labels: tuple[str, ...]
    model: str = ""
    fps: float = 0.0
    clock: Clock = "media"
    boot: str = ""
    schema: str = "sightline/1"
    type: Literal["header"] = "header"


@dataclass(frozen=True, slots=True)
class Object:
    """One detected object. `box` is x1, y1, x2, y2 in fractions of the full sensor image."""

    label: str
    score: float
    box: tuple[float, float, float, float]
    track: int | None = None


@dataclass(frozen=True, slots=True)
class FrameMetadata:
    """Everything that was seen in one picture."""

    camera: str
    sequence: int
    time_ns: int
    objects: tuple[Object, ...] = ()
    type: Literal["frame"] = "frame"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at an instant.

    kind      what happened, dotted: "line.crossed", "zone.entered", "zone.left", "source.lost"
    name      which line, zone or source: the name that the user gave it
    track     the object that did it, with its class name in `label`
    place     x, y in fractions of the full sensor image
    data      what only this kind has: {"direction": "in"}, {"dwell_s": 4.2}
    """

    kind: str
    time_ns: int
    name: str = ""
    camera: str = ""
    track: int | None = None
    label: str | None = None
    place: Place | None = None
    data: dict[str, Any] = field(default_factory=dict)
    type: Literal["event"] = "event"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number over an interval: kind "line.count", "zone.occupancy", "zone.dwell", ..."""

    kind: str
    name: str
    start_ns: int
    end_ns: int
    value: float
    camera: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    type: Literal["measure"] = "measure"
