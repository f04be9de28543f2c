"""Time that runs backwards swaps what comes and what goes, and leaves the rest."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from walking import (
    AISLE,
    DOOR,
    EAST,
    FLOOR,
    GROUND,
    SHELF,
    TILL,
    WEST,
    answered,
    backwards,
    filmed,
    passes,
    standing,
    strolls,
    things,
)  # fmt: skip

from sightline.analytics.heat import Heat
from sightline.analytics.paths import Paths
from sightline.twin.questions import counts

FPS = 10
LOOK_S = 0.2


def both_ways(tree: Any, film: Any) -> Any:
    return answered(tree, film), answered(tree, backwards(film))


@settings(max_examples=10, deadline=None)
@given(strolls())
def test_a_room_loses_whom_it_gained(people: Any) -> None:
    """All but what is held at nought: who left an empty room forwards comes into it backwards."""
    tree = {"people": [{"name": "shop", "entrances": [DOOR]}]}
    (some, _), (others, _) = both_ways(tree, filmed(people, FPS))
    room, back = counts(some)["people"]["shop"], counts(others)["people"]["shop"]
    assert (back["in"], back["out"]) == (room["out"], room["in"])
    for one in (room, back):
        assert one["inside"] == one["in"] - one["out"] + one["missed"]


@settings(max_examples=10, deadline=None)
@given(strolls())
def test_visits_are_as_long(people: Any) -> None:
    tree = {"dwell": [{"name": "till", "polygon": TILL}]}
    (_, events), (_, back) = both_ways(tree, filmed(people, FPS))
    lengths, others = (
        sorted((e.track, e.data["dwell_s"]) for e in each if e.kind == "zone.left")
        for each in (events, back)
    )
    assert [track for track, _ in others] == [track for track, _ in lengths]
    assert [s for _, s in others] == pytest.approx([s for _, s in lengths], abs=2 / FPS)


@settings(max_examples=10, deadline=None)
@given(strolls())
def test_presence_stays_and_the_flow_turns_round(people: Any) -> None:
    """A stay between two looks is put where the later one sees somebody, which backwards is the
    other end of it."""
    (some, _), (others, _) = both_ways(
        {"heatmaps": [{"name": "floor", "columns": 10}]}, filmed(people, FPS)
    )
    ((_, one), (_, other)) = some, others
    assert isinstance(one, Heat)
    assert isinstance(other, Heat)
    maps, back = one.maps(), other.maps()
    assert back.presence.sum() == pytest.approx(maps.presence.sum(), abs=2 * LOOK_S * len(people))
    way, way_back = (
        (each.flow * each.presence[..., None]).sum(axis=(0, 1)) for each in (maps, back)
    )
    assert way_back == pytest.approx(-way, abs=0.02)


@settings(max_examples=15, deadline=None)
@given(strolls())
def test_origins_and_destinations_are_transposed(people: Any) -> None:
    places = [{"name": n, "polygon": p} for n, p in (("w", WEST), ("till", TILL), ("e", EAST))]
    (some, _), (others, _) = both_ways(
        {"paths": [{"name": "ways", "places": places}]}, filmed(people, FPS)
    )
    (_, one), (_, other) = some, others
    assert isinstance(one, Paths)
    assert isinstance(other, Paths)
    assert Counter(dict(other.routes())) == Counter({r[::-1]: n for r, n in one.routes()})
    between, back = (
        {(a, b): n for a, b, n in each.measures()[0].data["between"]} for each in (one, other)
    )
    assert back == {(b, a): n for (a, b), n in between.items()}


@settings(max_examples=10, deadline=None)
@given(strolls())
def test_as_many_pairs_and_gatherings_and_the_same_speeds(people: Any) -> None:
    tree = {
        "ground": GROUND,
        "distances": [{"name": "near", "limit_m": 1.3, "for_s": 0, "relief": 1}],
        "crowds": [{"name": "all", "gathering": 2, "radius_m": 1.3, "for_s": 1, "abnormal": None}],
        "speeds": [{"name": "pace"}],
    }
    (some, _), (others, _) = both_ways(tree, filmed(people, 5))
    found, back = counts(some), counts(others)
    assert back["distances"]["near"]["pairs"] == found["distances"]["near"]["pairs"]
    assert back["crowds"]["all"]["largest_ever"] == found["crowds"]["all"]["largest_ever"]
    assert back["crowds"]["all"]["gatherings"] == found["crowds"]["all"]["gatherings"]
    pace, pace_back = found["speeds"]["pace"], back["speeds"]["pace"]
    assert pace_back["max"] == pytest.approx(pace["max"], rel=0.15, abs=0.05)


@settings(max_examples=10, deadline=None)
@given(passes())
def test_the_right_way_is_the_wrong_one(people: Any) -> None:
    film = filmed(people, FPS)
    (some, _), (others, _) = both_ways({"hazards": [AISLE]}, film)
    (turned, _) = answered({"hazards": [{**AISLE, "way": [-1, 0]}]}, backwards(film))
    aisle, back, again = (counts(each)["hazards"]["aisle"] for each in (some, others, turned))
    passed = aisle["person_in_zone"]
    assert back["person_in_zone"] == passed
    assert back["wrong_way"] == passed - aisle["wrong_way"]
    assert again["wrong_way"] == aisle["wrong_way"]
    assert again["running"] == back["running"] == aisle["running"]


@settings(max_examples=15, deadline=None)
@given(things())
def test_what_is_left_is_removed(where: Any) -> None:
    """And a cell of a shelf is empty as often: it is filled where it was emptied."""
    tree = {"left": [FLOOR], "shelves": [SHELF]}
    (some, events), (others, more) = both_ways(tree, standing(where, 5))
    found, back = counts(some), counts(others)
    floor, floor_back = found["left"]["floor"], back["left"]["floor"]
    assert (floor_back["left"], floor_back["removed"]) == (floor["removed"], floor["left"])
    shelf, shelf_back = found["shelves"]["front"], back["shelves"]["front"]
    assert shelf_back["out_of_stock"] == shelf["out_of_stock"]
    assert shelf_back["available"] == pytest.approx(shelf["available"], abs=0.006)
    filled, filled_back = (
        sum(e.kind == "shelf.restocked" for e in each) for each in (events, more)
    )
    assert shelf["out_of_stock"] - filled == shelf["empty"]
    assert shelf_back["out_of_stock"] - filled_back == shelf_back["empty"]
    assert np.isfinite(shelf["restock_s"])
