"""Skeletons and masks: where they should be, in the object's colour, and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.camera.draw.masks import masks
from sightline.camera.draw.painter import Painter
from sightline.camera.draw.palette import colour_of
from sightline.camera.draw.scale import Scale
from sightline.camera.draw.skeleton import skeletons
from sightline.camera.draw.status import Status
from sightline.results import Detections

GREY = 110
BLUE = (86, 180, 233)
SIZES = [(320, 180), (1280, 720), (3840, 2160)]


def canvas(size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], 3), GREY, np.uint8)


def body(count: int = 17, score: float = 0.9) -> Detections:
    """Nose to ankles on a vertical, the shoulders to both sides."""
    points = np.zeros((1, count, 3), np.float32)
    points[0, :, 0], points[0, :, 1] = 0.5, np.linspace(0.2, 0.9, count)
    points[0, :, 2] = score
    if count == 17:
        points[0, 5, :2], points[0, 6, :2] = (0.4, 0.4), (0.6, 0.4)
    box = np.array([[0.35, 0.15, 0.65, 0.95]], np.float32)
    return Detections(box, np.array([0.9], np.float32), np.zeros(1, np.int32), keypoints=points)


def blob(mask: NDArray[np.bool_], box: tuple[float, ...] = (0.25, 0.25, 0.75, 0.75)) -> Detections:
    return replace(body(), boxes=np.array([box], np.float32), keypoints=None, masks=mask[None])


def painted(rgb: NDArray[np.uint8]) -> NDArray[np.bool_]:
    changed: NDArray[np.bool_] = (rgb != GREY).any(2)
    return changed


@pytest.mark.parametrize("size", SIZES)
def test_points_and_bones_are_drawn(size: tuple[int, int]) -> None:
    rgb = canvas(size)
    skeletons(rgb, Scale(*size), body(), [BLUE])
    seen = painted(rgb)
    for x, y in body().keypoints[0, :, :2].tolist():  # type: ignore[index]
        assert seen[round(y * size[1]), round(x * size[0])]
    between = rgb[round(0.4 * size[1]), round(0.45 * size[0])]  # of the shoulders
    assert np.abs(between.astype(int) - BLUE).max() < 60
    assert seen.mean() < 0.05
    columns = np.flatnonzero(seen.any(0)) / size[0]
    assert columns.min() > 0.37
    assert columns.max() < 0.63


def test_what_the_network_is_not_sure_of_is_not_drawn() -> None:
    rgb = canvas((320, 180))
    skeletons(rgb, Scale(320, 180), body(score=0.1), [BLUE])
    assert not painted(rgb).any()


def test_a_bone_needs_both_ends() -> None:
    whole, part = canvas((640, 360)), canvas((640, 360))
    found = body()
    skeletons(whole, Scale(640, 360), found, [BLUE])
    assert found.keypoints is not None
    found.keypoints[0, 5, 2] = 0
    skeletons(part, Scale(640, 360), found, [BLUE])
    at = (round(0.4 * 360), round(0.45 * 640))
    assert painted(whole)[at]
    assert not painted(part)[at]


@pytest.mark.parametrize("count", [1, 5, 21])
def test_points_of_other_networks_have_no_bones(count: int) -> None:
    rgb = canvas((640, 360))
    skeletons(rgb, Scale(640, 360), body(count), [BLUE])
    assert painted(rgb).any()


def test_points_far_outside_do_no_harm() -> None:
    found = body()
    assert found.keypoints is not None
    found.keypoints[0, 3:9, :2] = 1e6
    found.keypoints[0, 9, :2] = -1e6
    skeletons(canvas((320, 180)), Scale(320, 180), found, [BLUE])


@pytest.mark.parametrize("size", SIZES)
def test_a_mask_tints_what_it_covers_only(size: tuple[int, int]) -> None:
    mask = np.zeros((8, 8), np.bool_)
    mask[:, :4] = True  # the left half of the box
    rgb = canvas(size)
    masks(rgb, Scale(*size), blob(mask), [BLUE])
    inside = rgb[round(0.5 * size[1]), round(0.35 * size[0])].astype(int)
    assert (np.sign(inside - GREY) == np.sign(np.array(BLUE) - GREY)).all()
    assert (np.abs(inside - GREY) < np.abs(np.array(BLUE) - GREY)).all()  # it shows through
    seen = painted(rgb)
    assert not seen[round(0.5 * size[1]), round(0.6 * size[0])]
    assert seen.mean() == pytest.approx(0.125, abs=0.02)


@pytest.mark.parametrize("box", [(-0.5, -0.5, 0.5, 0.5), (0.5, 0.5, 1.5, 1.5), (-0.2, 0, 1.2, 1)])
def test_a_mask_that_the_edge_cuts(box: tuple[float, ...]) -> None:
    rgb = canvas((320, 180))
    masks(rgb, Scale(320, 180), blob(np.ones((4, 4), np.bool_), box), [BLUE])
    x1, y1, x2, y2 = np.clip(box, 0, 1)
    assert painted(rgb).mean() == pytest.approx((x2 - x1) * (y2 - y1), abs=0.02)


@pytest.mark.parametrize("box", [(2, 2, 3, 3), (-2, 0, -1, 1), (0.5, 0.5, 0.5, 0.5), (-9, 0, 9, 1)])
def test_masks_that_cannot_be_seen(box: tuple[float, ...]) -> None:
    rgb = canvas((320, 180))
    masks(rgb, Scale(320, 180), blob(np.ones((4, 4), np.bool_), box), [BLUE])
    assert not painted(rgb).any()


def test_the_painter_draws_both_in_the_track_s_colour() -> None:
    found = replace(body(), masks=np.ones((1, 2, 2), np.bool_), track_ids=np.array([4]))
    rgb = canvas((640, 360))
    Painter((640, 360), ("person",)).paint(rgb, found, Status(0))
    bone = rgb[round(0.4 * 360), round(0.45 * 640)].astype(int)
    assert np.abs(bone - colour_of(4)).max() < 60
    inside = rgb[round(0.7 * 360), round(0.42 * 640)]
    assert (inside != GREY).any()
