"""What counts as motion in tiny grey pictures."""

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.picture.i420 import I420Picture
from sightline.picture.rgb import RgbPicture
from sightline.source.motion import MotionJudge, thumbnail

Image = NDArray[np.float32]


class Scene:
    """A still grey scene seen by a camera with noise."""

    def __init__(self, noise: float = 0.4) -> None:
        self._random = np.random.default_rng(0)
        self._floor = self._random.uniform(40, 200, (54, 96)).astype(np.float32)
        self._noise = noise

    def shot(self, light: float = 1.0) -> Image:
        noise = self._random.normal(0, self._noise, self._floor.shape)
        return (self._floor * light + noise).astype(np.float32)


def settled(scene: Scene) -> MotionJudge:
    judge = MotionJudge()
    assert not any([judge.moves(scene.shot()) for _ in range(50)][10:])
    return judge


@pytest.mark.parametrize("noise", [0.0, 0.3, 0.6])
def test_noise_is_not_motion(noise: float) -> None:
    scene = Scene(noise)
    judge = settled(scene)
    assert not any(judge.moves(scene.shot()) for _ in range(500))


def test_a_person_far_away_is() -> None:
    scene = Scene()
    judge = settled(scene)
    shot = scene.shot()
    shot[20:23, 40] += 25
    assert judge.moves(shot)


def test_slow_motion_adds_up() -> None:
    scene = Scene(0.2)
    judge = settled(scene)
    moved = []
    for step in range(25):
        shot = scene.shot()
        place = 40 + step * 0.2
        left = int(place)
        shot[20:26, left] += 20 * (left + 1 - place)
        shot[20:26, left + 1] += 20 * (place - left)
        moved.append(judge.moves(shot))
    assert sum(moved) > 15


def test_light_that_changes_everywhere_is_not() -> None:
    scene = Scene()
    judge = settled(scene)
    assert not any(judge.moves(scene.shot() + 2 * step) for step in range(20))


def test_a_clock_in_the_picture_is_learnt() -> None:
    scene = Scene()
    judge = settled(scene)
    digits = np.random.default_rng(1)
    moved = []
    for number in range(600):
        shot = scene.shot()
        if number % 5 == 0:
            value = digits.uniform(0, 120, (2, 3))
        shot[1:3, 10:13] = value
        moved.append(judge.moves(shot))
    assert any(moved[:50])
    assert not any(moved[200:])
    shot[30:40, 30:40] += 40
    assert judge.moves(shot), "and people elsewhere are still seen"


def test_much_motion_is_never_learnt_away() -> None:
    scene = Scene()
    judge = settled(scene)
    random = np.random.default_rng(2)
    moved = []
    for _ in range(600):
        shot = scene.shot()
        shot[20:40, 20:60] += random.uniform(-60, 60, (20, 40))
        moved.append(judge.moves(shot))
    assert all(moved)


@pytest.mark.parametrize(
    ("size", "cells"),
    [((1920, 1080), (96, 54)), ((640, 480), (32, 24)), ((200, 90), (16, 9)), ((4, 4), (16, 9))],
)
def test_thumbnails_of_any_picture(size: tuple[int, int], cells: tuple[int, int]) -> None:
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    pixels[:, size[0] // 2 :] = 200
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
    planar = I420Picture(frame.reformat(format="yuv420p", dst_color_range="JPEG"))
    for picture in (RgbPicture(pixels), planar):
        small = thumbnail(picture)
        assert small.shape == cells[::-1]
        assert small[:, 0].max() < 30
        assert small[:, -1].min() > 170


def test_another_size_begins_anew() -> None:
    judge = settled(Scene())
    assert judge.moves(np.zeros((9, 16), np.float32))
