"""Times of recordings."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.source.timeline import Thinning, Timeline

_MS = 1_000_000


@pytest.mark.parametrize(
    ("stamps", "times"),
    [
        ([0, 40, 80], [0, 40, 80]),
        ([-80, -40, 0], [0, 40, 80]),
        ([5000, 5040, 5100], [0, 40, 100]),
        ([0, 33, 100, 105], [0, 33, 100, 105]),
        ([None, None, None], [0, 40, 80]),
        ([0, None, 100], [0, 40, 100]),
        ([0, 40, 20, 120], [0, 40, 80, 120]),
        ([0, 0, 0], [0, 40, 80]),
    ],
    ids=["even", "negative", "late", "varying", "none", "gap", "back", "frozen"],
)
def test_times_of_pictures(stamps: list[int | None], times: list[int]) -> None:
    timeline = Timeline(Fraction(1, 1000), fps=25)
    assert [timeline.at(stamp) for stamp in stamps] == [time * _MS for time in times]


def test_without_a_time_base_the_rate_counts() -> None:
    timeline = Timeline(None, fps=10)
    assert [timeline.at(7) for _ in range(3)] == [0, 100 * _MS, 200 * _MS]


@given(st.lists(st.none() | st.integers(-(2**40), 2**40), max_size=50))
def test_time_always_grows_from_zero(stamps: list[int | None]) -> None:
    timeline = Timeline(Fraction(1, 90000), fps=30)
    times = [timeline.at(stamp) for stamp in stamps]
    assert not times or times[0] == 0
    assert all(later > earlier for earlier, later in pairwise(times))


@pytest.mark.parametrize(
    ("fps", "kept"), [(None, 100), (25, 100), (60, 100), (12.5, 50), (10, 40), (5, 20), (0.5, 2)]
)
def test_a_lower_rate_lets_its_share_through(fps: float | None, kept: int) -> None:
    thinning = Thinning(fps)
    assert sum(thinning.takes(number * 40 * _MS) for number in range(100)) == kept


def test_a_lower_rate_thins_by_time_not_by_count() -> None:
    thinning = Thinning(10)
    times = [0, 5, 10, 15, 300, 305, 1000]
    assert [time for time in times if thinning.takes(time * _MS)] == [0, 300, 1000]
