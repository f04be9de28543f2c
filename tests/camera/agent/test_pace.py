"""What is seen is stored more often while somebody looks on, and no longer than that."""

import pytest

from sightline.camera.agent.pace import Pace
from sightline.wire.control import Watch


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_while_somebody_looks_on_and_then_as_before() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert (pace.watched, pace.every_s(1.0)) == (False, 1.0)
    pace.watch(Watch(0.1, 15))
    assert pace.watched
    assert 0.05 < pace.every_s(1.0) < 0.1
    clock.now += 10
    pace.watch(Watch(0.2, 15))
    clock.now += 14
    assert 0.1 < pace.every_s(1.0) < 0.2
    clock.now += 2
    assert (pace.watched, pace.every_s(1.0)) == (False, 1.0)


def test_never_less_often_than_is_configured() -> None:
    pace = Pace()
    pace.watch(Watch(0.5, 15))
    assert pace.every_s(0.05) == 0.05


@pytest.mark.parametrize("watch", [Watch(-1, 1e300), Watch(0, 1e300), Watch(1e-9, 1e9)])
def test_whatever_it_is_told_it_neither_spins_nor_goes_on_for_ever(watch: Watch) -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.watch(watch)
    assert pace.every_s(1.0) > 0.01
    clock.now += 61
    assert not pace.watched


def test_a_watch_of_no_length_ends_the_one_before() -> None:
    pace = Pace()
    pace.watch(Watch(0.1, 15))
    pace.watch(Watch(0.1, 0))
    assert not pace.watched
