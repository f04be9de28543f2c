"""One door from the bottom of the picture to its top; the room is on the right."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sightline.analytics.base import TABLE
from sightline.analytics.line import LineConfig
from sightline.analytics.people import People, PeopleConfig
from sightline.plugins import load

Make = Callable[..., Any]
DOOR = LineConfig(name="door", points=((0.5, 1.0), (0.5, 0.0)))
IN = (0.05, 0.95)
OUT = (0.95, 0.05)


def room(*entrances: LineConfig, **more: Any) -> People:
    return People(PeopleConfig(name="shop", entrances=entrances or (DOOR,), **more), ["person"])


def walkers(path: Make, *walks: tuple[float, tuple[float, float], float]) -> dict[int, Any]:
    """(start, from and to, how high) each, for 3 seconds across the picture."""
    return {
        number: path((start, ends[0], y), (start + 3, ends[1], y))
        for number, (start, ends, y) in enumerate(walks, 1)
    }


def test_in_less_out_is_inside(film: Make, path: Make, play: Make) -> None:
    shop = room()
    people = walkers(path, (0, IN, 0.3), (4, IN, 0.5), (8, OUT, 0.7))
    events = play(shop, film(people, 12, 10))
    assert [(event.kind, event.data["inside"]) for event in events] == [
        ("people.in", 1),
        ("people.in", 2),
        ("people.out", 1),
    ]
    assert {event.name for event in events} == {"shop"}
    assert {event.data["entrance"] for event in events} == {"door"}
    summary = shop.summary()
    assert (summary["in"], summary["out"], summary["inside"], summary["peak"]) == (2, 1, 1, 2)
    # Inside since 1.5 s, 5.5 s, less one since 9.5 s.
    assert summary["mean"] == pytest.approx((10.5 + 6.5 - 2.5) / 12, abs=0.1)


def test_who_leaves_an_empty_room_had_come_in_unseen(film: Make, path: Make, play: Make) -> None:
    shop = room()
    play(shop, film(walkers(path, (0, OUT, 0.3), (4, OUT, 0.5), (8, IN, 0.7)), 12, 10))
    summary = shop.summary()
    assert (summary["inside"], summary["missed"]) == (1, 2)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from([IN, OUT])), max_size=8))
def test_nobody_counts_less_than_nobody(
    film: Make, path: Make, play: Make, walks: list[tuple[int, tuple[float, float]]]
) -> None:
    shop = room()
    people = walkers(path, *((at / 3, ends, 0.25 + n * 0.09) for n, (at, ends) in enumerate(walks)))
    events = play(shop, film(people, 14, 10))
    assert all(event.data["inside"] >= 0 for event in events)
    summary = shop.summary()
    assert summary["inside"] == summary["in"] - summary["out"] + summary["missed"]
    assert (summary["in"], summary["out"]) == (
        sum(ends == IN for _, ends in walks),
        sum(ends == OUT for _, ends in walks),
    )


def test_who_comes_in_together_is_a_group(film: Make, path: Make, play: Make) -> None:
    shop = room()
    people = walkers(path, (0, IN, 0.3), (0.5, IN, 0.5), (1, IN, 0.7), (6, IN, 0.5))
    events = play(shop, film(people, 10, 10))
    assert [event.data["group"] for event in events] == [1, 2, 3, 1]
    assert (shop.summary()["groups"], shop.summary()["group_size"]) == (2, 2.0)


def test_a_room_may_have_several_entrances(film: Make, path: Make, play: Make) -> None:
    upper = LineConfig(name="upper", points=((0.5, 0.45), (0.5, 0.1)))
    lower = LineConfig(name="lower", points=((0.5, 0.9), (0.5, 0.55)))
    shop = room(upper, lower)
    events = play(shop, film(walkers(path, (0, IN, 0.3), (0, OUT, 0.7)), 4, 10))
    assert {event.data["entrance"] for event in events} == {"upper", "lower"}
    assert shop.summary()["in"] == shop.summary()["out"] == 1


def test_the_measure_holds_all(film: Make, path: Make, play: Make) -> None:
    shop = room()
    assert list(shop.measures()) == []
    play(shop, film(walkers(path, (0, IN, 0.3)), 4, 10))
    (measure,) = shop.measures()
    assert (measure.kind, measure.value) == ("people.inside", shop.summary()["mean"])
    low, high = shop.bounds()["inside"]
    assert measure.data == shop.summary() | {"inside_low": low, "inside_high": high}


def test_a_room_without_an_entrance_is_refused() -> None:
    with pytest.raises(ValidationError, match="entrances"):
        PeopleConfig(name="shop", entrances=())


def test_it_is_found_by_its_name() -> None:
    assert load("analytic", "people", TABLE) is People
