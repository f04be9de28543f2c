"""Pictures that are arrays, and those that were held sideways."""

import cv2
import numpy as np
import pytest

from sightline.picture.rgb import RgbPicture
from sightline.picture.rotated import RotatedPicture

_PIXELS = np.random.default_rng(1).integers(0, 255, (24, 40, 3), dtype=np.uint8)


def test_the_array_is_handed_out_as_it_is() -> None:
    picture = RgbPicture(_PIXELS)
    assert picture.rgb() is _PIXELS
    assert (picture.width, picture.height) == (40, 24)


def test_scaled_exactly_as_the_reference_evaluations_do() -> None:
    tensor = np.full((32, 32, 3), 114, np.uint8)
    RgbPicture(_PIXELS).resized((4, 2, 30, 20), (32, 21), tensor[:21])
    expected = cv2.resize(_PIXELS[2:22, 4:34], (32, 21), interpolation=cv2.INTER_LINEAR)
    assert (tensor[:21] == expected).all()
    assert (tensor[21:] == 114).all()


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_picture_is_the_picture_turned(quarters: int) -> None:
    upright = np.rot90(_PIXELS, quarters)
    picture = RotatedPicture(RgbPicture(_PIXELS), quarters)
    assert (picture.height, picture.width) == upright.shape[:2]
    assert (picture.rgb() == upright).all()
    out = np.empty((9, 7, 3), np.uint8)
    picture.resized((3, 5, 7, 9), (7, 9), out)
    assert (out == upright[5:14, 3:10]).all()
