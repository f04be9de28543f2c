import json
from typing import Any

import numpy as np
import pytest

from sightline.analytics.left import Left, LeftConfig
from sightline.results import Detections
from sightline.wire.messages import Event

LABELS = ["person", "suitcase", "box"]
CASE = [0.5, 0.6, 0.56, 0.7]
CRATE = [0.2, 0.6, 0.28, 0.68]


def play(left: Left, at: Any, seconds: float, begin_s: float = 0.0) -> list[Event]:
    events: list[Event] = []
    for number in range(round(begin_s * 10), round(seconds * 10) + 1):
        seen = at(number / 10)
        tracks = Detections(
            np.array([box for _, _, box in seen], np.float32).reshape(-1, 4),
            np.ones(len(seen), np.float32),
            np.array([label for _, label, _ in seen], np.int32),
            np.array([track for track, _, _ in seen], np.int64),
        )
        events += left.update(tracks, number * 100_000_000)
    return events


def floor(**more: Any) -> Left:
    return Left(LeftConfig(name="floor", left_s=10, **more), LABELS)


def test_a_suitcase_that_stands_is_left_and_then_removed() -> None:
    left = floor()
    found = play(left, lambda t: [(4, 1, CASE)] if 5 <= t < 40 else [], 60)
    assert [event.kind for event in found] == ["object.left", "object.removed"]
    assert found[0].time_ns == 5e9
    assert (found[0].label, found[0].track) == ("suitcase", 4)
    assert found[1].time_ns == pytest.approx(39.9e9)
    assert found[1].data["stood_s"] == pytest.approx(34.9)
    assert left.summary() == {"left": 1, "removed": 1, "standing": 0}


def test_people_who_stand_still_are_no_objects() -> None:
    assert play(floor(), lambda t: [(1, 0, [0.4, 0.3, 0.5, 0.8])] if t > 5 else [], 60) == []


def test_what_was_there_at_first_is_not_left_but_can_be_removed() -> None:
    found = play(floor(), lambda t: [(2, 2, CRATE)] if t < 30 else [], 40)
    assert [event.kind for event in found] == ["object.removed"]


def test_what_moves_on_is_not_left() -> None:
    def carried(t: float) -> Any:
        return [(4, 1, [0.1 + 0.01 * t, 0.6, 0.16 + 0.01 * t, 0.7])] if t > 5 else []

    assert play(floor(), carried, 50) == []


def test_a_new_number_and_a_trembling_box_are_the_same_thing() -> None:
    rng = np.random.default_rng(1)

    def seen(t: float) -> Any:
        return [(int(t), 1, (np.array(CASE) + rng.normal(0, 0.003, 4)).tolist())] if t > 5 else []

    assert [event.kind for event in play(floor(), seen, 30)] == ["object.left"]


def test_what_somebody_stands_before_is_not_gone() -> None:
    def hidden(t: float) -> Any:
        return [(1, 0, [0.48, 0.3, 0.6, 0.75])] if 20 < t < 40 else [(4, 1, CASE)] if t > 5 else []

    assert [event.kind for event in play(floor(), hidden, 60)] == ["object.left"]


def test_as_long_as_its_owner_stands_beside_it_is_not_left_where_that_is_asked() -> None:
    def with_owner(t: float) -> Any:
        owner = [(1, 0, [0.57, 0.4, 0.64, 0.72])] if t < 30 else []
        return [(4, 1, CASE), *owner] if t > 5 else []

    assert play(floor(owner_s=5), with_owner, 30) == []
    [event] = play(floor(owner_s=5), with_owner, 60)
    assert event.kind == "object.left"


def test_a_restart_forgets_nothing() -> None:
    def seen(t: float) -> Any:
        return [(4, 1, CASE)] if 5 <= t < 40 else []

    first, second = floor(), floor()
    assert [event.kind for event in play(first, seen, 20)] == ["object.left"]
    second.roster.restore(json.loads(json.dumps(first.roster.state())), True)
    second.restore(json.loads(json.dumps(first.state())))
    assert [event.kind for event in play(second, seen, 60, 20.1)] == ["object.removed"]
    assert second.summary() == {"left": 1, "removed": 1, "standing": 0}
