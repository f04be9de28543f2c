"""What crosses the network: frozen dataclasses, shared by whoever sends and receives.

Every field added later has a default that means "as before", so that an old message
decodes for ever. Times are whole nanoseconds: since the Unix epoch for a live source,
since the start of the recording for a recorded one (`Header.clock` says which);
`seconds` gives them as a float. Coordinates are fractions of the full sensor image,
origin top left. The docstrings below are published in the JSON Schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Place = tuple[float, float]
Keypoint = tuple[float, float, float]
Clock = Literal["utc", "media"]


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a recording of metadata: what is needed to understand the rest.

    camera   name of the camera
    source   where its pictures come from, without credentials
    width    of the full sensor image in pixels
    height   of the full sensor image in pixels
    labels   the class names of the model, in the model's order
    model    name of the network
    fps      nominal pictures a second, 0 where nobody knows
    clock    what times count from: "utc" the Unix epoch, "media" the start of the recording
    boot     identity of this run of the camera
    version  of the Sightline that wrote it
    schema   of the messages that follow
    keypoints  names of the keypoints of each object, in their order, where the model finds some
    """

    type: Literal["header"] = field(default="header", kw_only=True)
    camera: str
    source: str
    width: int
    height: int
    labels: tuple[str, ...]
    model: str = ""
    fps: float = 0.0
    clock: Clock = "media"
    boot: str = ""
    version: str = ""
    schema: str = "sightline/1"
    keypoints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mask:
    """Which part of an object's box is the object: a raster that is stretched over the box.

    size  rows and columns of the raster
    runs  how many pixels are outside and inside in turn, row by row, beginning with outside
    """

    size: tuple[int, int]
    runs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """One object in one picture.

    label      class name
    score      0..1
    box        x1, y1, x2, y2; may reach beyond 0..1 where the edge cuts the object. A network
               that classifies whole pictures gives the box of what it saw
    track      identity over time; absent where objects are not followed
    keypoints  x, y and score of each of the header's keypoints, where the model finds some
    mask       which part of the box is the object, where the model says so
    """

    label: str
    score: float
    box: tuple[float, float, float, float]
    track: int | None = None
    keypoints: tuple[Keypoint, ...] | None = None
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class FrameMetadata:
    """Everything that was seen in one picture.

    camera    name of the camera
    sequence  number of the picture, counted by the source; a gap means pictures left out
    time_ns   when it was taken, by the header's clock
    objects   what is in it
    truth     what a rendered scene knows to be in it, for measuring how well the model does
    name      file name of the picture, where the source has files
    probes    numbers that were read off the picture, by what they are called
    """

    type: Literal["frame"] = field(default="frame", kw_only=True)
    camera: str
    sequence: int
    time_ns: int
    objects: tuple[Object, ...] = ()
    truth: Any = None
    name: str = ""
    probes: dict[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """`time_ns` in seconds."""
        return self.time_ns / 1e9


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at an instant.

    kind     what, dotted: "line.crossed", "zone.entered", "zone.left", "source.lost"
    time_ns  when, by the header's clock
    name     which line, zone or source: the name that the user gave it
    camera   name of the camera
    track    the object that did it
    label    its class name
    place    x, y where it happened
    data     what only this kind has: {"direction": "in"}, {"dwell_s": 4.2}
    """

    type: Literal["event"] = field(default="event", kw_only=True)
    kind: str
    time_ns: int
    name: str = ""
    camera: str = ""
    track: int | None = None
    label: str | None = None
    place: Place | None = None
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """`time_ns` in seconds."""
        return self.time_ns / 1e9


@dataclass(frozen=True, slots=True)
class Measure:
    """A number over an interval.

    kind      what is measured, dotted: "line.count", "zone.occupancy", "zone.dwell"
    name      which line or zone: the name that the user gave it
    start_ns  begin of the interval, by the header's clock
    end_ns    end of the interval
    value     the number
    camera    name of the camera
    data      what only this kind has: {"direction": "in"}
    """

    type: Literal["measure"] = field(default="measure", kw_only=True)
    kind: str
    name: str
    start_ns: int
    end_ns: int
    value: float
    camera: str = ""
    data: dict[str, Any] = field(default_factory=dict)


Message: TypeAlias = Header | FrameMetadata | Event | Measure
