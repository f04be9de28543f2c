"""A camera that stops and starts again goes on counting, and counts nobody twice."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.analytics.heat import Heat
from sightline.analytics.view import View
from sightline.results import Detections
from sightline.twin.config import CameraConfig, parse_config
from sightline.twin.questions import Question, counts, questions, restore, state_of
from sightline.wire.messages import Event

Make = Callable[..., Any]
Picture = tuple[int, Detections]
DOOR = {"name": "door", "points": [[0.45, 0.85], [0.55, 0.15]]}
TILL: dict[str, Any] = {
    "name": "till",
    "polygon": [[0.3, 0.35], [0.65, 0.3], [0.7, 0.75], [0.35, 0.7]],
}
EXIT = {"name": "exit", "polygon": [[0.75, 0.1], [0.95, 0.1], [0.95, 0.9], [0.75, 0.9]]}
LABELS = ["person"]
S = 10**9


def config(**more: Any) -> CameraConfig:
    asked = {
        "lines": [DOOR],
        "zones": [TILL],
        "dwell": [{**TILL, "loiter_s": 3.0}],
        "people": [{"name": "shop", "entrances": [DOOR]}],
        "queues": [{**TILL, "path": [[0.35, 0.5]], "settle_s": 0.5, "max_waiting": 0, "for_s": 1}],
        "paths": [{"name": "ways", "places": [TILL, EXIT]}],
        "heatmaps": [{"name": "floor", "columns": 12}],
        "distances": [{"name": "near", "limit_m": 1.5}],
        "crowds": [{**TILL, "gathering": 2, "for_s": 0.5}],
        "speeds": [{"name": "fast", "limit": 0.5}],
        "ground": {
            "picture": [[0, 0], [1, 0], [1, 1], [0, 1]],
            "floor": [[0, 0], [9, 0], [9, 6], [0, 6]],
        },
    }
    return parse_config({"source": "x.mp4", **asked, **more}, "test")


def asked(**more: Any) -> list[Question]:
    return questions(config(**more), LABELS, 1.5)


def restarted(before: list[Question], same_tracks: bool = False, **more: Any) -> list[Question]:
    """New analytics with the state of the old, which has been text in between."""
    after = asked(**more)
    assert restore(after, json.loads(json.dumps(state_of(before))), same_tracks=same_tracks) == []
    return after


def feed(some: list[Question], pictures: list[Picture]) -> list[Event]:
    return [e for time_ns, tracks in pictures for one in some for e in one.update(tracks, time_ns)]


def ended(some: list[Question]) -> list[Event]:
    return [event for one in some for event in one.finish()]


def renumbered(pictures: list[Picture], by: int = 100) -> list[Picture]:
    return [(t, tracks.with_tracks(tracks.track_ids + by)) for t, tracks in pictures]


@st.composite
def walks(draw: st.DrawFn) -> dict[int, list[tuple[float, float, float]]]:
    """People who cross the picture by a few places, each far from the others' ways.

    Each has a lane, so that who comes after a restart can be told by the place.
    """
    people = {}
    for number in range(1, draw(st.integers(1, 4)) + 1):
        at, y, stops = draw(st.integers(0, 40)) / 10, 0.15 + 0.21 * (number - 1), []
        for x in draw(st.lists(st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]), min_size=2, max_size=4)):
            stops += [(at, x, y), (at + draw(st.sampled_from([0.5, 2.5, 4.0])), x, y)]
            at = stops[-1][0] + 3.0
        people[number] = stops
    return people


def seen(film: Make, path: Make, people: Mapping[int, Any], fps: int = 10) -> list[Picture]:
    return list(film({n: path(*stops) for n, stops in people.items()}, 20, fps))


@settings(max_examples=40, deadline=None)
@given(walks(), st.integers(0, 200), st.sampled_from([0.0, 0.2]), st.integers(0, 99))
def test_run_stop_restore_run_equals_run(
    film: Make, path: Make, people: Any, at: int, lost: float, seed: int
) -> None:
    """The same events to the bit where the tracks go on, flicker included."""
    random = np.random.default_rng(seed)
    pictures = [
        (t, tracks[random.random(len(tracks)) >= lost]) for t, tracks in seen(film, path, people)
    ]
    whole = asked()
    events = feed(whole, pictures) + ended(whole)
    first = asked()
    before = feed(first, pictures[:at])
    second = restarted(first, same_tracks=True)
    after = feed(second, pictures[at:]) + ended(second)
    assert before + after == events
    assert counts(second) == counts(whole)
    for one, other in zip(whole, second, strict=True):
        if isinstance(one, Heat) and isinstance(other, Heat):  # sums, in another order
            assert other.maps().recent == pytest.approx(one.maps().recent)
            assert other.maps().flow == pytest.approx(one.maps().flow)
        else:
            assert other.measures() == one.measures()


@settings(max_examples=40, deadline=None)
@given(walks(), st.integers(0, 200))
def test_new_identities_after_a_restart_change_no_count(
    film: Make, path: Make, people: Any, at: int
) -> None:
    pictures = seen(film, path, people)
    whole, first = asked(), asked()
    events = feed(whole, pictures) + ended(whole)
    before = feed(first, pictures[:at])
    second = restarted(first)
    after = feed(second, renumbered(pictures[at:])) + ended(second)
    assert [(e.kind, e.time_ns) for e in before + after] == [(e.kind, e.time_ns) for e in events]
    assert counts(second) == counts(whole)


@pytest.mark.parametrize("away_s", [0.5, 5.0, 40.0])
@pytest.mark.parametrize("place", [(0.5, 0.5), (0.55, 0.997)], ids=["inside", "at the edge"])
def test_who_stands_in_a_zone_across_a_restart_is_one_visit(
    film: Make, path: Make, away_s: float, place: tuple[float, float]
) -> None:
    zone = {"name": "all", "polygon": [[0.2, 0.2], [0.8, 0.2], [0.8, 1], [0.2, 1]]}
    more = {"zones": [zone], "dwell": [{**zone, "loiter_s": 3.0}]}
    first = asked(**more)
    begun = feed(first, list(film({1: path((0, *place), (10, *place))}, 10, 10)))
    assert [event.kind for event in begun if event.name == "all"].count("dwell.loitering") == 1
    second = restarted(first, **more)
    start_ns = round((10 + away_s) * S)
    events = feed(second, list(film({1: path((0, *place), (10, *place))}, 10, 10, start_ns)))
    assert events == []
    zone = counts(second)["zones"]["all"]
    assert (zone["visits"], zone["present"]) == (1, 1)
    assert zone["dwell_s"] == pytest.approx(20 + away_s, abs=0.01)


def test_who_waits_on_a_line_across_a_restart_is_counted_once(film: Make, path: Make) -> None:
    first = asked()
    came = feed(first, list(film({7: path((0, 0.2, 0.5), (3, 0.505, 0.5))}, 3, 10)))
    assert [event for event in came if event.kind in ("line.crossed", "people.in")] == []
    second = restarted(first)
    on = path((0, 0.505, 0.5), (4, 0.505, 0.5), (6, 0.9, 0.5))
    crossed = [
        e.data["direction"]
        for e in feed(second, list(film({1: on}, 6, 10, 8 * S)))
        if e.kind == "line.crossed"
    ]
    assert crossed == ["in"]
    assert sum(counts(second)["lines"]["door"].values()) == 1


def test_who_left_while_the_camera_was_off_left_when_last_seen(film: Make, path: Make) -> None:
    first = asked()
    feed(first, list(film({1: path((0, 0.5, 0.5), (10, 0.5, 0.5))}, 10, 10)))
    second = restarted(first)
    events = feed(second, list(film({}, 5, 10, 15 * S)))
    left = [e for e in events if e.kind == "zone.left"]
    assert [(e.time_ns, e.data["dwell_s"]) for e in left] == [(10 * S, 10.0)] * 4
    assert counts(second)["zones"]["till"]["present"] == 0


def test_after_a_long_time_nobody_is_known_and_the_time_away_thins_no_mean(
    film: Make, path: Make
) -> None:
    here = {1: path((0, 0.5, 0.5), (10, 0.5, 0.5))}
    first = asked()
    feed(first, list(film(here, 10, 10)))
    second = restarted(first)
    feed(second, list(film(here, 10, 10, 86_400 * S)))
    zone = counts(second)["zones"]["till"]
    assert zone["visits"] == 2
    assert zone["mean"] == pytest.approx(1.0, abs=0.02)


def test_a_clock_that_was_set_back_by_the_restart_stands_still(film: Make, path: Make) -> None:
    here = {1: path((0, 0.5, 0.5), (10, 0.5, 0.5))}
    first = asked()
    feed(first, list(film(here, 10, 10, 86_400 * S)))
    second = restarted(first)
    feed(second, list(film(here, 10, 10)))
    assert counts(second)["zones"]["till"]["visits"] == 1
    assert counts(second)["zones"]["till"]["dwell_s"] == pytest.approx(20.0)


def test_a_changed_question_begins_anew_and_the_others_go_on(film: Make, path: Make) -> None:
    first = asked()
    feed(first, list(film({1: path((0, 0.1, 0.5), (5, 0.9, 0.5))}, 5, 10)))
    before = counts(first)
    second = asked(lines=[{**DOOR, "hysteresis": 0.2}, {**DOOR, "name": "new"}])
    dropped = restore(second, state_of(first))
    assert dropped == ["lines door: changed", "lines new: is new"]
    after = counts(second)
    assert sum(after["lines"]["door"].values()) == 0
    assert {kind: after[kind] for kind in ("zones", "dwell", "people")} == {
        kind: before[kind] for kind in ("zones", "dwell", "people")
    }


def test_a_network_with_other_class_numbers_changes_nobody(film: Make, path: Make) -> None:
    here = {1: path((0, 0.5, 0.5), (9, 0.5, 0.5))}
    first = questions(config(), ["person", "dog"], 1.5)
    feed(first, list(film(here, 4, 10)))
    second = questions(config(), ["cat", "person"], 1.5)
    restore(second, state_of(first))
    feed(second, [(t, type(d)(d.boxes, d.scores, d.labels + 1, d.track_ids)) for t, d in
                  film(here, 4, 10, 5 * S)])  # fmt: skip
    assert counts(second)["zones"]["till"]["visits"] == 1


@pytest.mark.parametrize(
    "state",
    [{}, {"version": 99}, {"version": 1, "roster": {}, "analytics": []}, {"version": 1}, []],
)
def test_a_state_that_is_none_begins_anew(film: Make, path: Make, state: Any) -> None:
    some = asked()
    asked_for = [one for one in some if not isinstance(one, View)]  # which every camera has
    assert len(restore(some, state)) == len(asked_for)
    feed(some, list(film({1: path((0, 0.1, 0.5), (5, 0.9, 0.5))}, 5, 10)))
    assert sum(counts(some)["lines"]["door"].values()) == 1


def test_damage_to_one_state_costs_that_one_only(film: Make, path: Make) -> None:
    first = asked()
    feed(first, list(film({1: path((0, 0.1, 0.5), (5, 0.9, 0.5))}, 5, 10)))
    state = json.loads(json.dumps(state_of(first)))
    damaged = next(one for one in state["analytics"] if one["kind"] == "dwell")
    damaged["state"]["lengths_s"] = "x"
    second = asked()
    [said] = restore(second, state)
    assert said.startswith("dwell till: its state is damaged")
    assert counts(second)["dwell"]["till"]["visits"] == 0
    assert counts(second)["lines"] == counts(first)["lines"]
