"""Stalls and runaways, without waiting for any."""

import pytest

from sightline.source.watch import Speedometer, Watchdog


@pytest.mark.parametrize(
    ("stall_s", "fps", "limit"),
    [(None, 25, 2.0), (None, 0.5, 4.0), (None, 1, 2.0), (7.0, 25, 7.0), (0.3, 25, 0.3)],
)
def test_how_long_silence_may_last(stall_s: float | None, fps: float, limit: float) -> None:
    watchdog = Watchdog(stall_s)
    watchdog.connected(fps, now=100.0)
    assert watchdog.limit == limit
    assert watchdog.patience(100.0) == pytest.approx(limit)


def test_a_stall_is_told_once_and_so_is_its_end() -> None:
    watchdog = Watchdog(None)
    watchdog.connected(25, now=0.0)
    assert watchdog.look(heard=1.0, now=2.9) is None
    assert watchdog.look(heard=1.0, now=3.0) == ("stalled", 2.0)
    assert watchdog.patience(3.0) is None
    assert watchdog.look(heard=1.0, now=9.0) is None
    assert watchdog.look(heard=9.5, now=9.6) == ("resumed", 8.5)
    assert watchdog.look(heard=9.5, now=9.7) is None
    assert watchdog.look(heard=9.5, now=11.5) == ("stalled", 2.0)


def test_a_reader_that_was_busy_sees_no_stall_where_pictures_came() -> None:
    watchdog = Watchdog(None)
    watchdog.connected(25, now=0.0)
    assert watchdog.look(heard=29.9, now=30.0) is None


def test_a_lost_connection_does_not_stall() -> None:
    watchdog = Watchdog(None)
    watchdog.connected(25, now=0.0)
    watchdog.look(heard=0.0, now=2.0)
    watchdog.lost()
    assert watchdog.look(heard=0.0, now=60.0) is None
    assert watchdog.patience(60.0) is None
    watchdog.connected(25, now=61.0)
    assert watchdog.look(heard=61.0, now=61.1) is None


@pytest.mark.parametrize(
    ("promised", "real", "runs_away"),
    [(25, 25, False), (25, 50, False), (25, 100, True), (5, 30, False), (60, 120, False)],
)
def test_which_rates_run_away(promised: float, real: float, runs_away: bool) -> None:
    speed = Speedometer(promised, now=0.0)
    rates = [speed.picture(number / real) for number in range(int(real * 20))]
    told = [rate for rate in rates if rate]
    assert len(told) == runs_away
    assert not told or told[0] == pytest.approx(real, rel=0.05)


def test_the_burst_that_greets_a_new_reader_is_no_runaway() -> None:
    speed = Speedometer(25, now=0.0)
    burst = [speed.picture(number / 1000) for number in range(500)]
    after = [speed.picture(0.5 + number / 25) for number in range(500)]
    assert not any(burst + after)
