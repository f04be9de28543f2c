"""Times of pictures as a hub wants them."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sightline.camera.agent.feed import Feed
from sightline.picture import Frame
from sightline.source import SourceConfig
from sightline.twin.agent import AgentConfig
from sightline.wire.messages import Event

FREE = AgentConfig(pace="free")


@pytest.fixture
def folder(pictures: Callable[..., Path]) -> SourceConfig:
    return SourceConfig(uri=str(pictures([np.zeros((48, 64, 3), np.uint8)] * 5)), fps=10)


def frames(feed: Feed, count: int = 1000) -> list[Frame]:
    found: list[Any] = []
    with feed:
        for item in feed.items():
            if isinstance(item, Frame):
                found.append(item)
            if len(found) == count:
                feed.close()
    return found[:count]


def test_a_recording_begins_now_and_keeps_its_distances(folder: SourceConfig) -> None:
    before = time.time_ns()
    seen = frames(Feed(folder, FREE))
    assert before <= seen[0].time_ns <= time.time_ns()
    steps = np.diff([frame.time_ns for frame in seen])
    assert steps.tolist() == [100_000_000] * 4


def test_it_loops_with_growing_times_and_numbers(folder: SourceConfig) -> None:
    seen = frames(Feed(folder, AgentConfig(pace="free", at_end="loop")), 17)
    assert [frame.sequence for frame in seen] == list(range(17))
    assert all(step > 0 for step in np.diff([frame.time_ns for frame in seen]))


def test_it_never_begins_before_the_last_one_ended(folder: SourceConfig) -> None:
    """Whether it ran ahead of the clock, or the clock was set back."""
    future = time.time_ns() + 3600 * 10**9
    assert frames(Feed(folder, FREE, future))[0].time_ns == future + 100_000_000


def test_at_its_own_pace_no_picture_comes_early(folder: SourceConfig) -> None:
    feed = Feed(folder, AgentConfig(pace="clock"))
    with feed:
        for item in feed.items():
            if isinstance(item, Frame):
                assert item.time_ns <= time.time_ns() + 20_000_000


def test_events_of_the_source_are_in_the_same_time(folder: SourceConfig) -> None:
    with Feed(folder, FREE) as feed:
        events = [item for item in feed.items() if isinstance(item, Event)]
    assert events
    assert all(event.time_ns > 1_700_000_000 * 10**9 for event in events)
