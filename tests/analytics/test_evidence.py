"""The more a track breaks and hides, the further from sure its count is."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sightline.analytics.doubt import read
from sightline.analytics.line import Line, LineConfig
from sightline.analytics.people import People, PeopleConfig
from sightline.analytics.queue import Queue, QueueConfig
from sightline.analytics.roster import Roster
from sightline.analytics.zone import Zone, ZoneConfig
from sightline.results import Detections
from sightline.twin.questions import restore, state_of

Make = Callable[..., Any]
UP = ((0.5, 1.0), (0.5, 0.0))
TILL = ((0.3, 0.35), (0.65, 0.3), (0.7, 0.75), (0.35, 0.7))


def line(roster: Roster | None = None, **more: Any) -> Line:
    return Line(LineConfig(name="door", points=UP, **more), ["person"], roster=roster)


def zone(**more: Any) -> Zone:
    return Zone(ZoneConfig(name="till", polygon=TILL, **more), ["person"])


def walker(path: Make) -> Any:
    return path((0, 0.1, 0.6), (8, 0.9, 0.6))


def test_who_is_seen_clearly_is_counted_almost_for_sure(film: Make, path: Make, play: Make) -> None:
    door = line()
    (event,) = play(door, film({1: walker(path)}, 8))
    assert "sight" not in event.data
    assert door.bounds() == {"in": (1, 1), "out": (0, 0)}


@pytest.mark.parametrize(("score", "sight"), [(0.0, "hidden"), (0.4, "faint")])
def test_who_is_hardly_seen_is_doubted(
    film: Make, path: Make, play: Make, score: float, sight: str
) -> None:
    def scored(film: Any) -> Any:
        for time_ns, tracks in film:
            yield time_ns, Detections(
                tracks.boxes, np.full(len(tracks), score, np.float32), tracks.labels,
                tracks.track_ids,
            )  # fmt: skip

    sure, doubted = line(), line()
    play(sure, film({1: walker(path)}, 8))
    (event,) = play(doubted, scored(film({1: walker(path)}, 8)))
    assert event.data["sight"] == sight
    assert doubted.doubts()["in"].spread > sure.doubts()["in"].spread


def test_who_walks_behind_another_is_doubted(film: Make, path: Make, play: Make) -> None:
    door = line()
    beside = path((0, 0.12, 0.62), (8, 0.92, 0.62))
    events = play(door, film({1: walker(path), 2: beside}, 8))
    assert {event.data.get("sight") for event in events} == {"crowded"}


def test_who_is_lost_before_the_line_may_have_crossed(film: Make, path: Make, play: Make) -> None:
    door = line()
    early = path((1, 0.05, 0.6), (4, 0.35, 0.6))
    other = path((0, 0.1, 0.9), (12, 0.2, 0.9))
    play(door, film({1: early, 2: other}, 12))
    assert door.summary() == {"in": 0, "out": 0}
    assert door.doubts()["in"].expected > 0
    assert door.doubts()["out"].expected == 0


def test_who_springs_up_beyond_the_line_may_have_crossed(
    film: Make, path: Make, play: Make
) -> None:
    door = line()
    late = path((3, 0.62, 0.6), (6, 0.92, 0.6))
    other = path((0, 0.1, 0.9), (12, 0.2, 0.9))
    play(door, film({1: late, 2: other}, 12))
    assert door.summary() == {"in": 0, "out": 0}
    assert 0 < door.doubts()["in"].expected < 1


def test_ground_truth_is_not_doubted(film: Make, path: Make, play: Make) -> None:
    door = line(Roster(mend=False))
    play(door, film({1: walker(path)}, 8))
    assert door.doubts()["in"].spread == 0


def test_a_visit_in_pieces_is_likely_one(film: Make, path: Make, play: Make) -> None:
    """Lost for longer than the analytics remember: two visits, which may be one."""
    whole, broken = zone(), zone()
    other = path((0, 0.1, 0.1), (19, 0.1, 0.1))
    stay = path((2, 0.1, 0.5), (4, 0.5, 0.5), (14, 0.5, 0.5), (16, 0.9, 0.5))
    play(whole, film({9: other, 1: stay}, 19))

    def before(t: float) -> Any:
        return stay(t) if t < 7 else None

    def after(t: float) -> Any:
        return stay(t) if t > 10 else None

    play(broken, film({9: other, 1: before, 2: after}, 19))
    assert broken.summary()["visits"] == 2
    low, high = broken.bounds()["visits"]
    assert low <= 1 <= high
    assert broken.summary()["dwell_s"] < 7
    assert broken.bounds()["dwell_s"].high > 10
    assert broken.doubts()["visits"].spread > whole.doubts()["visits"].spread


def test_who_goes_out_and_comes_back_at_once_may_have_been_inside_all_along(
    film: Make, path: Make, play: Make
) -> None:
    once, twice = zone(), zone()
    play(once, film({1: path((0, 0.1, 0.5), (3, 0.5, 0.5), (14, 0.5, 0.5))}, 14))
    out_and_in = path((0, 0.1, 0.5), (3, 0.5, 0.5), (6, 0.2, 0.5), (9, 0.5, 0.5), (14, 0.5, 0.5))
    events = play(twice, film({1: out_and_in}, 14))
    assert [event.data.get("sight") for event in events] == [None, None, "again"]
    assert twice.summary()["visits"] == 2
    low, high = twice.bounds()["visits"]
    assert low <= 1
    assert high >= 2
    assert twice.doubts()["exits"].expected < 1
    assert twice.doubts()["entries"].spread > once.doubts()["entries"].spread


def test_the_wait_of_who_was_lost_in_line_is_given_to_who_sprang_up_there(
    film: Make, path: Make, play: Make
) -> None:
    till = Queue(
        QueueConfig(name="till", polygon=((0.2, 0.3), (0.8, 0.3), (0.8, 0.8), (0.2, 0.8)),
                    path=((0.8, 0.55), (0.2, 0.55))),
        ["person"],
    )  # fmt: skip
    stay = path((2, 0.05, 0.5), (4, 0.3, 0.5), (20, 0.7, 0.5), (22, 0.95, 0.5))
    other = path((0, 0.1, 0.1), (25, 0.1, 0.1))

    def before(t: float) -> Any:
        return stay(t) if t < 6 else None

    def after(t: float) -> Any:
        return stay(t) if t > 9 else None

    play(till, film({9: other, 1: before, 2: after}, 25))
    summary, bounds = till.summary(), till.bounds()
    assert summary["served"] == 1
    assert summary["wait_s"] < 13
    assert bounds["wait_s"].high > 14


def test_measures_carry_what_adds_up(film: Make, path: Make, play: Make) -> None:
    door = line()
    play(door, film({1: walker(path)}, 8))
    told = {m.data["direction"]: m for m in door.measures()}["in"]
    (doubt,) = read(told.data["doubt"])
    assert doubt.expected == pytest.approx(door.doubts()["in"].expected)
    assert (told.data["low"], told.data["high"]) == door.bounds()["in"]


def test_a_room_knows_how_sure_its_occupancy_is(film: Make, path: Make, play: Make) -> None:
    room = People(
        PeopleConfig(name="shop", entrances=(LineConfig(name="door", points=UP),)), ["person"]
    )
    crowd = {n: path((n, 0.1, 0.3 + n / 40), (n + 4, 0.9, 0.3 + n / 40)) for n in range(1, 12)}
    play(room, film(crowd, 20))
    bounds = room.bounds()
    assert bounds["in"].low <= 11 <= bounds["in"].high
    assert bounds["inside"].low <= 11 <= bounds["inside"].high


def test_audits_are_applied_and_change_nothing_of_what_is_counted(
    film: Make, path: Make, play: Make
) -> None:
    seen_half = [{"of": "in", "counted": 200, "expected": 100, "variance": 2}]
    plain, audited = line(), line(audits=seen_half)
    crowd = {n: path((n, 0.1, 0.3 + n / 40), (n + 4, 0.9, 0.3 + n / 40)) for n in range(1, 12)}
    play(plain, film(crowd, 20))
    state = state_of([plain])
    assert restore([audited], state, same_tracks=True) == []  # an audit begins nothing anew
    assert audited.summary() == plain.summary() == {"in": 11, "out": 0}
    assert audited.doubts()["in"].expected > 1.5 * plain.doubts()["in"].expected
    assert audited.doubts()["out"] == plain.doubts()["out"]


def test_evidence_outlives_a_restart(film: Make, path: Make, play: Make) -> None:
    till, again = zone(), zone()
    play(till, film({1: path((0, 0.1, 0.5), (4, 0.5, 0.5), (8, 0.9, 0.5))}, 8))
    restore([again], state_of([till]), same_tracks=True)
    assert again.bounds() == till.bounds()


def test_a_state_without_evidence_is_read(film: Make, path: Make, play: Make) -> None:
    for made in (line, zone):
        one, again = made(), made()
        play(one, film({1: walker(path)}, 8))
        kept = {
            key: value for key, value in one.state().items() if key not in ("evidence", "staying")
        }
        again.roster.restore(one.roster.state(), same_tracks=True)
        again.restore(kept)
        assert again.summary() == one.summary()
        assert [d.expected for d in again.doubts().values()] == pytest.approx(
            [d.expected for d in one.doubts().values()], abs=0.1
        )
