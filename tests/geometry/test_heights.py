"""People of known heights before known cameras, and what their boxes alone tell of them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.geometry.ground import Ground
from sightline.geometry.heights import Heights, from_heights

F = NDArray[np.float64]
ASPECT = 16 / 9


def boxes_of(
    focal: float, tilt: float, height_m: float, count: int, seed: int, hidden: float = 0.0
) -> tuple[F, F]:
    """Boxes of people on the floor before a camera, and where they stand.

    hidden  this share of them has its feet behind something
    """
    random = np.random.default_rng(seed)
    sine, cosine = np.sin(tilt), np.cos(tilt)

    def seen(points: F) -> F:
        x, y, z = points.T
        drop = height_m - z
        depth = y * cosine + drop * sine
        return np.stack([focal * x / depth, focal * (drop * cosine - y * sine) / depth], axis=1)

    places = random.uniform([-4, 1.5], [4, 14], (count * 20, 2))
    tall = random.normal(1.7, 0.09, len(places)).clip(1.4, 2.0)
    foot = seen(np.column_stack([places, np.zeros(len(places))]))
    head = seen(np.column_stack([places, tall]))
    foot[:, 1] -= (random.random(len(places)) < hidden) * 0.4 * (foot[:, 1] - head[:, 1])
    wide = 0.15 * (foot[:, 1] - head[:, 1])
    across, top, low = (
        (foot[:, 0] + head[:, 0]) / 2 / ASPECT + 0.5,
        head[:, 1] + 0.5,
        foot[:, 1] + 0.5,
    )
    top += random.normal(0, 0.003, len(places))
    low += random.normal(0, 0.003, len(places))
    half = wide / ASPECT
    boxes = np.stack([across - half, top, across + half, low], axis=1)
    whole = (boxes.min(axis=1) > 0.02) & (boxes.max(axis=1) < 0.98)
    return boxes[whole][:count], places[whole][:count]


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
