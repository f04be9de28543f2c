"""From luma and colour difference to red, green and blue (ITU-R BT.601, BT.709, BT.2020)."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

# The share of red and of blue in luma, by the number that H.273 gives the matrix.
_WEIGHTS = {
    1: (0.2126, 0.0722),  # BT.709
    4: (0.30, 0.11),  # FCC
    5: (0.299, 0.114),  # BT.601, 625 lines
    6: (0.299, 0.114),  # BT.601, 525 lines
    7: (0.212, 0.087),  # SMPTE 240M
    9: (0.2627, 0.0593),  # BT.2020
    10: (0.2627, 0.0593),
}
_BT709, _BT601 = 1, 5
_HD_LINES = 720


def known(colorspace: int, height: int) -> int:
    """The matrix that a stream names, or what players assume where it names none.

    That is BT.709 from 720 lines on and BT.601 below. OpenCV and PyAV assume BT.601
    always, which tints high definition that was encoded as cameras do.
    """
    if colorspace in _WEIGHTS:
        return colorspace
    return _BT709 if height >= _HD_LINES else _BT601


@cache
def to_rgb(colorspace: int, full_range: bool) -> NDArray[np.float32]:
    """The affine map float32 (3, 4) from (Y, U, V, 1), all 0..255, to (R, G, B).

    colorspace  a number of H.273 that `known` has returned
    full_range  luma 0..255 instead of 16..235
    """
    red, blue = _WEIGHTS[colorspace]
    green = 1 - red - blue
    luma, chroma, black = (1.0, 1.0, 0.0) if full_range else (255 / 219, 255 / 224, 16.0)
    u_to_blue = 2 * (1 - blue) * chroma
    v_to_red = 2 * (1 - red) * chroma
    linear = np.array(
        [
            [luma, 0, v_to_red],
            [luma, -u_to_blue * blue / green, -v_to_red * red / green],
            [luma, u_to_blue, 0],
        ]
    )
    offset = -linear @ np.array([black, 128, 128])
    matrix = np.column_stack([linear, offset]).astype(np.float32)
    matrix.setflags(write=False)
    return matrix
