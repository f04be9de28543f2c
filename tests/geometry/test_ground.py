import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.geometry.ground import Ground

F = NDArray[np.float64]

# A floor 4 m wide and 6 m deep as a camera above a door sees it.
FLOOR = np.array([[0, 0], [4, 0], [4, 6], [0, 6]], float)
PICTURE = np.array([[0.05, 0.95], [0.95, 0.95], [0.7, 0.35], [0.3, 0.35]])


def ground(**more: float) -> Ground:
    return Ground(PICTURE, FLOOR, **more)


def test_the_corners_are_where_they_were_said_to_be() -> None:
    assert ground().to_floor(PICTURE) == pytest.approx(FLOOR, abs=1e-9)
    assert ground().to_picture(FLOOR) == pytest.approx(PICTURE, abs=1e-9)
    assert ground().residual_m() == pytest.approx(0, abs=1e-9)


def test_straight_lines_stay_straight_and_the_middle_is_further_up() -> None:
    """Half the depth of the floor is above half its height on the picture."""
    (x, y) = ground().to_picture(np.array([[2.0, 3.0]]))[0]
    assert x == pytest.approx(0.5)
    assert 0.35 < y < 0.6


@given(st.lists(st.tuples(st.floats(-2, 6), st.floats(-0.5, 12)), min_size=1, max_size=9))
def test_there_and_back(places: list[tuple[float, float]]) -> None:
    floor = np.array(places)
    assert ground().to_floor(ground().to_picture(floor)) == pytest.approx(floor, abs=1e-6)


@given(st.floats(0.1, 10), st.floats(-50, 50), st.floats(-50, 50))
def test_another_origin_and_unit_change_nothing_else(scale: float, dx: float, dy: float) -> None:
    other = Ground(PICTURE, FLOOR * scale + [dx, dy])
    asked = np.array([[0.5, 0.7], [0.3, 0.5]])
    expected = ground().to_floor(asked) * scale + [dx, dy]
    assert other.to_floor(asked) == pytest.approx(expected, abs=1e-6 * (1 + abs(dx) + abs(dy)))


def test_above_the_horizon_there_is_no_floor() -> None:
    assert np.isnan(ground().to_floor(np.array([[0.5, -0.2]]))).all()
    assert np.isfinite(ground().to_floor(np.array([[0.5, 0.4]]))).all()


def test_the_error_is_what_comes_out_when_clicks_are_shaken() -> None:
    random, error = np.random.default_rng(3), 0.004
    asked = np.array([[0.5, 0.9], [0.5, 0.6], [0.5, 0.4]])
    told = ground(error=error).error_m(asked)
    tries = []
    for _ in range(800):
        clicked = PICTURE + random.normal(0, error, PICTURE.shape)
        shaken = asked + random.normal(0, error, asked.shape)
        tries.append(Ground(clicked, FLOOR).to_floor(shaken))
    spread = np.sqrt(((np.array(tries) - ground().to_floor(asked)) ** 2).sum(axis=2).mean(axis=0))
    assert told == pytest.approx(spread, rel=0.12)
    assert told[0] < told[1] < told[2]  # further away is less certain


def test_more_points_than_four_are_averaged() -> None:
    random = np.random.default_rng(5)
    floor = np.array([[x, y] for x in (0.0, 2, 4) for y in (0.0, 3, 6)])
    exact = ground().to_picture(floor)
    shaken = exact + random.normal(0, 0.003, exact.shape)
    many = Ground(shaken, floor)
    assert 0 < many.residual_m() < 0.2
    middle = np.array([[0.5, 0.6]])
    assert many.error_m(middle) < ground().error_m(middle)


@pytest.mark.parametrize(
    ("picture", "floor", "words"),
    [
        (PICTURE[:3], FLOOR[:3], "needs 4 points or more"),
        (PICTURE, FLOOR[:3], "there are 4 and 3"),
        (
            np.array([[0.1, 0.1], [0.5, 0.5], [0.9, 0.9], [0.1, 0.9]]),
            FLOOR,
            "points 1, 2 and 3 lie on one line on the picture",
        ),
        (
            PICTURE,
            np.array([[0, 0], [4, 0], [8, 0], [0, 6]], float),
            "points 1, 2 and 3 lie on one line on the floor",
        ),
        (PICTURE[[1, 0, 2, 3]], FLOOR, "same order"),
        (PICTURE * np.nan, FLOOR, "not finite"),
    ],
)
def test_points_that_fix_no_floor_are_refused_in_words(picture: F, floor: F, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Ground(picture, floor)
