"""A ceiling camera over 6 by 6 metres: a sixth of the picture is a metre."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.analytics.roster import Roster
from sightline.analytics.speed import Speed, SpeedConfig
from sightline.errors import ConfigError
from sightline.geometry.ground import Ground
from sightline.results import Detections

Make = Callable[..., Any]


def speed(ceiling: Ground, **more: Any) -> Speed:
    roster = Roster()
    roster.ground = ceiling
    return Speed(SpeedConfig(name="hall", **more), ["person"], roster=roster)


@pytest.mark.parametrize("fps", [30, 10, 5])
@pytest.mark.parametrize("mps", [0.5, 1.2, 3.0])
def test_who_walks_a_metre_a_second_has_that_speed_at_any_frame_rate(
    film: Make, path: Make, play: Make, ceiling: Ground, fps: int, mps: float
) -> None:
    one = speed(ceiling)
    seconds = 4.2 / mps
    play(one, film({1: path((0, 0.1, 0.5), (seconds, 0.8, 0.5))}, seconds, fps))
    summary = one.summary()
    assert summary["mean"] == pytest.approx(mps, abs=0.05)
    assert summary["median"] == pytest.approx(mps, abs=0.05)
    assert summary["max"] == pytest.approx(mps, abs=0.1)


def test_who_stands_still_in_a_trembling_box_does_not_move(
    film: Make, path: Make, play: Make, ceiling: Ground
) -> None:
    random = np.random.default_rng(4)

    def shaken(tracks: Detections) -> Detections:
        noise = random.normal(0, 0.004, tracks.boxes.shape).astype(np.float32)
        return Detections(tracks.boxes + noise, tracks.scores, tracks.labels, tracks.track_ids)

    one = speed(ceiling)
    still = film({1: path((0, 0.5, 0.5), (30, 0.5, 0.5))}, 30, 25)
    play(one, ((t, shaken(tracks)) for t, tracks in still))
    assert one.summary()["mean"] < 0.05


def test_too_fast_is_told_once_until_slower(
    film: Make, path: Make, play: Make, ceiling: Ground
) -> None:
    one = speed(ceiling, limit=2.0)
    stops = ((0, 0.1, 0.5), (1.5, 0.85, 0.5), (5, 0.9, 0.5), (6.5, 0.15, 0.5))
    events = play(one, film({7: path(*stops)}, 6.5, 25))
    assert [(event.kind, event.track) for event in events] == [("speed.over", 7)] * 2
    assert events[0].data["mps"] == pytest.approx(3.0, abs=0.3)
    assert 0 < events[0].data["error_mps"] < 0.5
    assert one.summary()["over"] == 2


def test_only_in_its_zone_and_of_its_class(
    film: Make, path: Make, play: Make, ceiling: Ground
) -> None:
    left = ((0, 0), (0.5, 0), (0.5, 1), (0, 1))
    one = speed(ceiling, polygon=left)
    stops = ((0, 0.1, 0.5), (2, 0.45, 0.5), (2.01, 0.55, 0.5), (3, 0.9, 0.5))
    play(one, film({1: path(*stops)}, 3, 25))
    assert one.summary()["max"] < 2
    with pytest.raises(ConfigError, match="there is no class 'cat'"):
        speed(ceiling, classes=("cat",))


@settings(max_examples=15, deadline=None)
@given(st.floats(0.3, 2.5), st.floats(0.0, 6.28))
def test_a_mirror_and_a_turn_change_no_speed(
    film: Make, path: Make, play: Make, ceiling: Ground, mps: float, heading: float
) -> None:
    step = np.array([np.cos(heading), np.sin(heading)]) * mps / 6

    def walked(sign: float) -> dict[str, float]:
        one = speed(ceiling)
        end = 0.5 + sign * step[0], 0.5 + step[1]
        play(one, film({1: path((0, 0.5, 0.5), (1, *end))}, 1, 25))
        return one.summary()

    assert walked(1)["mean"] == pytest.approx(mps, abs=0.06)
    assert walked(-1)["mean"] == pytest.approx(walked(1)["mean"], abs=0.051)


def test_above_the_horizon_there_is_no_speed(film: Make, path: Make, play: Make) -> None:
    street = Ground(
        np.array([[0.1, 0.9], [0.9, 0.9], [0.6, 0.6], [0.4, 0.6]]),
        np.array([[-2, 2], [2, 2], [2, 9], [-2, 9]], float),
    )
    one = speed(street)
    play(one, film({1: path((0, 0.2, 0.3), (3, 0.8, 0.3))}, 3, 25))
    assert one.summary()["mean"] == 0


def test_without_a_floor_there_are_no_metres() -> None:
    with pytest.raises(ConfigError, match="sightline calibrate"):
        Speed(SpeedConfig(name="hall"), ["person"])
