"""A ceiling camera over 6 by 6 metres: a sixth of the picture is a metre."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sightline.analytics.distance import Distance, DistanceConfig
from sightline.analytics.roster import Roster
from sightline.geometry.ground import Ground

Make = Callable[..., Any]
M = 1 / 6


def distance(ceiling: Ground, **more: Any) -> Distance:
    roster = Roster()
    roster.ground = ceiling
    return Distance(DistanceConfig(name="two", limit_m=2.0, **more), ["person"], roster=roster)


def approach(path: Make, gap_m: float) -> dict[int, Any]:
    """One stands; the other comes as near as that for four seconds, and goes again."""
    near = 0.3 + gap_m * M
    return {
        1: path((0, 0.3, 0.5), (12, 0.3, 0.5)),
        2: path((0, 0.9, 0.5), (3, near, 0.5), (7, near, 0.5), (10, 0.9, 0.5)),
    }


@pytest.mark.parametrize("fps", [30, 10, 5])
def test_a_pair_is_close_from_coming_to_parting(
    film: Make, path: Make, play: Make, ceiling: Ground, fps: int
) -> None:
    one = distance(ceiling)
    close, apart = play(one, film(approach(path, 1.0), 12, fps))
    assert (close.kind, close.data["other"], close.track) == ("distance.close", 2, 1)
    assert (apart.kind, apart.data["nearest_m"]) == ("distance.apart", pytest.approx(1.0, abs=0.01))
    # At 0.867 m/s: closer than two metres since 1.85 s, and until 2.2 metres at 8.38 s.
    assert apart.data["seconds"] == pytest.approx(6.5, abs=0.31)
    summary = one.summary()
    assert (summary["pairs"], summary["peak"], summary["now"]) == (1, 1, 0)
    assert summary["seconds"] == apart.data["seconds"]


def test_who_only_passes_and_who_keeps_away_are_no_pair(
    film: Make, path: Make, play: Make, ceiling: Ground
) -> None:
    assert play(distance(ceiling), film(approach(path, 2.1), 12, 10)) == []
    passing = {
        1: path((0, 0.3, 0.5), (6, 0.3, 0.5)),
        2: path((0, 0.05, 0.6), (1, 0.95, 0.6)),
    }
    assert play(distance(ceiling), film(passing, 6, 25)) == []


def test_between_limit_and_relief_a_pair_neither_joins_nor_parts(
    film: Make, path: Make, play: Make, ceiling: Ground
) -> None:
    sway = [(t, 0.3 + (1.9 if t % 2 else 2.1) * M, 0.5) for t in range(3, 12)]
    people = {1: path((0, 0.3, 0.5), (12, 0.3, 0.5)), 2: path((0, 0.9, 0.5), *sway)}
    kinds = [event.kind for event in play(distance(ceiling), film(people, 12, 10))]
    assert kinds == ["distance.close", "distance.apart"]  # the latter since the film ends


def test_a_pair_survives_being_hidden_and_renumbered_and_ends_with_one_of_them(
    film: Make, path: Make, play: Make, ceiling: Ground
) -> None:
    people = {
        1: path((0, 0.3, 0.5), (20, 0.3, 0.5)),
        2: path((0, 0.4, 0.5), (4, 0.4, 0.5)),
        3: path((5, 0.4, 0.5), (9, 0.4, 0.5)),
    }
    one = distance(ceiling)
    _, apart = play(one, film(people, 20, 10))
    assert apart.data["seconds"] == pytest.approx(9, abs=0.3)
    assert one.summary()["pairs"] == 1


def test_one_identity_given_twice_is_no_pair(tracks: Make, ceiling: Ground) -> None:
    one, twice = distance(ceiling), tracks({1: (0.5, 0.5), 2: (0.51, 0.5)})
    twice.track_ids[:] = 4
    events = [e for number in range(50) for e in one.update(twice, number * 10**8)]
    assert events == []


def test_a_hundred_people_on_a_grid(film: Make, path: Make, play: Make, ceiling: Ground) -> None:
    """Each is near those beside, above and below, and across the corner."""
    places = [(0.07 + 0.09 * x, 0.17 + 0.09 * y) for x in range(10) for y in range(10)]
    people = {n: path((0, *at), (3, *at)) for n, at in enumerate(places, 1)}
    step_m = 0.09 * 6
    one = distance(ceiling)
    one.config = one.config.model_copy(update={"limit_m": step_m * 1.45, "relief": 1.0})
    play(one, film(people, 3, 10))
    assert one.summary()["peak"] == 2 * 9 * 10 + 2 * 9 * 9
    assert one.summary()["nearest_m"] == pytest.approx(step_m, abs=0.01)
    assert np.isfinite(one.summary()["seconds"])
