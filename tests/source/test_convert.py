"""Every form that decoders put out, as a picture of the same colours."""

import av
import numpy as np
import pytest

from sightline.source.convert import Converter

_FORMATS = [
    "yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "yuyv422",
    "yuv420p10le", "yuv422p10le", "yuv444p12le", "yuva420p", "rgb24", "bgr24", "bgra", "rgba",
    "gbrp", "gbrp10le", "rgb48le",
]  # fmt: skip


def coloured(form: str, width: int = 66, height: int = 50) -> av.VideoFrame:
    image = np.full((height, width, 3), (200, 120, 60), np.uint8)
    frame = av.VideoFrame.from_ndarray(image, format="rgb24")
    # One thread: with several, swscale now and then writes rows of 10-bit pictures too dark.
    return frame.reformat(format=form, dst_colorspace="itu601", threads=1)


@pytest.mark.parametrize("form", _FORMATS)
def test_the_colour_survives(form: str) -> None:
    rgb = Converter().picture(coloured(form)).rgb()
    assert rgb.shape == (50, 66, 3)
    assert np.abs(rgb.astype(int) - (200, 120, 60)).max() <= 4


@pytest.mark.parametrize("form", ["gray", "gray10le", "yuvj420p", "yuv444p"])
def test_grey_stays_grey(form: str) -> None:
    grey = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 99, np.uint8), format="rgb24")
    rgb = Converter().picture(grey.reformat(format=form)).rgb()
    assert np.abs(rgb.astype(int) - 99).max() <= 3


@pytest.mark.parametrize("form", ["yuv444p", "yuv420p", "yuv422p10le"])
def test_full_range_that_only_the_stream_tells(form: str) -> None:
    frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 250, np.uint8), format="rgb24")
    full = frame.reformat(format=form, dst_color_range="JPEG")
    full.color_range = 2
    rgb = Converter().picture(full).rgb()
    assert np.abs(rgb.astype(int) - 250).max() <= 3


@pytest.mark.parametrize("size", [(65, 49), (17, 3), (2, 2)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    picture = Converter().picture(coloured("yuv420p", *size))
    assert (picture.width, picture.height) == size
    assert np.abs(picture.rgb().astype(int) - (200, 120, 60)).max() <= 4
