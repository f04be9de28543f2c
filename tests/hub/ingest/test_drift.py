"""A camera's clock that runs away from the hub's is told once, and when it is right again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.hub.ingest.drift import Drift

S = 10**9


def told(*ahead_s: float, drift: Drift | None = None) -> list[tuple[int, str, float]]:
    """In which report what was said, of reports half a minute apart."""
    watch, found = drift or Drift(), []
    for number, ahead in enumerate(ahead_s):
        now_ns = number * 30 * S
        event = watch.hear("door", now_ns + round(ahead * S), now_ns)
        if event is not None:
            found.append((number, event.kind, event.data.get("ahead_s", 0.0)))
    return found


def test_a_slow_drift_is_told_once_it_is_more_than_three_seconds() -> None:
    drifting = [0.2 * number for number in range(30)]
    assert told(*drifting) == [(18, "view.clock", pytest.approx(3.2))]


def test_a_clock_that_is_behind_and_set_right() -> None:
    assert told(0, 0, -60, -60, -60, -60, 0, 0, 0) == [
        (4, "view.clock", -60.0),
        (6, "view.clear", 0.0),
    ]


def test_reports_that_were_under_way_for_long_are_no_fault_of_the_clock() -> None:
    assert told(0, -40, -20, 0, -30, -5, -0.1, -8, -9, 0) == []


@given(st.lists(st.floats(-1.4, 1.4)))
def test_a_sound_clock_is_never_told(ahead_s: list[float]) -> None:
    assert told(*ahead_s) == []


def test_what_a_failed_transaction_taught_is_forgotten() -> None:
    drift = Drift()
    assert told(9, 9, drift=drift) == []
    drift.begin()
    assert len(told(9, drift=drift)) == 1
    assert drift.wrong("door")
    drift.undo()
    assert not drift.wrong("door")
    drift.begin()
    assert len(told(9, drift=drift)) == 1
    assert not drift.wrong("other")
