"""People on paths, so that a test reads like what happens in front of the camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pytest

from sightline.analytics.base import Analytic
from sightline.geometry.ground import Ground
from sightline.results import Detections
from sightline.wire.messages import Event

# Seconds to the place of the feet, or None while nobody sees it.
Path: TypeAlias = Callable[[float], tuple[float, float] | None]
Film: TypeAlias = Iterator[tuple[int, Detections]]
HEIGHT, WIDTH = 0.2, 0.05


def tracks_of(places: Mapping[int, tuple[float, float]], label: int = 0) -> Detections:
    """People of one size whose feet stand at `places`, by identity."""
    boxes = [(x - WIDTH / 2, y - HEIGHT, x + WIDTH / 2, y) for x, y in places.values()]
    count = len(places)
    return Detections(
        np.array(boxes, np.float32).reshape(count, 4),
        np.ones(count, np.float32),
        np.full(count, label, np.int32),
        np.array(list(places), np.int64),
    )


def film_of(
    paths: Mapping[int, Path], seconds: float, fps: float = 30.0, start_ns: int = 0
) -> Film:
    """Picture by picture where everybody is."""
    for number in range(round(seconds * fps) + 1):
        at = number / fps
        seen = {track: place for track, path in paths.items() if (place := path(at)) is not None}
        yield start_ns + round(at * 1e9), tracks_of(seen)


def play_to(analytics: Analytic | Sequence[Analytic], film: Film) -> list[Event]:
    """All events of a film, its end included."""
    listening = analytics if isinstance(analytics, Sequence) else [analytics]
    events = [
        e for time_ns, tracks in film for one in listening for e in one.update(tracks, time_ns)
    ]
    return events + [event for one in listening for event in one.finish()]


def way(*stops: tuple[float, float, float]) -> Path:
    """A path through (seconds, x, y); nobody is there before the first and after the last."""
    times, xs, ys = np.array(stops).T

    def at(moment: float) -> tuple[float, float] | None:
        if not times[0] <= moment <= times[-1]:
            return None
        return float(np.interp(moment, times, xs)), float(np.interp(moment, times, ys))

    return at


@pytest.fixture(scope="session")
def tracks() -> Callable[..., Detections]:
    return tracks_of


@pytest.fixture(scope="session")
def film() -> Callable[..., Film]:
    return film_of


@pytest.fixture(scope="session")
def path() -> Callable[..., Path]:
    return way


@pytest.fixture(scope="session")
def play() -> Callable[..., list[Event]]:
    return play_to


@pytest.fixture(scope="session")
def ceiling() -> Ground:
    """A camera that looks down on 6 by 6 metres (9 by 6 where the picture is 3:2)."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    return Ground(corners, corners * 6)
