"""The same people seen 30, 10 or 5 times a second: the same counts, and times within a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
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
    answered,
    filmed,
    passes,
    runs_of,
    standing,
    strolls,
    things,
)  # fmt: skip

from sightline.analytics.heat import Heat
from sightline.twin.questions import counts

RATES = (30, 10, 5)
STEP_S = 1 / 5 + 1 / 30  # both ends of a visit are seen a picture late at most, at either rate
people = strolls()


def at_each_rate(tree: dict[str, Any], some: Any) -> list[Any]:
    return [answered(tree, filmed(some, fps)) for fps in RATES]


def told(events: list[Any], kind: str, *keys: str) -> list[Any]:
    """Who did something, in which order, and what of it must be the same."""
    return sorted(
        (e.name, e.track, *(e.data[key] for key in keys)) for e in events if e.kind == kind
    )


@settings(max_examples=10, deadline=None)
@given(people)
def test_people_in_a_room(some: Any) -> None:
    seen = at_each_rate({"people": [{"name": "shop", "entrances": [DOOR]}]}, some)
    times = sorted(e.time_ns / 1e9 for e in seen[0][1] if e.kind == "people.in")
    assume(all(abs(gap - 1.5) > STEP_S for gap in np.diff(times)))  # one group or two
    rooms = [counts(asked)["people"]["shop"] for asked, _ in seen]
    for room in rooms[1:]:
        assert room["mean"] == pytest.approx(rooms[0]["mean"], abs=0.15)
        assert {**room, "mean": 0} == {**rooms[0], "mean": 0}


@settings(max_examples=10, deadline=None)
@given(people)
def test_lengths_of_visits(some: Any) -> None:
    seen = at_each_rate({"dwell": [{"name": "till", "polygon": TILL, "loiter_s": 1e4}]}, some)
    first, *others = (told(events, "zone.left", "dwell_s") for _, events in seen)
    for visits in others:
        assert [visit[:2] for visit in visits] == [visit[:2] for visit in first]
        assert [v[2] for v in visits] == pytest.approx([v[2] for v in first], abs=STEP_S)


@settings(max_examples=10, deadline=None)
@given(people)
def test_waits_in_a_queue(some: Any) -> None:
    till = {"name": "till", "polygon": TILL, "path": [[0.745, 0.6], [0.245, 0.6]], "settle_s": 0.9}
    seen = at_each_rate({"queues": [till]}, some)
    stayed = [e.data["dwell_s"] for e in seen[0][1] if e.kind == "zone.left"]
    assume(all(abs(dwell - 0.9) > STEP_S for dwell in stayed))  # waited, or only passed
    first, *others = (told(events, "queue.left", "served", "wait_s") for _, events in seen)
    for waits in others:
        assert [wait[:3] for wait in waits] == [wait[:3] for wait in first]
        assert [w[3] for w in waits] == pytest.approx([w[3] for w in first], abs=STEP_S)


@settings(max_examples=10, deadline=None)
@given(people, st.sampled_from([25, 12, 7]))
def test_presence_in_a_heat_map(some: Any, odd: int) -> None:
    """A look is a picture at 5 a second, so these rates look at the same instants; of others each
    cell may miss or gain a look."""
    tree = {"heatmaps": [{"name": "floor", "columns": 10}]}
    maps = []
    for fps in (*RATES, odd):
        (_, heat), _ = answered(tree, filmed(some, fps))
        assert isinstance(heat, Heat)
        maps.append(heat.maps())
    for other in maps[1:3]:
        assert other.presence == pytest.approx(maps[0].presence)
        assert other.flow == pytest.approx(maps[0].flow, abs=1e-6)
    seconds = maps[0].presence.sum()
    assert maps[3].presence.sum() == pytest.approx(seconds, abs=0.4 * len(some))


@settings(max_examples=10, deadline=None)
@given(people)
def test_paths(some: Any) -> None:
    places = [{"name": n, "polygon": p} for n, p in (("w", WEST), ("till", TILL), ("e", EAST))]
    seen = at_each_rate({"paths": [{"name": "ways", "places": places}]}, some)
    first, *others = ((counts(asked)["paths"]["ways"], events) for asked, events in seen)
    for summary, events in others:
        assert summary == first[0]
        assert told(events, "paths.trip", "route") == told(first[1], "paths.trip", "route")


@settings(max_examples=10, deadline=None)
@given(people)
def test_what_is_looked_at_five_times_a_second(some: Any) -> None:
    """Pairs and gatherings: at these rates the very same looks."""
    tree = {
        "ground": GROUND,
        "distances": [{"name": "near", "limit_m": 1.3}],
        "crowds": [{"name": "all", "gathering": 2, "radius_m": 1.3, "for_s": 1}],
    }
    first, *others = (counts(asked) for asked, _ in at_each_rate(tree, some))
    for found in others:
        assert found["distances"] == first["distances"]
        for what in ("largest_ever", "gatherings"):
            assert found["crowds"]["all"][what] == first["crowds"]["all"][what]


@settings(max_examples=10, deadline=None)
@given(people)
def test_speeds(some: Any) -> None:
    """What a turn within the second adds to the noise of a slope weighs more of fewer pictures."""
    seen = at_each_rate({"ground": GROUND, "speeds": [{"name": "pace"}]}, some)
    first, *others = (counts(asked)["speeds"]["pace"] for asked, _ in seen)
    for pace in others:
        assert pace["mean"] == pytest.approx(first["mean"], rel=0.1, abs=0.05)
        assert pace["max"] == pytest.approx(first["max"], rel=0.1, abs=0.05)


@settings(max_examples=10, deadline=None)
@given(passes())
def test_who_runs_and_who_goes_the_wrong_way(some: Any) -> None:
    """Each pass is told of once at every rate, and no other."""
    ran, against = runs_of(some)
    for asked, events in at_each_rate({"hazards": [AISLE]}, some):
        aisle = counts(asked)["hazards"]["aisle"]
        assert (aisle["running"], aisle["wrong_way"]) == (ran, against)
        assert aisle["person_in_zone"] == len(some[1]) / 2
        for event in events:
            if event.data.get("what") == "person_in_zone":
                assert event.data["for_s"] > 0


@settings(max_examples=10, deadline=None)
@given(things())
def test_what_is_left_and_removed(some: Any) -> None:
    first, *others = (
        counts(answered({"left": [FLOOR]}, standing(some, fps))[0])["left"]["floor"]
        for fps in RATES
    )
    assert all(found == first for found in others)


@settings(max_examples=10, deadline=None)
@given(things())
def test_what_a_shelf_holds(some: Any) -> None:
    seen = [answered({"shelves": [SHELF]}, standing(some, fps)) for fps in RATES]
    first, *others = (counts(asked)["shelves"]["front"] for asked, _ in seen)
    for shelf in others:
        assert (shelf["out_of_stock"], shelf["empty"]) == (first["out_of_stock"], first["empty"])
        assert shelf["restock_s"] == pytest.approx(first["restock_s"], abs=STEP_S)
