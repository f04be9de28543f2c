"""Where pictures come from: the contract and the table of sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from sightline.picture import Frame
from sightline.wire.messages import Event

TABLE = {
    "file": "sightline.source.file:FileSource",
    "images": "sightline.source.images:ImageSource",
    "rtsp": "sightline.source.stream:StreamSource",
    "http": "sightline.source.stream:StreamSource",
    "usb": "sightline.source.usb:UsbSource",
    "imx500": "sightline.source.imx500:Imx500Source",
    "scene": "sightline.source.scene:SceneSource",
}


class SourceConfig(BaseModel):
    """How pictures are taken in.

    uri          what to look at: a file, a folder, rtsp://, http://, usb:0, scene:
    fps          at most this many pictures a second go on (None: all of them)
    stills       images in files have nothing to do with one another, and nobody is followed from
                 one to the next (None: judged by their names and sizes; with `fps` they are a film)
    idle         decode keyframes only while nothing moves; "auto" does it for live streams
    stall_s      a live source is called stalled after this long without a picture
                 (None: two frame times, at least 2 s)
    connect_timeout_s  a live source that has not given its first picture after this long is
                 given up (None: it is tried for ever)
    redirects    whether an address over HTTP may lead to another
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    uri: str
    fps: float | None = Field(default=None, gt=0)
    stills: bool | None = None
    idle: Literal["auto", "on", "off"] = "auto"
    stall_s: float | None = Field(default=None, gt=0)
    connect_timeout_s: float | None = Field(default=20.0, gt=0)
    redirects: bool = True


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source once it is open. `frames` is 0 where nobody knows.

    stills  its pictures have nothing to do with one another
    """

    width: int
    height: int
    fps: float
    live: bool
    frames: int = 0
    stills: bool = False


@dataclass(slots=True)
class SourceCounters:
    """What a source did not hand over, and why. Only ever grows."""

    dropped: int = 0  # decoded, but the reader was still busy with an older one
    skipped: int = 0  # never decoded, because nothing moved (idle) or `fps` is lower
    corrupt: int = 0  # packets that would not decode
    stalls: int = 0  # nothing came for `stall_s`
    runaways: int = 0  # far more pictures came than the stream promises
    reconnects: int = 0


class Source(Protocol):
    """`with source: for item in source.frames(): ...`

    A live source gives the newest picture first, a recorded one every picture. Between
    pictures it gives an `Event` for each change of its own state, named for the source
    without its credentials:

    source.connected  a live source gives pictures (again): width, height, fps, attempt
    source.stalled    nothing came for a while: after_s
    source.resumed    a stalled stream went on by itself: after_s
    source.lost       the stream ended or failed and is tried again: reason, after_s
    source.runaway    far more pictures come than the stream promises: fps
    source.resized    pictures have another size from here on: width, height
    source.corrupt    something would not decode and was left out: file, or packets
    source.idle       nothing moves, so only keyframes are decoded from here on
    source.awake      something moves, so every picture is decoded from here on
    source.ended      a recording is over: pictures, and truncated where its end is missing

    `info` is known on entering, but for a live source that cannot be reached yet: its width
    and height are 0 until source.connected. Set `busy` while something is being followed,
    so that a person who stands still is not taken for an idle scene.
    """

    info: SourceInfo
    counters: SourceCounters
    busy: bool

    def __enter__(self) -> Source: ...
    def __exit__(self, *exc: object) -> None: ...
    def frames(self) -> Iterator[Frame | Event]: ...

    def close(self) -> None:
        """End `frames` soon; may be called from any thread."""
        ...
