import numpy as np
import pytest

from sightline.geometry.along import along


def test_one_place_orders_by_distance() -> None:
    assert along(np.array([[3.0, 4], [0, 1]]), np.array([[0.0, 0]])) == pytest.approx([5, 1])


def test_a_bent_path_orders_along_it_and_beyond_its_end() -> None:
    path = np.array([[0.0, 0], [4, 0], [4, 3]])
    points = np.array([[1, 0.5], [4.2, 1], [4, 5], [-1, 0], [3.9, 0]])
    assert along(points, path) == pytest.approx([1, 5, 9, 0, 3.9])
