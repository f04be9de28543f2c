"""People of a fifth of the picture's height: 1.7 metres, so 0.1 of the picture is 0.85 m."""

from collections.abc import Callable
from typing import Any

import pytest

from sightline.analytics.crowd import Crowd, CrowdConfig
from sightline.analytics.roster import Roster
from sightline.errors import ConfigError
from sightline.geometry.ground import Ground

Make = Callable[..., Any]


def crowd(ground: Ground | None = None, **more: Any) -> Crowd:
    roster = Roster()
    roster.ground = ground
    return Crowd(CrowdConfig(name="square", **more), ["person"], roster=roster)


def together(path: Make, size: int, start: float, end: float, first: int = 1) -> dict[int, Any]:
    """A row of people, each 0.85 m from the next."""
    return {
        first + n: path((start, 0.1 + 0.1 * n, 0.5), (end, 0.1 + 0.1 * n, 0.5)) for n in range(size)
    }


def test_a_chain_of_people_is_one_gathering_and_who_stands_apart_is_not(
    film: Make, path: Make, play: Make
) -> None:
    people = together(path, 4, 0, 3) | {9: path((0, 0.8, 0.9), (3, 0.8, 0.9))}
    one = crowd(radius_m=1.0)
    play(one, film(people, 3, 10))
    assert one.summary()["largest"] == 4
    assert one.summary()["present"] == 5
    other = crowd(radius_m=0.8)
    play(other, film(people, 3, 10))
    assert other.summary()["largest"] == 1


def test_metres_are_those_of_the_floor_where_it_is_known(
    film: Make, path: Make, play: Make, ceiling: Ground
) -> None:
    """There 0.1 of the picture is 0.6 m, and the square has 36 square metres."""
    one = crowd(ceiling, radius_m=0.8)
    play(one, film(together(path, 4, 0, 3), 3, 10))
    assert one.summary()["largest"] == 4
    assert one.summary()["density"] == pytest.approx(4 / 36, abs=1e-4)
    low, high = one.bounds()["density"]
    assert low < 4 / 36 < high
    assert high - low < 0.3 * 4 / 36


def test_dense_and_thinned(film: Make, path: Make, play: Make, ceiling: Ground) -> None:
    people = together(path, 2, 0, 60) | together(path, 6, 20, 40, first=3)
    one = crowd(ceiling, density=0.15, for_s=5, abnormal=None)
    events = [e for e in play(one, film(people, 60, 5)) if e.kind.startswith("crowd.")]
    assert [event.kind for event in events] == ["crowd.dense", "crowd.thinned"]
    assert events[0].time_ns / 1e9 == pytest.approx(25, abs=0.5)
    assert events[0].data["density"] == pytest.approx(8 / 36, abs=0.001)
    assert one.summary()["dense"] == 1


@pytest.mark.parametrize("fps", [30, 10, 5])
def test_a_gathering_is_unusual_where_there_are_none(
    film: Make, path: Make, play: Make, fps: int
) -> None:
    people = {1: path((0, 0.9, 0.9), (200, 0.9, 0.9))} | together(path, 6, 100, 130, first=2)
    one = crowd(learn_s=300, for_s=5)
    events = [e for e in play(one, film(people, 200, fps)) if e.kind.startswith("crowd.")]
    assert [event.kind for event in events] == ["crowd.gathering", "crowd.dispersed"]
    assert events[0].time_ns / 1e9 == pytest.approx(105, abs=0.5)
    assert events[0].data["size"] == 6
    assert events[0].place is not None
    assert events[0].place[1] == pytest.approx(0.5)
    assert one.summary()["gatherings"] == 1


def test_where_there_always_are_gatherings_one_more_is_not_unusual(
    film: Make, path: Make, play: Make
) -> None:
    people = together(path, 6, 0, 200) | together(path, 1, 100, 130, first=20)
    events = play(crowd(learn_s=300), film(people, 200, 5))
    assert [e for e in events if e.kind.startswith("crowd.")] == []


def test_so_many_together_are_an_alarm_whatever_is_usual(
    film: Make, path: Make, play: Make
) -> None:
    one = crowd(gathering=4, abnormal=None, for_s=2)
    events = play(one, film(together(path, 4, 0, 10), 10, 5))
    assert [e.kind for e in events if e.kind.startswith("crowd.")] == ["crowd.gathering"]


def test_who_left_the_picture_stands_in_no_crowd_and_who_is_hidden_does(
    film: Make, path: Make, play: Make, ceiling: Ground
) -> None:
    """For two seconds nobody knows whether a track goes on; where it ended tells."""
    stays = path((0, 0.5, 0.5), (10, 0.5, 0.5))
    gone = path((0, 0.6, 0.5), (4, 0.99, 0.5))
    one, sizes = crowd(ceiling, radius_m=6), []
    for time_ns, tracks in film({1: stays, 2: gone}, 5, 10):
        one.update(tracks, time_ns)
        sizes.append((one.summary()["largest"], round(one.density * 36)))
    assert sizes[40] == (2, 2)
    assert sizes[43] == (1, 1)
    hidden = path((0, 0.55, 0.5), (4, 0.55, 0.5))
    other = crowd(ceiling, radius_m=6)
    play(other, film({1: stays, 2: hidden}, 5, 10))
    assert other.summary()["largest"] == 2


def test_density_needs_a_floor_below_the_horizon() -> None:
    with pytest.raises(ConfigError, match="give `ground`"):
        crowd(density=1.0)
    street = Ground(
        [[0.1, 0.9], [0.9, 0.9], [0.6, 0.6], [0.4, 0.6]], [[-2, 2], [2, 2], [2, 9], [-2, 9]]
    )
    with pytest.raises(ConfigError, match="above the horizon"):
        crowd(street, density=1.0)
