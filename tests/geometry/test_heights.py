"""People of known heights before known cameras, and what their boxes alone tell of them."""

import numpy as np
import pytest
from numpy.typing import NDArray
from upright import ASPECT, boxes_of

from sightline.geometry.ground import Ground
from sightline.geometry.heights import Heights, from_heights

F = NDArray[np.float64]


def off(found: Heights, boxes: F, places: F) -> F:
    """By how much distances between people are wrong, as shares."""
    ground = Ground(found.picture, found.floor)
    feet = np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], axis=1)
    floor = ground.to_floor(feet)
    i, j = np.triu_indices(len(floor), 1)
    true = np.hypot(*(places[i] - places[j]).T)
    told = np.hypot(*(floor[i] - floor[j]).T)
    return (told[true > 1] / true[true > 1] - 1)[~np.isnan(told[true > 1])]


CAMERAS = [(1.0, 20, 3.0), (0.7, 30, 3.5), (1.4, 15, 4.0), (1.0, 40, 6.0)]


@pytest.mark.parametrize(("focal", "tilt", "height_m"), CAMERAS)
def test_distances_are_right_within_what_is_said(
    focal: float, tilt: float, height_m: float
) -> None:
    within = []
    for seed in range(3):
        boxes, places = boxes_of(focal, np.radians(tilt), height_m, 150, seed)
        found = from_heights(boxes, ASPECT, people=60)
        rms = float(np.sqrt((off(found, boxes, places) ** 2).mean()))
        assert rms < 0.25
        within.append(rms < 2 * found.relative)
        assert abs(found.height_m / height_m - 1) < 3 * found.height_error_m / height_m
    assert sum(within) >= 2


def test_people_who_are_half_hidden_do_not_bend_the_floor() -> None:
    boxes, _ = boxes_of(1.0, np.radians(20), 3.0, 200, 2, hidden=0.25)
    found = from_heights(boxes, ASPECT, people=60)
    whole = off(found, *boxes_of(1.0, np.radians(20), 3.0, 100, 3))
    assert np.sqrt((whole**2).mean()) < 2 * found.relative < 0.4


def test_taller_people_make_a_larger_floor() -> None:
    boxes, _ = boxes_of(1.0, np.radians(20), 3.0, 100, 1)
    grown, children = from_heights(boxes, ASPECT, 1.7), from_heights(boxes, ASPECT, 0.85)
    assert grown.floor == pytest.approx(2 * children.floor)
    assert grown.height_m == pytest.approx(2 * children.height_m)


def test_more_people_are_surer() -> None:
    boxes, _ = boxes_of(1.0, np.radians(25), 3.0, 300, 1)
    few, many = (from_heights(boxes, ASPECT, people=n) for n in (10, 300))
    assert many.relative < few.relative
    assert many.tilt_error < few.tilt_error


def test_too_few_people_and_people_all_in_one_row_are_refused() -> None:
    boxes, _ = boxes_of(1.0, np.radians(20), 3.0, 50, 1)
    with pytest.raises(ValueError, match=r"7 people .* are too few"):
        from_heights(boxes[:7], ASPECT)
    row = np.tile([[0.4, 0.4, 0.45, 0.6]], (30, 1)) + np.linspace(0, 0.3, 30)[:, None] * [
        1,
        0,
        1,
        0,
    ]
    with pytest.raises(ValueError, match="equally far away"):
        from_heights(row, ASPECT)
    upside_down = boxes[:, [0, 3, 2, 1]]
    with pytest.raises(ValueError, match="0 people"):
        from_heights(upside_down, ASPECT)
