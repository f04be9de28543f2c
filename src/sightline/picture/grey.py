"""A small grey copy of a picture, as cheaply as its form allows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.picture.frame import Picture
from sightline.picture.i420 import I420Picture
from sightline.picture.opencv import opencv

Grey = NDArray[np.uint8]


def grey(picture: Picture, size: tuple[int, int]) -> Grey:
    """Brightness uint8 (height, width) of the whole picture at `size` (width, height)."""
    cv2 = opencv()
    if isinstance(picture, I420Picture):
        small: Grey = cv2.resize(picture.luma, size, interpolation=cv2.INTER_LINEAR)
        return small
    colours = np.empty((size[1], size[0], 3), np.uint8)
    picture.resized((0, 0, picture.width, picture.height), size, colours)
    whole: Grey = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)
    return whole
