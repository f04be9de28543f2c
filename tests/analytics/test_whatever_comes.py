"""Clocks that go back, jump or stand still, tracks that flicker, swap and double: all at once."""

import json
from collections.abc import Callable
from math import isfinite
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.twin.config import parse_config
from sightline.twin.questions import Question, counts, questions, restore, state_of

Make = Callable[..., Any]
DAY = 86_400.0
TILL = {"name": "till", "polygon": [[0.3, 0.3], [0.7, 0.3], [0.7, 0.8], [0.3, 0.8]]}
ASKED = {
    "lines": [{"name": "door", "points": [[0.5, 1], [0.5, 0]]}],
    "zones": [{**TILL, "capacity": 1}],
    "dwell": [{**TILL, "loiter_s": 1.0}],
    "people": [{"name": "shop", "entrances": [{"name": "door", "points": [[0.5, 1], [0.5, 0]]}]}],
    "queues": [{**TILL, "path": [[0.3, 0.5]], "settle_s": 0.5, "max_waiting": 1, "max_wait_s": 1}],
    "paths": [{"name": "ways", "places": [
        TILL, {"name": "left", "polygon": [[0, 0], [0.3, 0], [0.3, 1], [0, 1]]}]}],
    "heatmaps": [{"name": "floor", "columns": 8, "hours": 2}],
    "distances": [{"name": "near", "limit_m": 2, "for_s": 0}],
    "crowds": [{**TILL, "gathering": 2, "density": 0.1, "for_s": 0}],
    "speeds": [{"name": "fast", "limit": 0.5}],
    "ground": {
        "picture": [[0.1, 0.9], [0.9, 0.9], [0.6, 0.2], [0.4, 0.2]],
        "floor": [[-2, 2], [2, 2], [2, 9], [-2, 9]],
    },
}  # fmt: skip
steps = st.sampled_from([0.04, 0.2, 0.2, 0.5, 0.0, -3.0, DAY, -DAY, 70.0])
pictures = st.lists(
    st.tuples(
        steps,
        st.dictionaries(
            st.integers(1, 6), st.tuples(st.floats(-0.05, 1.05), st.floats(0, 1.1)), max_size=5
        ),
        st.booleans(),
    ),
    max_size=40,
)


def asked() -> list[Question]:
    return questions(parse_config({"source": "x", **ASKED}, "test"), ["person"], 1.0)


def sound(some: list[Question]) -> None:
    for name, numbers in (item for kind in counts(some).values() for item in kind.items()):
        for what, value in numbers.items():
            assert isfinite(value), (name, what)
            assert value >= 0 or what in ("expected_s", "expected_error_s"), (name, what)
    for one in some:
        for measure in one.measures():
            assert measure.start_ns <= measure.end_ns
            assert isfinite(measure.value)


@settings(max_examples=60, deadline=None)
@given(pictures, st.integers(0, 40))
def test_counts_stay_sound_and_every_state_can_be_kept(
    tracks: Make, film: list[tuple[float, dict[int, tuple[float, float]], bool]], at: int
) -> None:
    some, now, events = asked(), 100_000.0, []
    for number, (step, places, doubled) in enumerate(film):
        now += step
        seen = tracks(places)
        if doubled and len(seen) > 1:
            seen = seen.with_tracks(np.full(len(seen), 3, np.int64))
        events += [e for one in some for e in one.update(seen, round(now * 1e9))]
        sound(some)
        if number == at:
            again = asked()
            assert restore(again, json.loads(json.dumps(state_of(some)))) == []
            some = again
    events += [event for one in some for event in one.finish()]
    sound(some)
    json.dumps([event.data for event in events])


@pytest.mark.parametrize(
    "step", [DAY, -DAY, 0.0, -3.0], ids=["a day on", "a day back", "still", "back"]
)
def test_a_clock_that_is_set_under_somebody_who_stays_counts_nobody_twice(
    tracks: Make, step: float
) -> None:
    some, now = asked(), 200_000.0
    for number in range(60):
        now += step if number == 30 else 0.1
        for one in some:
            one.update(tracks({1: (0.5, 0.5), 2: (0.6, 0.7)}), round(now * 1e9))
    found = counts(some)
    assert found["zones"]["till"]["visits"] == 2
    assert found["queues"]["till"]["waiting"] == 2
    assert found["dwell"]["till"]["loitering"] == 2
    assert found["zones"]["till"]["dwell_s"] == pytest.approx(5.8, abs=0.11)
    assert found["heatmaps"]["floor"]["seconds"] == pytest.approx(11.7, abs=0.5)
    assert found["speeds"]["fast"]["max"] < 0.1


def test_two_who_swap_numbers_are_still_two_visits(tracks: Make) -> None:
    some = asked()
    for number in range(100):
        places = {1: (0.4, 0.5), 2: (0.6, 0.5)}
        if number % 7 == 0:
            places = {2: places[1], 1: places[2]}
        for one in some:
            one.update(tracks(places), number * 10**8)
    found = counts(some)
    assert found["zones"]["till"]["visits"] == 2
    assert found["zones"]["till"]["dwell_s"] == pytest.approx(9.9)
