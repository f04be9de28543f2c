"""Three places side by side."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sightline.analytics.paths import Paths, PathsConfig
from sightline.analytics.zone import ZoneConfig

Make = Callable[..., Any]
NAMES = ("door", "shelf", "till")
SPOTS = {"door": 0.15, "shelf": 0.5, "till": 0.85}


def place(name: str) -> ZoneConfig:
    x = SPOTS[name]
    return ZoneConfig(
        name=name, polygon=((x - 0.1, 0.3), (x + 0.1, 0.3), (x + 0.1, 0.7), (x - 0.1, 0.7))
    )


def paths(**more: Any) -> Paths:
    return Paths(PathsConfig(name="shop", places=tuple(map(place, NAMES)), **more), ["person"])


def trip(path: Make, stops: list[str], start: float = 0.0) -> tuple[Any, float]:
    """Two seconds at each place, and around the others by the lower edge."""
    at, legs = start, [(start, 0.02, 0.9)]
    for name in stops:
        legs += [(at + 1, SPOTS[name], 0.9), (at + 2, SPOTS[name], 0.5), (at + 4, SPOTS[name], 0.5)]
        legs.append((at + 5, SPOTS[name], 0.9))
        at += 5
    legs.append((at + 1, 0.98, 0.9))
    return path(*legs), at + 1


def test_a_route_and_where_it_began_and_ended(film: Make, path: Make, play: Make) -> None:
    one = paths()
    way, end = trip(path, ["door", "shelf", "till"])
    [event] = play(one, film({4: way}, end + 5, 10))
    assert (event.kind, event.name, event.track) == ("paths.trip", "shop", 4)
    assert event.data["route"] == ["door", "shelf", "till"]
    assert event.data["seconds"] == pytest.approx(end - 1.5, abs=0.5)
    assert one.summary() == {"trips": 1, "door>till": 1}
    measure, count = one.measures()
    assert (count.kind, count.value, count.data["direction"]) == ("paths.count", 1, "door>till")
    assert measure.data["legs"] == [["door", "shelf", 1], ["shelf", "till", 1]]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4), min_size=1, max_size=3))
def test_counts_are_those_of_the_walks_at_any_frame_rate(
    film: Make, path: Make, play: Make, walks: list[list[str]]
) -> None:
    ways, start = {}, 0.0
    for number, stops in enumerate(walks, 1):
        ways[number], start = trip(path, stops, start)
    found = []
    for fps in (30, 10, 5):
        one = paths()
        play(one, film(ways, start + 5, fps))
        found.append((one.summary(), one.routes()))
    assert found[0] == found[1] == found[2]
    merged = [[n for n, before in zip(w, [None, *w], strict=False) if n != before] for w in walks]
    true = [tuple(walk) for walk in merged if len(walk) > 1]
    assert sorted(route for route, count in found[0][1] for _ in range(count)) == sorted(true)
    assert found[0][0]["trips"] == len(true)
    for ends in {(walk[0], walk[-1]) for walk in true}:
        expected = sum((walk[0], walk[-1]) == ends for walk in true)
        assert found[0][0][f"{ends[0]}>{ends[1]}"] == expected


def test_who_passes_through_made_no_stop(film: Make, path: Make, play: Make) -> None:
    one = paths(stay_s=1.5)
    through = path((0, 0.02, 0.5), (4, 0.85, 0.5), (8, 0.85, 0.5), (9, 0.85, 0.9))
    play(one, film({1: through}, 12, 10))
    assert one.summary() == {"trips": 0}
    stay = path((0, 0.02, 0.5), (1, 0.15, 0.5), (4, 0.15, 0.5), (7, 0.85, 0.5), (10, 0.85, 0.5))
    one = paths(stay_s=1.5)
    play(one, film({1: stay}, 13, 10))
    assert one.routes() == [(("door", "till"), 1)]


def test_a_new_number_on_the_way_goes_on_with_the_trip(film: Make, path: Make, play: Make) -> None:
    one = paths()
    ways = {
        1: path((0, 0.02, 0.9), (1, 0.15, 0.5), (3, 0.15, 0.5), (4, 0.3, 0.5)),
        2: path((4.5, 0.35, 0.5), (7, 0.85, 0.5), (9, 0.85, 0.5)),
    }
    play(one, film(ways, 13, 10))
    assert one.summary() == {"trips": 1, "door>till": 1}


def test_places_need_names_of_their_own_and_two_of_them() -> None:
    with pytest.raises(ValidationError, match="share a name"):
        PathsConfig(name="a", places=(place("door"), place("door")))
    with pytest.raises(ValidationError, match="at least 2"):
        PathsConfig(name="a", places=(place("door"),))


def test_who_is_lost_on_the_way_makes_a_trip_less_sure(film: Make, path: Make, play: Make) -> None:
    """Between two places for longer than the analytics remember: two halves of a trip."""
    whole, broken = paths(), paths()
    way, end = trip(path, ["door", "till"])
    other, _ = trip(path, ["door", "till"], 2.0)

    def before(t: float) -> Any:
        return other(t) if t < 7.2 else None

    def after(t: float) -> Any:
        return other(t) if t > 10 else None

    play(whole, film({1: way, 2: other}, end + 6, 10))
    play(broken, film({1: way, 2: before, 3: after}, end + 6, 10))
    assert whole.summary()["trips"] == 2
    assert broken.summary()["trips"] == 1
    sure, unsure = whole.bounds(), broken.bounds()
    assert sure["trips"] == sure["door>till"] == (2, 2)
    assert unsure["door>till"].high >= 2
    again = paths()
    again.restore(broken.state())
    assert again.bounds() == unsure
    kept = {key: value for key, value in broken.state().items() if key != "tally"}
    again.restore(kept)
    assert again.bounds()["trips"] == (1, 1)
