"""What a live viewer is told: frames of each camera no more often than asked for, and events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

import msgspec
import numpy as np

from sightline.hub.ingest.feed import (
    EventsStored,
    Feed,
    FramesSeen,
    News,
    Presence,
)
from sightline.wire.codec import lean
from sightline.wire.formats.block import PackedFrame
from sightline.wire.messages import Header

_WAITING = 512  # news of one viewer; one that is slower loses the oldest
_SLACK = 0.9  # of the time between two frames: cameras are not exact
_ENCODER = msgspec.json.Encoder()


class Stream:
    """`async for text in stream`: JSON for one viewer, until it is cancelled.

    Cameras send several frames together; which of them are shown goes by when they were taken.
    """

    def __init__(self, feed: Feed, cameras: Sequence[str], fps: float) -> None:
        self._feed = feed
        self._cameras = frozenset(cameras)
        self._pause_ns = int(_SLACK * 1e9 / fps)
        self._shown_ns: dict[str, int] = {}

    async def __aiter__(self) -> AsyncIterator[str]:
        kinds = (FramesSeen, EventsStored, Presence)
        with self._feed.listen_to(kinds, self._cameras, _WAITING) as listener:
            async for item in listener:
                for text in self._told(item):
                    yield text

    def _told(self, item: News) -> Iterator[str]:
        if isinstance(item, FramesSeen):
            yield from self._frames(item)
        elif isinstance(item, EventsStored):
            yield from (_ENCODER.encode(lean(event)).decode() for event in item.events)
        elif isinstance(item, Presence):
            told = {"type": "presence", "camera": item.camera, "connected": item.connected}
            yield _ENCODER.encode(told).decode()

    def _frames(self, item: FramesSeen) -> Iterator[str]:
        for block in item.blocks:
            for frame in block.frames():
                time_ns = frame.time_ns + item.offset_ns
                shown_ns = self._shown_ns.get(item.camera, 0)
                # A camera whose clock was set back is not silent until it has caught up.
                if shown_ns - 10**9 < time_ns < shown_ns + self._pause_ns:
                    continue
                self._shown_ns[item.camera] = time_ns
                yield _ENCODER.encode(_plain(item, frame, time_ns)).decode()


def _plain(item: FramesSeen, frame: PackedFrame, time_ns: int) -> dict[str, object]:
    found, header = frame.detections, item.header or Header(item.camera, "", 0, 0, ())
    labels = header.labels
    tracks = [None] * len(found) if found.track_ids is None else found.track_ids.tolist()
    names = [labels[i] if i < len(labels) else f"class {i}" for i in found.labels.tolist()]
    scores = np.round(found.scores.astype(np.float64), 3).tolist()
    boxes = np.round(found.boxes.astype(np.float64), 4).tolist()
    return {
        "type": "frame",
        "camera": item.camera,
        "time_ns": time_ns,
        "sequence": frame.sequence,
        "width": header.width,
        "height": header.height,
        "objects": [
            {"label": name, "score": score, "box": box, "track": track}
            for name, score, box, track in zip(names, scores, boxes, tracks, strict=True)
        ],
    }
