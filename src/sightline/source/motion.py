"""Does anything move? Judged from tiny grey pictures, a few times a second."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.picture import Picture
from sightline.picture.i420 import I420Picture
from sightline.picture.opencv import opencv

Thumbnail = NDArray[np.float32]

_SIZE = (96, 54)  # a cell is 20 pixels wide in 1080p: an arm, or a person far away
_ROW_STEP = 4  # rows left out of a cell's mean; noise is still averaged over 100 pixels
_LEAST_CHANGE = 3.0  # grey levels; compression moves the mean of a cell by less
_OVER_NOISE = 5.0
_CELLS = 2
_FOLLOW = 0.3  # share of a new thumbnail in the background: slow motion adds up over a second
_NOISE_RATE = 0.05
_RESTLESS = 0.12  # share of looks in which a cell changes; a clock's seconds change in more
_RESTLESS_RATE = 0.03
_RESTLESS_AREA = 0.03  # the most that a clock, a fan or a screen may take of the picture


def thumbnail(picture: Picture) -> Thumbnail:
    """The mean brightness of cells, float32 (54, 96), 0..255."""
    cv2 = opencv()
    if isinstance(picture, I420Picture):
        step = max(1, min(_ROW_STEP, picture.height // (_SIZE[1] * 2)))
        rows = picture.luma[step // 2 :: step]
        small = cv2.resize(rows, _SIZE, interpolation=cv2.INTER_AREA)
    else:
        double = np.empty((_SIZE[1] * 2, _SIZE[0] * 2, 3), np.uint8)
        whole = (0, 0, picture.width, picture.height)
        picture.resized(whole, (_SIZE[0] * 2, _SIZE[1] * 2), double)
        grey = cv2.cvtColor(double, cv2.COLOR_RGB2GRAY)
        small = cv2.resize(grey, _SIZE, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


class MotionJudge:
    """Compares thumbnails with a background that follows, over the noise of each cell.

    A change of light that is the same everywhere is not motion. Nor is a small region that
    never rests, such as the clock that cameras write into their pictures; where much of the
    picture never rests, all of it counts.
    """

    def __init__(self) -> None:
        self._background: Thumbnail | None = None
        self._noise: Any = 0.0
        self._restless: Any = 0.0

    def moves(self, thumb: Thumbnail) -> bool:
        """Whether this thumbnail, the next in time, differs from those before."""
        if self._background is None:
            self._background = thumb.copy()
            self._noise = np.full_like(thumb, _LEAST_CHANGE / _OVER_NOISE)
            self._restless = np.zeros_like(thumb)
            return False
        change = thumb - self._background
        change -= np.median(change)
        np.abs(change, out=change)
        changed = change > np.maximum(self._noise * _OVER_NOISE, _LEAST_CHANGE)
        self._background += _FOLLOW * (thumb - self._background)
        restless = self._restless > _RESTLESS
        counted = changed & ~restless if restless.mean() <= _RESTLESS_AREA else changed
        self._restless += _RESTLESS_RATE * (changed - self._restless)
        calm = ~changed
        self._noise[calm] += _NOISE_RATE * (change[calm] - self._noise[calm])
        return int(np.count_nonzero(counted)) >= _CELLS
