"""The way back from the tensor to the sensor image."""

import numpy as np
import pytest

from sightline.geometry.fit import Placement


def test_the_whole_picture_stays_as_it_is() -> None:
    boxes = np.array([[0.1, 0.2, 0.3, 0.4]], np.float32)
    assert Placement().to_sensor(boxes) == pytest.approx(boxes)


def test_a_part_is_shifted_and_scaled() -> None:
    boxes = np.array([[0, 0, 1, 1], [0.5, 0.5, 0.75, 1]], np.float32)
    found = Placement(0.5, 0.25, 0.5, 0.25).to_sensor(boxes)
    assert found == pytest.approx(np.array([[0.5, 0.25, 1, 0.5], [0.75, 0.375, 0.875, 0.5]]))
    assert found.dtype == np.float32


def test_no_boxes() -> None:
    assert Placement().to_sensor(np.empty((0, 4), np.float32)).shape == (0, 4)
