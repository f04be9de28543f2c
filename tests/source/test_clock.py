"""Times of live pictures."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sightline.source.clock import LiveClock

_MS = 1_000_000
_NOW = 1_700_000_000_000 * _MS


def test_the_network_shakes_but_the_times_do_not() -> None:
    clock = LiveClock()
    shake = random.Random(1)
    times = []
    for number in range(400):
        arrival = _NOW + number * 40 * _MS + shake.randrange(0, 60) * _MS
        times.append(clock.at(arrival, number * 40 * _MS))
    steps = [later - earlier for earlier, later in pairwise(times[100:])]
    assert max(abs(step - 40 * _MS) for step in steps) < 2 * _MS


def test_pictures_of_a_burst_keep_their_distances() -> None:
    clock = LiveClock()
    clock.at(_NOW, 0)
    burst = [clock.at(_NOW + 500 * _MS, stamp * _MS) for stamp in (40, 80, 120)]
    assert [later - burst[0] for later in burst] == [0, 40 * _MS, 80 * _MS]
    assert abs(burst[0] - (_NOW + 40 * _MS)) < _MS


def test_without_stamps_the_arrival_counts() -> None:
    clock = LiveClock()
    assert [clock.at(_NOW + step, None) for step in (0, 70, 90)] == [_NOW, _NOW + 70, _NOW + 90]


def test_a_wall_clock_that_is_set_forward_is_followed() -> None:
    clock = LiveClock()
    clock.at(_NOW, 0)
    assert clock.at(_NOW + 3_600_000 * _MS, 40 * _MS) == _NOW + 3_600_000 * _MS


@given(st.lists(st.tuples(st.integers(0, 2**62), st.none() | st.integers(-(2**50), 2**50))))
def test_time_never_goes_back(arrivals: list[tuple[int, int | None]]) -> None:
    clock = LiveClock()
    times = [clock.at(*arrival) for arrival in arrivals]
    assert all(later > earlier for earlier, later in pairwise(times))
