"""What is computed from recorded metadata is what the camera computed, to the event."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sightline.analytics.base import Analytic
from sightline.analytics.line import Line, LineConfig
from sightline.analytics.replay import Replay
from sightline.analytics.roster import Roster
from sightline.analytics.zone import Zone, ZoneConfig
from sightline.results.stretch import stretches
from sightline.wire.formats.open import open_reader, open_writer
from sightline.wire.messages import Header

Make = Callable[..., Any]
LABELS = ("person", "car")


def asked() -> list[Analytic]:
    roster = Roster(16 / 9)
    return [
        Line(LineConfig(name="door", points=((0.45, 0.9), (0.55, 0.1))), LABELS, roster=roster),
        Zone(
            ZoneConfig(name="till", polygon=((0.3, 0.3), (0.7, 0.3), (0.6, 0.8))),
            LABELS,
            roster=roster,
        ),
    ]


@pytest.mark.parametrize("format", ["jsonl", "packed"])
def test_replay_equals_live(
    film: Make, path: Make, play: Make, tmp_path: Path, format: str
) -> None:
    random = np.random.default_rng(7)
    paths = {
        number: path(
            *((t, *random.uniform(0.05, 0.95, 2)) for t in np.cumsum(random.uniform(1, 4, 6)))
        )
        for number in range(1, 9)
    }
    pictures = list(film(paths, 20, fps=12))
    live = play(asked(), pictures)
    assert len(live) > 20

    file = tmp_path / f"tracks.{format}"
    writer = open_writer(file, format)
    writer.header(Header("cam", "film", 1920, 1080, LABELS))
    for number, (time_ns, tracks) in enumerate(pictures):
        writer.frame(tracks, LABELS, number, time_ns)
    writer.close()

    reader = open_reader(file)
    replay = Replay(asked(), reader.header.labels)
    found = [event for batch in replay.run(stretches(reader.frames())) for event in batch]
    told = [
        [(e.kind, e.name, e.track, e.label, e.time_ns, e.data.get("direction")) for e in events]
        for events in (found, live)
    ]
    assert told[0] == told[1]
