from collections.abc import Callable
from typing import Any

import pytest

from sightline.analytics.base import TABLE
from sightline.analytics.dwell import Dwell, DwellConfig
from sightline.analytics.roster import Roster
from sightline.plugins import load

Make = Callable[..., Any]
MIDDLE = ((0.3, 0.3), (0.7, 0.3), (0.7, 0.9), (0.3, 0.9))


def bench(**more: Any) -> Dwell:
    return Dwell(DwellConfig(name="bench", polygon=MIDDLE, **more), ["person"])


def visitor(path: Make, start: float, stay: float, y: float = 0.5) -> Any:
    """Walks in within 2 s (inside after 1 s), stays, and walks out (outside after 1 s)."""
    return path(
        (start, 0.1, y), (start + 2, 0.5, y), (start + stay, 0.5, y), (start + stay + 2, 0.1, y)
    )


def test_the_distribution_of_visits(film: Make, path: Make, play: Make) -> None:
    seat = bench()
    people = {n: visitor(path, 12 * n, stay) for n, stay in enumerate((2, 4, 6, 8, 10))}
    play(seat, film(people, 62, 10))
    summary = seat.summary()
    assert summary["visits"] == 5
    assert summary["median_s"] == pytest.approx(6, abs=0.15)
    assert summary["p90_s"] == pytest.approx(9.2, abs=0.15)
    assert summary["loitering"] == 0


def test_how_sure_the_distribution_is(film: Make, path: Make, play: Make) -> None:
    """Visits that came in pieces may have been longer; what is exact is not doubted."""
    people = {n: visitor(path, 12 * n, stay) for n, stay in enumerate((2, 4, 6, 8, 10))}

    def torn(at: float) -> Any:
        return None if 54 < at < 57 else people[4](at)

    whole, broken = bench(), bench()
    exact = Dwell(whole.config, ["person"], roster=Roster(mend=False))
    play([whole], film(people, 62, 10))
    play([exact], film(people, 62, 10))
    play([broken], film({**people, 4: torn}, 62, 10))
    for one, what, true in ((whole, "median_s", 6), (whole, "p90_s", 9.2), (broken, "median_s", 6)):
        low, high = one.bounds()[what]
        assert low <= true <= high
    assert broken.bounds()["median_s"].high > whole.bounds()["median_s"].high
    for what, (low, high) in exact.bounds().items():
        assert low == pytest.approx(high) or what not in ("median_s", "p90_s")
    told = next(m for m in whole.measures() if m.kind == "zone.dwell")
    assert told.data["p90_s_between"] == pytest.approx(list(whole.bounds()["p90_s"]), abs=0.001)
    assert bench().bounds().keys() == whole.bounds().keys() - {"median_s", "p90_s"}


def test_who_only_passes_is_left_out(film: Make, path: Make, play: Make) -> None:
    seat = bench(shortest_s=3)
    play(seat, film({1: visitor(path, 0, 2), 2: visitor(path, 6, 8)}, 20, 10))
    assert seat.summary()["median_s"] == pytest.approx(8, abs=0.15)
    assert seat.summary()["visits"] == 2


def test_loitering_is_told_once_when_it_begins(film: Make, path: Make, play: Make) -> None:
    seat = bench(loiter_s=5)
    people = {1: visitor(path, 0, 20), 2: visitor(path, 3, 4, 0.6), 3: visitor(path, 4, 20, 0.7)}
    alarms = [e for e in play(seat, film(people, 30, 10)) if e.kind == "dwell.loitering"]
    assert [(alarm.track, alarm.name, alarm.label) for alarm in alarms] == [
        (1, "bench", "person"),
        (3, "bench", "person"),
    ]
    assert [alarm.time_ns / 1e9 for alarm in alarms] == pytest.approx([6, 10], abs=0.15)
    assert alarms[0].data["dwell_s"] == pytest.approx(5, abs=0.15)
    assert seat.summary()["loitering"] == 2


def test_who_comes_back_may_loiter_again(film: Make, path: Make, play: Make) -> None:
    seat = bench(loiter_s=3)
    twice = path(
        (0, 0.1, 0.5), (2, 0.5, 0.5), (8, 0.5, 0.5), (10, 0.1, 0.5), (12, 0.1, 0.5),
        (14, 0.5, 0.5), (20, 0.5, 0.5),
    )  # fmt: skip
    alarms = [e for e in play(seat, film({1: twice}, 20, 10)) if e.kind == "dwell.loitering"]
    assert len(alarms) == 2


def test_a_new_identity_does_not_begin_anew(film: Make, path: Make, play: Make) -> None:
    seat = bench(loiter_s=5)
    walk = visitor(path, 0, 12)
    parts = {
        1: lambda t: walk(t) if t < 4 else None,
        2: lambda t: walk(t) if t > 4.5 else None,
    }
    alarms = [e for e in play(seat, film(parts, 14, 10)) if e.kind == "dwell.loitering"]
    assert [alarm.time_ns / 1e9 for alarm in alarms] == pytest.approx([6], abs=0.15)


def test_ten_minutes_take_a_moment(tracks: Make) -> None:
    seat = bench(loiter_s=600)
    told = [
        e for minute in range(12) for e in seat.update(tracks({1: (0.5, 0.5)}), minute * 59 * 10**9)
    ]
    assert [event.kind for event in told] == ["zone.entered", "dwell.loitering"]


def test_measures_hold_the_distribution(film: Make, path: Make, play: Make) -> None:
    seat = bench()
    assert list(seat.measures()) == []
    play(seat, film({1: visitor(path, 0, 4)}, 8, 10))
    occupancy, dwell, *_ = seat.measures()
    assert occupancy.kind == "zone.occupancy"
    assert dwell.data["median_s"] == pytest.approx(4, abs=0.15)


def test_it_is_found_by_its_name() -> None:
    assert load("analytic", "dwell", TABLE) is Dwell
