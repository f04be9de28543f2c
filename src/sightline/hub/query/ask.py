"""Questions to the past: what lines and zones would have counted over stored frames.

The same analytics as on the camera, so the answers are those that it would have given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sqlalchemy import Connection

from sightline.analytics.replay import Replay
from sightline.errors import ConfigError
from sightline.hub.query.film import MOST_FRAMES, stored
from sightline.hub.refused import Refused
from sightline.hub.store.segments import Segments
from sightline.results.stretch import Stretch
from sightline.twin.config import CameraConfig, parse_config
from sightline.twin.questions import Intervals, bounds, counts, questions
from sightline.wire.messages import Event

_MOST_EVENTS = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What would have been counted.

    counts  {"lines": {NAME: {"in": 3, "out": 2}}, "zones": {…}}
    bounds  between what they truly are, in 95 of 100 cases: {"lines": {NAME: {"in": [2, 4]}}}
    events  the first of what would have happened
    frames  that were looked at; `complete` is false where there were more than may be
    """

    counts: dict[str, dict[str, dict[str, float]]]
    events: tuple[Event, ...]
    frames: int
    complete: bool
    bounds: Intervals = field(default_factory=dict)


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
    film = stored(connection, segments, camera, from_ns, to_ns)
    first = next(film, None)
    if first is None:
        return Answer(counts(questions(asked, [], 1.0)), (), 0, True)
    labels, aspect, stretch = first
    return _replayed(asked, labels, aspect, chain([stretch], (one for _, _, one in film)))


def _replayed(
    asked: CameraConfig, labels: list[str], aspect: float, film: Iterator[Stretch]
) -> Answer:
    try:
        analytics = questions(asked, labels, aspect)
        replay = Replay(analytics, labels, asked.detect.classes)
    except ConfigError as error:
        raise Refused(str(error)) from None

    complete = True

    def counted() -> Iterator[Stretch]:
        nonlocal complete
        left = MOST_FRAMES
        for one in film:
            if len(one) > left:
                complete = False
                yield one.part(0, left)
                return
            left -= len(one)
            yield one

    events: list[Event] = []
    for batch in replay.run(counted()):
        if batch and len(events) < _MOST_EVENTS:
            events += batch
    happened = tuple(events[:_MOST_EVENTS])
    return Answer(counts(analytics), happened, replay.frames, complete, bounds(analytics))
