import numpy as np
import pytest

from sightline.source.rendering.entrance import ENTRANCE
from sightline.source.rendering.shelf import Gondola, Stock


def stock(seed: int = 0) -> Stock:
    return Stock(3, 5, 4, np.random.default_rng(seed))


def test_it_is_emptied_one_thing_at_a_time_and_never_below_nothing() -> None:
    shelf = stock()
    held, taken = int(shelf.count.sum()), 0
    while any(shelf.take(column) for column in range(5)):
        taken = held - int(shelf.count.sum())
        assert (shelf.count >= 0).all()
    assert taken == held
    assert shelf.fill == 0
    assert not shelf.take(2)


def test_it_is_filled_up_and_never_above_its_room() -> None:
    shelf = stock()
    shelf.count[:] = 0
    for column in range(5):
        while shelf.refill(column):
            assert (shelf.count <= 4).all()
    assert shelf.fill == 1
    assert [cell["fill"] for cell in shelf.truth()] == [1.0] * 15


def test_it_is_taken_from_near_the_hand() -> None:
    shelf = stock()
    before = shelf.count.copy()
    shelf.take(0)
    assert np.argwhere(before != shelf.count)[0][1] <= 1


def test_the_places_before_it_lie_before_it() -> None:
    shelf = Gondola(start=(-1.0, 0.0), end=(1.0, 0.0))
    assert shelf.point(0.5, 1.0) == pytest.approx((0.0, -1.0))
    assert shelf.facing() == pytest.approx(np.pi / 2)


def test_the_emptier_the_less_is_drawn() -> None:
    full, empty = stock(), stock()
    full.count[:], empty.count[:] = 4, 0
    drawn = [len(ENTRANCE.shelf.draw(ENTRANCE.view, s).polygons) for s in (full, empty)]
    assert drawn[0] - drawn[1] == 2 * 4 * 15
