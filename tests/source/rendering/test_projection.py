import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.source.rendering.projection import ASPECT, View

VIEW = View(position=(1.0, -2.0, 3.0), target=(0.0, 4.0, 1.0), fov=50)

metres = st.floats(-4, 4)


def test_the_target_is_in_the_middle() -> None:
    assert VIEW.fractions(np.array([0.0, 4.0, 1.0])) == pytest.approx([0.5, 0.5])


def test_right_is_right_and_up_is_up() -> None:
    middle = VIEW.fractions(np.array([0.0, 4.0, 1.0]))
    assert VIEW.fractions(np.array([1.0, 4.0, 1.0]))[0] > middle[0]
    assert VIEW.fractions(np.array([0.0, 4.0, 2.0]))[1] < middle[1]


def test_twice_as_far_is_half_as_large() -> None:
    ahead = np.array([0.0, 4.0, 1.0]) - VIEW.position
    points = VIEW.position + np.outer([1.0, 2.0], ahead)
    _, scale, depth = VIEW.project(points)
    assert scale[0] == pytest.approx(2 * scale[1])
    assert depth[1] == pytest.approx(2 * depth[0])


def test_the_field_of_view_is_what_was_asked_for() -> None:
    top, bottom = (VIEW.rays(16, 9000)[row, 8] for row in (0, -1))
    cosine = top @ bottom / np.linalg.norm(top) / np.linalg.norm(bottom)
    assert np.degrees(np.arccos(cosine)) == pytest.approx(50, abs=0.3)


@given(metres, metres, st.floats(0, 3))
def test_a_ray_leads_back_to_the_point(x: float, y: float, z: float) -> None:
    point = np.array([x, y + 4, z])
    across, down = VIEW.fractions(point)
    width, height = 320, 180
    column, row = int(across * width), int(down * height)
    if not (0 <= column < width and 0 <= row < height):
        return
    ray = VIEW.rays(width, height)[row, column].astype(float)
    way = point - VIEW.position
    sideways = np.linalg.norm(np.cross(ray, way)) / np.linalg.norm(ray) / np.linalg.norm(way)
    assert sideways < 2 * ASPECT / height


def test_what_is_behind_the_camera_stays_finite() -> None:
    assert np.isfinite(VIEW.fractions(np.array([1.0, -9.0, 0.0]))).all()
