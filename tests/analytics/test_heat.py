from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.analytics.heat import Heat, HeatConfig
from sightline.analytics.keeping import unpacked

Make = Callable[..., Any]


def heat(**more: Any) -> Heat:
    return Heat(HeatConfig(name="floor", **{"columns": 10, **more}), ["person"])


@pytest.mark.parametrize("fps", [30, 10, 5])
def test_seconds_are_where_they_were_spent(film: Make, path: Make, play: Make, fps: int) -> None:
    one = heat()
    here = path((0, 0.25, 0.55), (10, 0.25, 0.55), (10.1, 0.75, 0.85), (40, 0.75, 0.85))
    play(one, film({1: here}, 40, fps))
    maps = one.maps()
    assert maps.presence.shape == (10, 10)
    assert maps.presence[5, 2] == pytest.approx(10, abs=0.3)
    assert maps.presence[8, 7] == pytest.approx(30, abs=0.3)
    summary = one.summary()
    assert summary["seconds"] == pytest.approx(40, abs=0.01)
    assert (summary["x"], summary["y"]) == (0.75, 0.85)


def test_what_is_past_decays_by_half_lives(film: Make, path: Make, play: Make) -> None:
    one = heat(half_life_s=10)
    early, late = path((0, 0.25, 0.55), (10, 0.25, 0.55)), path((30, 0.75, 0.85), (40, 0.75, 0.85))
    play(one, film({1: early, 2: late}, 40, 10))
    recent = one.maps().recent
    # The integral of halves over ten seconds, and the same three half-lives ago.
    there = 10 / np.log(2) * (1 - 0.5)
    assert recent[8, 7] == pytest.approx(there, rel=0.03)
    assert recent[5, 2] == pytest.approx(there / 8, rel=0.03)


def test_flow_is_which_way_and_how_fast(film: Make, path: Make, play: Make) -> None:
    one = heat()
    play(one, film({n: path((n, 0.05, 0.55), (n + 9, 0.95, 0.55)) for n in range(1, 5)}, 15, 10))
    flow = one.maps().flow
    assert flow[5, 3:8, 0] == pytest.approx(0.1, abs=0.01)
    assert flow[5, 3:8, 1] == pytest.approx(0, abs=1e-6)
    assert (flow[:5] == 0).all()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(0.03, 0.97), st.floats(0.21, 0.97)), min_size=2, max_size=6))
def test_a_mirror_mirrors_the_map_and_turns_the_flow(
    film: Make, path: Make, play: Make, stops: list[tuple[float, float]]
) -> None:
    one, other = heat(), heat()
    way = [(2.0 * n, x, y) for n, (x, y) in enumerate(stops)]
    play(one, film({1: path(*way)}, 12, 10))
    play(other, film({1: path(*((t, 1 - x, y) for t, x, y in way))}, 12, 10))
    # Cells share their edges, where rounding decides: compare sums over rows, and the whole.
    assert other.maps().presence.sum(1) == pytest.approx(one.maps().presence.sum(1))
    mine, theirs = one.maps(), other.maps()
    assert (theirs.flow[..., 0] * theirs.presence).sum() == pytest.approx(
        -(mine.flow[..., 0] * mine.presence).sum(), abs=1e-5
    )


def test_hours_have_maps_of_their_own_and_the_oldest_go(film: Make, path: Make) -> None:
    one = heat(hours=2)
    hour = 3600 * 10**9
    for number in range(3):
        here = {1: path((0, 0.25 + number * 0.2, 0.55), (10, 0.25 + number * 0.2, 0.55))}
        for time_ns, tracks in film(here, 10, 5, start_ns=number * hour):
            one.update(tracks, time_ns)
    hourly = one.maps().hourly
    assert sorted(hourly) == [hour, 2 * hour]
    assert hourly[hour][5, 4] == pytest.approx(10, abs=1.01)
    assert hourly[2 * hour][5, 6] == pytest.approx(10, abs=1.01)


def test_the_measure_carries_the_map(film: Make, path: Make, play: Make) -> None:
    one = heat()
    assert list(one.measures()) == []
    play(one, film({1: path((0, 0.25, 0.55), (10, 0.25, 0.55))}, 10, 10))
    [measure] = one.measures()
    assert unpacked(measure.data["presence"]) == pytest.approx(one.maps().presence, abs=1e-4)


def test_beyond_the_edge_is_at_the_edge_and_a_gap_adds_a_second_at_most(
    film: Make, path: Make
) -> None:
    one = heat()
    for start in (0, 50):
        for time_ns, tracks in film(
            {1: path((0, 1.02, 1.02), (1, 1.02, 1.02))}, 1, 5, start * 10**9
        ):
            one.update(tracks, time_ns)
    assert one.maps().presence[9, 9] == pytest.approx(3)
