"""Questions to the past: what lines and zones would have counted over stored frames.

The same analytics as on the camera, so the answers are those that it would have given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Connection

from sightline.analytics.replay import Replay
from sightline.errors import ConfigError
from sightline.hub.refused import Refused
from sightline.hub.store.frame_messages import Reading, sound_frames
from sightline.hub.store.frame_table import pieces_of
from sightline.hub.store.frames import between
from sightline.hub.store.segments import Segments
from sightline.results import Detections
from sightline.twin.config import CameraConfig, parse_config
from sightline.twin.questions import counts, questions
from sightline.wire.messages import Event

MOST_FRAMES = 500_000  # of one question: a day at five frames a second
_MOST_EVENTS = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What would have been counted.

    counts  {"lines": {NAME: {"in": 3, "out": 2}}, "zones": {…}}
    events  the first of what would have happened
    frames  that were looked at; `complete` is false where there were more than may be
    """

    counts: dict[str, dict[str, dict[str, float]]]
    events: tuple[Event, ...]
    frames: int
    complete: bool


def answer(
    connection: Connection,
    segments: Segments,
    camera: str,
    config: dict[str, Any],
    from_ns: int,
    to_ns: int,
) -> Answer:
    """Run the questions of `config` over a range. Raises Refused for what cannot be asked."""
    try:
        asked = parse_config({**config, "source": "stored", "name": camera}, "config")
    except ConfigError as error:
        raise Refused(str(error)) from None
    reading = Reading(connection, camera)
    rows = _rows(connection, segments, camera, reading, from_ns, to_ns)
    labels, aspect, first = _known(rows)
    if first is None:
        return Answer(counts(questions(asked, [], 1.0)), (), 0, True)
    return _replayed(asked, labels, aspect, first, rows)


def _replayed(
    asked: CameraConfig,
    labels: list[str],
    aspect: float,
    first: tuple[int, Detections],
    rows: Iterator[tuple[list[str], float, int, Detections]],
) -> Answer:
    try:
        analytics = questions(asked, labels, aspect)
        replay = Replay(analytics, labels, asked.detect.classes)
    except ConfigError as error:
        raise Refused(str(error)) from None

    def frames() -> Iterator[tuple[int, Detections]]:
        yield first
        for _, _, time_ns, tracks in islice(rows, MOST_FRAMES - 1):
            yield time_ns, tracks

    events: list[Event] = []
    for batch in replay.run(frames()):
        if batch and len(events) < _MOST_EVENTS:
            events += batch
    complete = next(rows, None) is None
    return Answer(counts(analytics), tuple(events[:_MOST_EVENTS]), replay.frames, complete)


def _known(
    rows: Iterator[tuple[list[str], float, int, Detections]],
) -> tuple[list[str], float, tuple[int, Detections] | None]:
    for labels, aspect, time_ns, tracks in rows:
        return labels, aspect, (time_ns, tracks)
    return [], 1.0, None


def _rows(
    connection: Connection,
    segments: Segments,
    camera: str,
    reading: Reading,
    from_ns: int,
    to_ns: int,
) -> Iterator[tuple[list[str], float, int, Detections]]:
    """Class names, aspect, time and tracks of each frame; names stay as they were first."""
    known: list[str] = []
    for table in between(connection, segments, camera, from_ns, to_ns):
        for piece in pieces_of(table):
            header = reading.header(piece.header)
            names = list(header.labels) if header else []
            aspect = header.width / header.height if header and header.height else 1.0
            known += [name for name in names if name not in known]
            own = np.array([known.index(name) for name in names] or [0], np.int32)
            for time_ns, _, tracks, _ in sound_frames(piece):
                if tracks.track_ids is None:
                    tracks = tracks[:0].with_tracks(np.empty(0, np.int64))
                if len(names) and len(tracks):
                    tracks = Detections(
                        tracks.boxes,
                        tracks.scores,
                        own[tracks.labels.clip(0, len(own) - 1)],
                        tracks.track_ids,
                    )
                yield known, aspect, time_ns, tracks
