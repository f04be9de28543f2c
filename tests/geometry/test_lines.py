import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.geometry import lines

F = NDArray[np.float64]

COORDINATE = st.floats(-1, 2).map(lambda x: round(x, 3))
POINT = st.tuples(COORDINATE, COORDINATE)
UP = np.array([[0.5, 1.0], [0.5, 0.0]])  # from the bottom of the picture to its top


def segment(a: tuple[float, float], b: tuple[float, float]) -> F:
    assume(np.hypot(a[0] - b[0], a[1] - b[1]) > 0.01)
    return np.array([a, b])


def test_who_walks_up_the_picture_has_its_right_on_the_right_hand() -> None:
    points = np.array([[0.9, 0.5], [0.1, 0.5], [0.5, 7.0]])
    assert lines.signed_distance(points, UP) == pytest.approx([0.4, -0.4, 0])


def test_who_walks_to_the_right_has_the_bottom_on_the_right_hand() -> None:
    line = np.array([[0.0, 0.5], [1.0, 0.5]])
    assert lines.signed_distance(np.array([[0.3, 0.8]]), line) == pytest.approx([0.3])


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ((0.4, 0.5), (0.6, 0.5), 1),
        ((0.6, 0.5), (0.4, 0.5), -1),
        ((0.4, 0.5), (0.45, 0.5), 0),
        ((0.4, 1.2), (0.6, 1.2), 0),  # passes below its end
        ((0.4, 0.9), (0.6, 1.05), 1),  # ends beyond its end, but meets it before
        ((0.4, 0.95), (0.6, 1.15), 0),  # meets the endless line beyond the end
        ((0.5, 0.2), (0.5, 0.9), 0),  # walks along it
    ],
)
def test_crossing_of_a_moving_point(
    before: tuple[float, float], after: tuple[float, float], way: int
) -> None:
    assert lines.crossings(np.array([before]), np.array([after]), UP).tolist() == [way]


@given(POINT, POINT, POINT, POINT)
def test_turned_around_the_other_way_is_counted(
    a: tuple[float, float],
    b: tuple[float, float],
    before: tuple[float, float],
    after: tuple[float, float],
) -> None:
    line = segment(a, b)
    path = np.array([before]), np.array([after])
    on = np.abs(lines.signed_distance(np.concatenate(path), line)) < 1e-9
    assume(not on.any())
    # A path that meets the very end of the line may go either way by rounding.
    matrix, offset = lines.frame(line)
    (along0, across0), (along1, across1) = (np.array([before, after]) @ matrix + offset).tolist()
    at = lines.meeting(along0, np.float64(across0), along1, np.float64(across1))
    assume(min(abs(at), abs(at - 1)) > 1e-9)
    way = lines.crossings(*path, line)
    assert (lines.crossings(path[1], path[0], line) == -way).all()
    assert (lines.crossings(*path, line[::-1]) == -way).all()


@given(POINT, POINT, POINT)
def test_distances_agree(
    a: tuple[float, float], b: tuple[float, float], p: tuple[float, float]
) -> None:
    line, point = segment(a, b), np.array([p])
    matrix, offset = lines.frame(line)
    along, across = (point @ matrix + offset)[0]
    length = float(np.hypot(*(line[1] - line[0])))
    beyond = max(0.0, -along, along - 1) * length
    assert lines.distance(point, line)[0] == pytest.approx(np.hypot(across, beyond), abs=1e-9)


def test_the_ends_are_at_0_and_1() -> None:
    matrix, offset = lines.frame(UP)
    assert UP @ matrix + offset == pytest.approx(np.array([[0, 0], [1, 0]]))


def test_a_line_of_no_length_is_refused() -> None:
    with pytest.raises(ValueError, match="two different points"):
        lines.frame(np.array([[0.5, 0.5], [0.5, 0.5]]))


def test_distance_from_a_line_of_no_length_is_that_from_its_point() -> None:
    point = np.array([[0.5, 0.9]])
    assert lines.distance(point, np.array([[0.5, 0.5], [0.5, 0.5]])) == pytest.approx([0.4])
