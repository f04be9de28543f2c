"""A past that was made up: what its days come to is what analytics find in its frames."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time

import numpy as np
import pytest

from sightline.analytics.replay import Replay
from sightline.camera.evaluation import scene_config
from sightline.camera.past.days import Past
from sightline.camera.past.rhythm import SHOP
from sightline.camera.past.wave import LABELS, recorded, still
from sightline.results import Detections
from sightline.results.stretch import stretches
from sightline.twin.questions import questions
from sightline.wire.formats.block import Block
from sightline.wire.formats.packed import unpack
from sightline.wire.messages import Event, Header, Measure
from sightline.wire.parcel import LARGEST, Parcel

MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 22)
EVER = (0, 1 << 40)
ASPECT = 16 / 9
COME_S = {"entrance": 20.0, "queue": 20.0, "shelf": 50.0}


def past_of(scene: str) -> Past:
    config = scene_config(f"scene:{scene}", "scene", name=scene, view={"watch": False})
    waves = tuple(recorded(config, busy, COME_S[scene], 5) for busy in (0.7, 1.5))
    pause, night = still(waves[0], 60, 10.0), still(waves[0], 600, 60.0)
    return Past(config, SHOP, 5, tuple((wave, wave) for wave in waves), pause, night)


@pytest.fixture(scope="module", params=["entrance", "queue", "shelf"])
def past(request: pytest.FixtureRequest) -> Past:
    return past_of(request.param)


def told(parcels: list[Parcel]) -> tuple[list[Block], list[Event], list[Measure]]:
    items = [item for parcel in parcels for item in unpack(parcel.body)]
    return (
        [item for item in items if isinstance(item, Block)],
        [item for item in items if isinstance(item, Event)],
        [item for item in items if isinstance(item, Measure)],
    )


def rows(blocks: list[Block]) -> Iterator[tuple[int, Detections]]:
    for block in blocks:
        for frame in block.frames():
            yield frame.time_ns, frame.detections


def test_a_day_is_the_same_whenever_it_is_asked_for(past: Past) -> None:
    whole = list(past.parcels(MONDAY, *EVER))
    assert whole == list(past.parcels(MONDAY, *EVER))
    assert whole == list(past_of(past.config.name).parcels(MONDAY, *EVER))
    assert [parcel.sequence for parcel in whole] == list(range(len(whole)))
    assert len({parcel.boot for parcel in whole}) == 1
    assert max(len(parcel.body) for parcel in whole) < LARGEST - 1024
    assert isinstance(next(unpack(whole[0].body)), Header)


def test_parts_of_a_day_make_the_day(past: Past) -> None:
    noon = int(datetime.combine(MONDAY, time(12)).timestamp())
    before, after = (
        told(list(past.parcels(MONDAY, *part))) for part in ((0, noon), (noon, EVER[1]))
    )
    whole = told(list(past.parcels(MONDAY, *EVER)))
    apart = [one.time_ns for one in before[1] + after[1]]
    across = [one.time_ns for one in whole[1] if one.time_ns not in set(apart)]
    assert apart + across  # at most one wave lies across noon, and is in neither
    assert sorted(apart + across) == sorted(one.time_ns for one in whole[1])
    assert not across or max(across) - min(across) < 200e9


def test_what_was_said_is_what_analytics_find_in_the_frames(past: Past) -> None:
    blocks, events, measures = told(list(past.parcels(MONDAY, *EVER)))
    assert events
    assert measures
    asked = questions(past.config, LABELS, ASPECT)
    replay = Replay(asked, LABELS)
    found = [event for batch in replay.run(stretches(rows(blocks))) for event in batch]
    assert Counter((e.kind, e.name, str(e.data.get("direction"))) for e in found) == Counter(
        (e.kind, e.name, str(e.data.get("direction"))) for e in events
    )
    assert replay.frames == sum(len(block.times) for block in blocks)


def test_nights_and_sundays_are_quiet(past: Past) -> None:
    blocks, events, _ = told(list(past.parcels(MONDAY, *EVER)))
    hours = {datetime.fromtimestamp(event.time_ns / 1e9).hour for event in events}
    assert hours <= set(range(8, 21))
    assert not told(list(past.parcels(SUNDAY, *EVER)))[1]
    times = np.concatenate([block.times for block in blocks])
    assert (np.diff(times) > 0).all()
    assert 23 * 3600 < (times[-1] - times[0]) / 1e9 <= 24 * 3600
