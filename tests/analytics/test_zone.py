from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sightline.analytics.zone import Zone, ZoneConfig

Make = Callable[..., Any]
MIDDLE = ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))
THROUGH = ((0, 0.1, 0.5), (8, 0.9, 0.5))  # inside from second 2 to second 6


def zone(polygon: Any = MIDDLE, **more: Any) -> Zone:
    return Zone(ZoneConfig(name="till", polygon=polygon, **more), ["person", "car"])


def test_who_walks_through_enters_and_leaves(film: Make, path: Make, play: Make) -> None:
    till = zone()
    entered, left = play(till, film({7: path(*THROUGH)}, 8))
    assert (entered.kind, entered.name, entered.track, entered.label) == (
        "zone.entered",
        "till",
        7,
        "person",
    )
    assert entered.data == {"crossed": True}
    assert entered.time_ns == pytest.approx(2e9, abs=4e7)
    assert left.kind == "zone.left"
    assert left.time_ns == pytest.approx(6e9, abs=4e7)
    assert left.data == {"crossed": True, "dwell_s": pytest.approx(4, abs=0.04)}
    assert till.summary() == {
        "entries": 1,
        "exits": 1,
        "visits": 1,
        "present": 0,
        "peak": 1,
        "mean": pytest.approx(0.5, abs=0.01),
        "dwell_s": pytest.approx(4, abs=0.04),
    }


def test_occupancy_of_several(film: Make, path: Make, play: Make) -> None:
    till = zone()
    crowd = {number: path((number, 0.1, 0.5), (number + 8, 0.9, 0.5)) for number in range(1, 4)}
    play(till, film(crowd, 20))
    assert till.summary()["peak"] == 3
    assert till.summary()["mean"] == pytest.approx(3 * 4 / 20, abs=0.01)


def test_who_appears_or_vanishes_inside_visits_without_entry_or_exit(
    film: Make, path: Make, play: Make
) -> None:
    till = zone()
    other = path((0, 0.1, 0.1), (9, 0.1, 0.1))
    entered, left = play(till, film({9: other, 1: path((1, 0.5, 0.5), (4, 0.5, 0.5))}, 9))
    assert entered.data == {"crossed": False}
    assert left.data == {
        "crossed": False,
        "dwell_s": pytest.approx(3, abs=0.04),
        "began": "present",  # which the pictures begin with
        "sight": "stopped",
    }
    assert left.time_ns == pytest.approx(4e9, abs=4e7)
    summary = till.summary()
    assert (summary["entries"], summary["exits"], summary["visits"]) == (0, 0, 1)


def test_an_open_visit_counts_so_far(film: Make, path: Make, play: Make) -> None:
    till = zone()
    events = play(till, film({1: path((0, 0.1, 0.5), (4, 0.5, 0.5), (10, 0.5, 0.5))}, 10))
    assert [event.kind for event in events] == ["zone.entered"]
    summary = till.summary()
    assert summary["present"] == 1
    assert summary["dwell_s"] == pytest.approx(8, abs=0.04)


def test_who_stands_trembling_on_the_boundary_makes_one_visit_at_most(
    film: Make, play: Make
) -> None:
    noise = np.random.default_rng(1).normal(0.3, 0.004, 4000)
    till = zone()
    events = play(till, film({1: lambda t: (noise[round(t * 30)], 0.5)}, 60))
    assert len(events) <= 1
    plain = zone(hysteresis=0)
    assert len(play(plain, film({1: lambda t: (noise[round(t * 30)], 0.5)}, 60))) > 100


def test_a_gap_and_a_new_identity_are_one_visit(film: Make, path: Make, play: Make) -> None:
    walk = path(*THROUGH)
    parts = {
        1: lambda t: walk(t) if t < 3 else None,
        2: lambda t: walk(t) if 3.6 < t < 4.5 or t > 5.2 else None,
    }
    till = zone()
    play(till, film(parts, 8))
    summary = till.summary()
    assert (summary["entries"], summary["exits"], summary["visits"]) == (1, 1, 1)
    assert summary["dwell_s"] == pytest.approx(4, abs=0.04)


class TestEdge:
    """A side of the zone on the picture's edge is no boundary: nobody can be seen to cross it."""

    low = ((0.3, 0.4), (0.7, 0.4), (0.7, 1.0), (0.3, 1.0))

    def test_a_box_that_reaches_a_little_beyond_the_edge_is_inside(
        self, film: Make, path: Make, play: Make
    ) -> None:
        events = play(zone(self.low), film({1: path((0, 0.1, 1.005), (8, 0.9, 1.005))}, 8))
        assert [event.kind for event in events] == ["zone.entered", "zone.left"]

    def test_feet_far_below_the_picture_are_not(self, film: Make, path: Make, play: Make) -> None:
        assert play(zone(self.low), film({1: path((0, 0.1, 1.1), (8, 0.9, 1.1))}, 8)) == []

    def test_the_whole_picture_has_visits_but_no_entries(
        self, film: Make, path: Make, play: Make
    ) -> None:
        till = zone(((0, 0), (1, 0), (1, 1), (0, 1)))
        play(till, film({1: path((1, 0.02, 0.5), (4, 0.98, 0.5))}, 8))
        summary = till.summary()
        assert (summary["entries"], summary["exits"], summary["visits"]) == (0, 0, 1)
        assert summary["dwell_s"] == pytest.approx(3, abs=0.04)


def test_only_the_classes_asked_for_count(tracks: Make, play: Make) -> None:
    cars = [(n * 10**8, tracks({1: (0.5, 0.5)}, label=1)) for n in range(5)]
    assert play(zone(classes=("person",)), cars) == []
    assert len(play(zone(classes=("car",)), cars)) == 1


def test_a_concave_zone_has_a_bay(film: Make, path: Make, play: Make) -> None:
    bay = (
        (0.2, 0.2),
        (0.8, 0.2),
        (0.8, 0.8),
        (0.6, 0.8),
        (0.6, 0.4),
        (0.4, 0.4),
        (0.4, 0.8),
        (0.2, 0.8),
    )
    events = play(zone(bay), film({1: path((0, 0.05, 0.6), (8, 0.95, 0.6))}, 8))
    assert [event.kind for event in events] == ["zone.entered", "zone.left"] * 2


def test_measures_say_occupancy_and_dwell(film: Make, path: Make, play: Make) -> None:
    till = zone()
    assert list(till.measures()) == []
    play(till, film({7: path(*THROUGH)}, 8))
    occupancy, dwell, entries, exits = till.measures()
    assert occupancy.kind == "zone.occupancy"
    assert {"present": 0, "peak": 1}.items() <= occupancy.data.items()
    assert occupancy.value == pytest.approx(0.5, abs=0.01)
    assert occupancy.data["low"] < occupancy.value < occupancy.data["high"]
    assert (dwell.kind, dwell.data["visits"]) == ("zone.dwell", 1)
    assert dwell.value == pytest.approx(4, abs=0.04)
    assert dwell.data["low"] < dwell.value < dwell.data["high"]
    for count, way in ((entries, "in"), (exits, "out")):
        assert (count.kind, count.value, count.data["direction"]) == ("zone.count", 1, way)


@pytest.mark.parametrize(
    ("polygon", "words"),
    [
        (((0.1, 0.1), (0.5, 0.1)), "zone 'till' needs at least 3 points; it has 2"),
        (
            ((0, 0), (1, 1), (1, 0), (0, 1)),
            "zone 'till' crosses itself: the edge 1-2 meets the edge 3-4",
        ),
        (((0, 0), (1, 0), (1, 1.5)), "zone 'till': point 3 (1, 1.5) is outside the picture"),
        (((0, 0), (0, 0), (1, 1)), "zone 'till': points 1 and 2 are the same"),
        (((0, 0), (1, 1), (0.5, 0.5), (0, 0.0)), "zone 'till': points 4 and 1 are the same"),
        (
            ((0, 0), (0.5, 0.5), (1, 1)),
            "zone 'till': its points lie on one line, so it has no area",
        ),
        (((0, 0), (1, 0), (1, float("inf"))), "finite number"),
    ],
)
def test_a_zone_that_cannot_be_is_refused_in_words(polygon: Any, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ZoneConfig(name="till", polygon=polygon)
    assert words in str(refused.value)


@pytest.mark.parametrize("fps", [30, 10, 5])
def test_more_than_its_capacity_for_a_moment_is_full_until_clearly_fewer(
    film: Make, path: Make, play: Make, fps: int
) -> None:
    """Two may be inside. A third comes for two seconds, one for a glance, and one leaves."""
    people = {
        1: path((0, 0.45, 0.5), (30, 0.45, 0.5)),
        2: path((0, 0.5, 0.5), (30, 0.5, 0.5)),
        3: path((5, 0.55, 0.5), (10, 0.55, 0.5)),
        4: path((15, 0.55, 0.6), (24.9, 0.55, 0.6)),
        5: path((15, 0.45, 0.6), (20, 0.45, 0.6)),
    }
    till = zone(capacity=2, capacity_s=2.0)
    events = [e for e in play(till, film(people, 30, fps)) if e.kind in ("zone.full", "zone.free")]
    assert [event.kind for event in events] == ["zone.full"]
    assert events[0].time_ns / 1e9 == pytest.approx(7, abs=0.3)
    assert events[0].data == {"present": 3, "capacity": 2}
    # Two are as many as may be, but not clearly fewer: it goes on being full.
    assert till.summary()["full"] == 1
    one = zone(capacity=2, capacity_s=2.0)
    alone = {n: path((0, 0.4 + 0.04 * n, 0.5), (5 if n > 1 else 20, 0.4 + 0.04 * n, 0.5))
             for n in (1, 2, 3)}  # fmt: skip
    kinds = [
        e.kind for e in play(one, film(alone, 20, fps)) if e.kind in ("zone.full", "zone.free")
    ]
    assert kinds == ["zone.full", "zone.free"]
