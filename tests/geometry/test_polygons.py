import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.geometry import polygons

F = NDArray[np.float64]

SQUARE = np.array([[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]])
CONCAVE = np.array([[0, 0], [1, 0], [1, 1], [0.5, 0.4], [0, 1]], float)
BOW_TIE = np.array([[0, 0], [1, 1], [1, 0], [0, 1]], float)


@st.composite
def star(draw: st.DrawFn) -> F:
    """A polygon around (0.5, 0.5) that never crosses itself, often concave."""
    count = draw(st.integers(3, 9))
    radii = draw(st.lists(st.floats(0.05, 0.5), min_size=count, max_size=count))
    turn = np.arange(count) * 2 * np.pi / count + draw(st.floats(0, 1))
    around: F = 0.5 + np.column_stack([np.cos(turn), np.sin(turn)]) * np.array(radii)[:, None]
    return around


def by_winding(polygon: F, point: F) -> bool:
    """Membership by the sum of angles: another way to the same answer."""
    a = polygon - point
    b = np.roll(a, -1, axis=0)
    angles = np.arctan2(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], (a * b).sum(axis=1))
    return bool(abs(angles.sum()) > np.pi)


def test_membership_in_a_concave_polygon() -> None:
    points = np.array([[0.5, 0.2], [0.5, 0.6], [0.1, 0.7], [-0.1, 0.5]])
    assert polygons.contains(points, CONCAVE).tolist() == [True, False, True, False]


@given(star(), st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20))
def test_membership_agrees_with_the_winding_number(
    polygon: F, points: list[tuple[float, float]]
) -> None:
    asked = np.array(points)
    clear = polygons.boundary_distance(asked, polygon) > 1e-9
    inside = polygons.contains(asked, polygon)
    for point, answer in zip(asked[clear], inside[clear], strict=True):
        assert by_winding(polygon, point) == answer


def test_of_two_zones_side_by_side_one_holds_the_point_between() -> None:
    left = np.array([[0, 0], [0.5, 0], [0.5, 1], [0, 1]], float)
    right = left + np.array([0.5, 0])
    between = np.array([[0.5, 0.3], [0.5, 0.0]])
    held = polygons.contains(between, left).astype(int) + polygons.contains(between, right)
    assert held.tolist() == [1, 1]


@given(star(), st.floats(-3, 3), st.floats(-3, 3), st.floats(0.1, 5))
def test_area_and_centroid_move_and_scale_along(
    polygon: F, dx: float, dy: float, scale: float
) -> None:
    moved = polygon * scale + [dx, dy]
    assert polygons.signed_area(moved) == pytest.approx(polygons.signed_area(polygon) * scale**2)
    x, y = polygons.centroid(polygon)
    assert polygons.centroid(moved) == pytest.approx((x * scale + dx, y * scale + dy), abs=1e-6)


def test_clockwise_on_the_picture_is_positive() -> None:
    assert polygons.signed_area(SQUARE) == pytest.approx(0.36)
    assert polygons.signed_area(SQUARE[::-1]) == pytest.approx(-0.36)


def test_centroid_where_there_is_no_area_is_the_mean() -> None:
    flat = np.array([[0, 0], [1, 1], [0.5, 0.5]])
    assert polygons.centroid(flat) == pytest.approx((0.5, 0.5))


@given(star())
def test_a_star_never_crosses_itself(polygon: F) -> None:
    assert polygons.crossing_edges(polygon) is None


@pytest.mark.parametrize(
    ("polygon", "edges"),
    [
        (BOW_TIE, (0, 2)),
        (np.array([[0, 0], [1, 0], [0.3, 0], [0.5, 1]]), (0, 1)),  # runs back over itself
        (np.array([[0, 0], [1, 0], [1, 1], [0.5, 0], [0, 1]]), (0, 2)),  # a corner on an edge
        (CONCAVE, None),
        (SQUARE, None),
    ],
)
def test_edges_that_cross_are_named(polygon: F, edges: tuple[int, int] | None) -> None:
    assert polygons.crossing_edges(polygon) == edges


def test_distance_from_the_boundary_inside_and_outside() -> None:
    points = np.array([[0.5, 0.5], [0.5, 0.3], [0.0, 0.5], [0.9, 0.9]])
    expected = [0.3, 0.1, 0.2, np.hypot(0.1, 0.1)]
    assert polygons.boundary_distance(points, SQUARE) == pytest.approx(expected)


def test_no_points_are_no_trouble() -> None:
    nobody = np.empty((0, 2))
    assert polygons.contains(nobody, SQUARE).shape == (0,)
    assert polygons.boundary_distance(nobody, SQUARE).shape == (0,)
