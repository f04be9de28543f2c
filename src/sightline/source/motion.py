"""Does anything move? Judged from tiny grey pictures, a few times a second."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.picture import Picture
from sightline.picture.i420 import I420Picture
from sightline.picture.opencv import opencv

Thumbnail = NDArray[np.float32]

_CELL = 20  # pixels on a side, more than a block of a codec; in 1080p a person far away
_MOST, _LEAST = (96, 54), (16, 9)  # cells across and down
_ROW_STEP = 4  # rows left out of a cell's mean; noise is still averaged over 100 pixels
_LEAST_CHANGE = 3.0  # grey levels; compression moves the mean of a cell by less
_OVER_NOISE = 7.0
_CELLS = 2
_FOLLOW = 0.3  # share of a new thumbnail in the background: slow motion adds up over a second
_NOISE_RATE = 0.05
_MOST_NOISE = 2.0  # what moves without end must not pass for noise
_WARM_UP = 10  # looks, in which everything counts as motion
_RESTLESS = 0.12  # share of looks in which a cell changes; a clock's seconds change in more
_RESTLESS_RATE = 0.03
_RESTLESS_AREA = 0.03  # the most that a clock, a fan or a screen may take of the picture


def thumbnail(picture: Picture) -> Thumbnail:
    """The mean brightness of cells, float32 (rows, columns), 0..255; at most 54 by 96."""
    cv2 = opencv()
    columns, rows = (
        min(most, max(least, pixels // _CELL))
        for most, least, pixels in zip(_MOST, _LEAST, (picture.width, picture.height), strict=True)
    )
    if isinstance(picture, I420Picture):
        step = max(1, min(_ROW_STEP, picture.height // (rows * 2)))
        grey = picture.luma[step // 2 :: step]
    else:
        double = np.empty((rows * 2, columns * 2, 3), np.uint8)
        whole = (0, 0, picture.width, picture.height)
        picture.resized(whole, (columns * 2, rows * 2), double)
        grey = cv2.cvtColor(double, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_AREA)
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
        self._looks = 0

    def moves(self, thumb: Thumbnail) -> bool:
        """Whether this thumbnail, the next in time, differs from those before."""
        if self._background is None or self._background.shape != thumb.shape:
            self._background = thumb.copy()
            self._noise = np.full_like(thumb, _LEAST_CHANGE / _OVER_NOISE)
            self._restless = np.zeros_like(thumb)
            self._looks = 0
            return True
        self._looks += 1
        change = thumb - self._background
        change -= np.median(change)
        np.abs(change, out=change)
        changed = change > np.maximum(self._noise * _OVER_NOISE, _LEAST_CHANGE)
        self._background += _FOLLOW * (thumb - self._background)
        restless = self._restless > _RESTLESS
        counted = changed & ~restless if restless.mean() <= _RESTLESS_AREA else changed
        self._restless += _RESTLESS_RATE * (changed - self._restless)
        self._learn_noise(change, changed)
        return self._looks < _WARM_UP or int(np.count_nonzero(counted)) >= _CELLS

    def _learn_noise(self, change: Thumbnail, changed: NDArray[np.bool_]) -> None:
        if self._looks < _WARM_UP:
            self._noise += (change - self._noise) / (self._looks + 1)
        else:
            calm = ~changed
            self._noise[calm] += _NOISE_RATE * (change[calm] - self._noise[calm])
        np.minimum(self._noise, _MOST_NOISE, out=self._noise)
