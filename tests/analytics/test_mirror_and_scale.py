"""The mirrored film gives the mirrored answers, and a smaller one in a larger picture the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walking import (
    AISLE,
    DOOR,
    EAST,
    FLOOR,
    GROUND,
    SHELF,
    TILL,
    WEST,
    Film,
    answered,
    filmed,
    flipped,
    mirrored,
    moved,
    passes,
    shrunk,
    standing,
    strolls,
    things,
)  # fmt: skip

from sightline.analytics.heat import Heat
from sightline.twin.questions import counts
from sightline.wire.messages import Event

FPS = 10
ASKED: dict[str, Any] = {
    "people": [{"name": "shop", "entrances": [DOOR]}],
    "dwell": [{"name": "till", "polygon": TILL}],
    "queues": [{"name": "till", "polygon": TILL, "path": [[0.745, 0.6], [0.245, 0.6]],
                "max_waiting": 0, "for_s": 1}],
    "paths": [{"name": "ways", "places": [
        {"name": "w", "polygon": WEST}, {"name": "till", "polygon": TILL},
        {"name": "e", "polygon": EAST}]}],
    "ground": GROUND,
    "distances": [{"name": "near", "limit_m": 1.3}],
    "crowds": [{"name": "till", "polygon": TILL, "gathering": 2, "density": 0.1, "for_s": 1}],
    "speeds": [{"name": "pace", "limit": 1.2}],
    "heatmaps": [{"name": "floor", "columns": 10}],
}  # fmt: skip
WARMEST = ("x", "y")  # the place of the warmest cell is mirrored, too


def swapped(tree: dict[str, Any]) -> dict[str, Any]:
    """Asked of the mirrored film: what led in from the left leads in from the right."""
    other: dict[str, Any] = flipped(tree)
    for room in other.get("people", ()):
        for line in room["entrances"]:
            line["points"].reverse()
    for hazard in other.get("hazards", ()):
        hazard["way"] = [-hazard["way"][0], hazard["way"][1]]
    return other


def alike(one: Any, other: Any) -> None:
    """The same counts; the same times but for rounding."""
    assert one.keys() == other.keys()
    for kind, named in one.items():
        for name, numbers in named.items():
            expected = {k: v for k, v in numbers.items() if k not in WARMEST}
            found = {k: v for k, v in other[kind][name].items() if k not in WARMEST}
            assert found == pytest.approx(expected, abs=0.002), (kind, name)


def in_order(events: list[Event]) -> list[Any]:
    """What happened, without regard to what came first within a picture."""
    return sorted((e.time_ns, e.kind, e.track or 0) for e in events)


def both(tree: Any, film: Film, other_tree: Any, other: Film) -> tuple[Any, Any]:
    (some, events), (others, more) = answered(tree, film), answered(other_tree, other)
    assert in_order(more) == in_order(events)
    alike(counts(some), counts(others))
    return some, others


@settings(max_examples=15, deadline=None)
@given(strolls())
def test_a_mirror(people: Any) -> None:
    film = filmed(people, FPS)
    some, others = both(ASKED, film, swapped(ASKED), mirrored(film))
    maps, flipped_maps = (
        next(one for one in each if isinstance(one, Heat)).maps() for each in (some, others)
    )
    assert flipped_maps.presence == pytest.approx(maps.presence[:, ::-1])
    assert flipped_maps.flow == pytest.approx(maps.flow[:, ::-1] * [-1, 1], abs=1e-4)


@settings(max_examples=10, deadline=None)
@given(passes())
def test_a_mirror_before_a_hazard(people: Any) -> None:
    tree, film = {"hazards": [AISLE]}, filmed(people, FPS)
    both(tree, film, swapped(tree), mirrored(film))


@settings(max_examples=10, deadline=None)
@given(things())
def test_a_mirror_before_things(where: Any) -> None:
    tree = {"left": [FLOOR], "shelves": [SHELF]}
    other = flipped(tree)
    a, b, c, d = other["shelves"][0]["polygon"]
    other["shelves"][0]["polygon"] = [b, a, d, c]  # its upper left corner is first
    film = standing(where, 5)
    both(tree, film, other, mirrored(film))


@settings(max_examples=15, deadline=None)
@given(strolls(sides=(0.01,)), st.sampled_from([0.5, 0.75]))
def test_scale(people: Any, by: float) -> None:
    """What is judged by heights of people and by metres does not depend on the picture's size."""

    def small(tree: Any) -> Any:
        other = moved(tree, lambda x, y: (x * by, y * by))
        other["heatmaps"] = [{"name": "floor", "columns": round(18 / by)}]
        return other

    tree, film = {**ASKED, "heatmaps": [{"name": "floor", "columns": 18}]}, filmed(people, FPS)
    some, others = answered(tree, film)[0], answered(small(tree), shrunk(film, by))[0]
    maps, small_maps = (
        next(one for one in each if isinstance(one, Heat)).maps() for each in (some, others)
    )
    rows, columns = maps.presence.shape
    assert small_maps.presence[:rows, :columns] == pytest.approx(maps.presence)
    assert np.isclose(small_maps.presence.sum(), maps.presence.sum())
    plain, shrunken = counts(some), counts(others)
    for found in (plain, shrunken):
        del found["heatmaps"]
    alike(plain, shrunken)


@settings(max_examples=10, deadline=None)
@given(passes(), st.floats(0.3, 0.9))
def test_scale_before_a_hazard(people: Any, by: float) -> None:
    tree, film = {"hazards": [AISLE]}, filmed(people, FPS)
    both(tree, film, moved(tree, lambda x, y: (x * by, y * by)), shrunk(film, by))
