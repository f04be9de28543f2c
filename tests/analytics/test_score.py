import pytest

from sightline.analytics.score import CountScore, score_counts, score_events
from sightline.wire.messages import Event


def event(kind: str, at_s: float, name: str = "a", **data: object) -> Event:
    return Event(kind, round(at_s * 1e9), name, data=data)


def test_events_match_in_kind_name_and_time() -> None:
    found = [event("x", 1.0), event("x", 5.0), event("x", 9.0, "b"), event("other", 1)]
    true = [event("x", 1.5), event("x", 20.0), event("x", 9.0)]
    here, there = score_events(found, true, {"x"}, 2.0)
    assert (here.name, here.found, here.true, here.matched) == ("a", 2, 3, 1)
    assert (here.precision, here.recall) == (0.5, pytest.approx(1 / 3))
    assert here.late_s == pytest.approx(-0.5)
    assert (there.name, there.precision, there.recall) == ("b", 0.0, 1.0)


def test_each_event_is_matched_once_and_to_the_nearest() -> None:
    [score] = score_events([event("x", 1), event("x", 2)], [event("x", 2.1)], {"x"}, 2)
    assert (score.matched, score.late_s) == (1, pytest.approx(-0.1))


def test_cells_must_agree() -> None:
    [score] = score_events([event("x", 1, cell=[0, 1])], [event("x", 1, cell=[0, 2])], {"x"}, 2)
    assert score.matched == 0


def test_what_both_tell_in_seconds_is_compared() -> None:
    found = [event("x", 1, wait_s=9.0), event("x", 5, wait_s=22.0)]
    true = [event("x", 1, wait_s=10.0), event("x", 5, wait_s=20.0)]
    [score] = score_events(found, true, {"x"}, 1)
    assert (score.value, score.wrong) == ("wait_s", pytest.approx(1.5 / 15))


def test_counts_are_compared_by_path() -> None:
    scores = score_counts(
        {"lines": {"door": {"in": 9, "more": 1}}}, {"lines": {"door": {"in": 10, "out": 2}}}
    )
    assert scores == [CountScore("lines door in", 9, 10), CountScore("lines door out", 0, 2)]
    assert [one.error for one in scores] == [pytest.approx(0.1), 1.0]
