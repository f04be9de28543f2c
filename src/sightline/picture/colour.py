"""Which matrix turns luma and colour difference into red, green and blue."""

from __future__ import annotations

# The numbers of H.273 that streams carry, and those by which libswscale calls the same matrix.
_MATRICES = {
    1: 1,  # BT.709
    4: 4,  # FCC
    5: 5,  # BT.601, 625 lines
    6: 5,  # BT.601, 525 lines
    7: 7,  # SMPTE 240M
    9: 9,  # BT.2020
    10: 9,
}
_BT709, _BT601 = 1, 5
_HD_LINES = 720


def matrix(colorspace: int, height: int) -> int:
    """libswscale's number for the matrix that a stream names, or what players assume for none.

    That is BT.709 from 720 lines on and BT.601 below. OpenCV and PyAV assume BT.601
    always, which tints high definition that was encoded as cameras do.
    """
    assumed = _BT709 if height >= _HD_LINES else _BT601
    return _MATRICES.get(colorspace, assumed)
