import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sightline.geometry.ground import Ground
from sightline.geometry.polygons import contains
from sightline.geometry.visible import visible_line, visible_polygon

# A street that runs from the lower edge of the picture to the horizon at 0.3.
STREET = Ground(
    np.array([[0.1, 0.9], [0.9, 0.9], [0.6, 0.45], [0.4, 0.45]]),
    np.array([[-2, 2], [2, 2], [2, 8], [-2, 8]], float),
)
spot = st.tuples(st.integers(-96, 96), st.integers(-80, 320)).map(lambda s: (s[0] / 8, s[1] / 8))


def test_a_place_in_the_middle_is_the_place_itself() -> None:
    corners = np.array([[-1, 3], [1, 3], [1, 6], [-1, 6]], float)
    found = visible_polygon(STREET, corners)
    assert found is not None
    assert STREET.to_floor(found) == pytest.approx(corners)


@given(
    st.lists(spot, min_size=3, max_size=3, unique=True), st.lists(spot, min_size=20, max_size=20)
)
def test_what_is_seen_of_it_is_inside_of_both(
    corners: list[tuple[float, float]], places: list[tuple[float, float]]
) -> None:
    triangle, asked = np.array(corners), np.array(places)
    area = np.linalg.det(np.column_stack([triangle, np.ones(3)]))
    assume(abs(area) > 5)
    found = visible_polygon(STREET, triangle)
    on_picture = STREET.homogeneous(asked)
    ahead = on_picture[:, 2] > 1e-6
    points = STREET.to_picture(asked[ahead])
    shown = ((points > 0.002) & (points < 0.998)).all(axis=1)
    inside = contains(asked[ahead], triangle)
    # Clear of its sides, where rounding decides.
    shrunk = triangle.mean(axis=0) + (triangle - triangle.mean(axis=0)) * 0.98
    grown = triangle.mean(axis=0) + (triangle - triangle.mean(axis=0)) * 1.02
    sure = contains(asked[ahead], shrunk) == contains(asked[ahead], grown)
    if found is None:
        assert not (inside & shown & sure).any()
    else:
        assert ((found >= 0) & (found <= 1)).all()
        assert (contains(points, found) == inside)[shown & sure].all()


@pytest.mark.parametrize(
    "corners", [[[-1, -9], [1, -9], [0, -3]], [[50, 3], [60, 3], [55, 4]]], ids=["behind", "beside"]
)
def test_what_is_not_seen_is_none(corners: list[list[float]]) -> None:
    assert visible_polygon(STREET, np.array(corners)) is None
    assert visible_line(STREET, np.array(corners[:2])) is None


def test_a_line_is_cut_at_the_edges() -> None:
    whole = visible_line(STREET, np.array([[-1.0, 4], [1, 4]]))
    assert whole is not None
    assert STREET.to_floor(whole) == pytest.approx(np.array([[-1, 4], [1, 4]]))
    cut = visible_line(STREET, np.array([[-90.0, 4], [90, 4]]))
    assert cut is not None
    assert cut[:, 0] == pytest.approx([0, 1])
    behind = visible_line(STREET, np.array([[0.0, -9], [0, 6]]))
    assert behind is not None
    assert behind[0, 1] == pytest.approx(1)
    assert STREET.to_floor(behind[1:]) == pytest.approx(np.array([[0, 6]]))
