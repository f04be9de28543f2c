"""Frames for who looks on, handed over when they come and not only when they are stored.

What is shown so may, if the hub loses power the next moment, never be stored here; the camera
sends it again then. It was checked as everything is, and nothing is counted from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sightline.hub.gateway.base import Arrival
from sightline.hub.ingest.feed import Feed, FramesSeen, FramesStored
from sightline.hub.ingest.opening import Content, Frames
from sightline.wire import topics
from sightline.wire.messages import Header

_SMALL = 16 << 10  # bytes; a backlog is no live picture


@dataclass(slots=True)
class _Run:
    """How a camera's frames are read; parcels up to `told` have been handed over."""

    boot: str
    digest: str
    header: Header
    offset_ns: int
    told: int


class Preview:
    """Each parcel of frames is told once as `FramesSeen`, while somebody listens.

    Which header frames are read with is known to the writer alone, so the first parcel is told
    when it was stored, and with it what those that follow need.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._runs: dict[str, _Run] = {}

    def wants(self, arrival: Arrival) -> bool:
        """Whether it is worth opening at once."""
        if not self._feed.heard(FramesSeen, arrival.camera):
            return False
        own = arrival.topic == topics.up(arrival.camera, "frames")
        return own and len(arrival.payload) <= _SMALL

    def came(self, content: Content) -> None:
        """Frames that are not stored yet."""
        if not isinstance(content, Frames):
            return
        parcel = content.parcel
        run = self._runs.get(parcel.camera)
        if run is None or (run.boot, run.digest) != (parcel.boot, parcel.header):
            return
        if parcel.sequence > run.told:
            run.told = parcel.sequence
            self._tell(parcel.camera, run.header, content, run.offset_ns)

    def stored(self, item: FramesStored) -> None:
        """Frames that are stored, told already or not."""
        if not self._feed.heard(FramesSeen, item.camera):
            self._runs.pop(item.camera, None)
            return
        run = self._runs.get(item.camera)
        told = run.told if run is not None and run.boot == item.boot else -1
        if item.header is not None:
            told_now = max(told, item.sequence)
            self._runs[item.camera] = _Run(
                item.boot, item.digest, item.header, item.offset_ns, told_now
            )
        if item.sequence > told:
            self._tell(item.camera, item.header, item, item.offset_ns)

    def _tell(
        self, camera: str, header: Header | None, frames: Frames | FramesStored, offset_ns: int
    ) -> None:
        self._feed.publish(FramesSeen(camera, header, frames.blocks, offset_ns))
