"""Whatever a decoder puts out, as one of the two forms of picture, upright."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sightline.picture import Picture
from sightline.picture.i420 import I420Picture
from sightline.picture.rgb import RgbPicture
from sightline.picture.rotated import RotatedPicture

if TYPE_CHECKING:
    from av import VideoFrame

_PLANAR = {"yuv420p", "yuvj420p"}


class Converter:
    """One a stream, because it keeps the scaler's tables for odd formats between pictures.

    8-bit 4:2:0 passes untouched. Other YUV (10 bit, 4:2:2, 4:4:4, NV12, gray, alpha) becomes
    yuv420p of limited range, RGB with or without palette or alpha becomes an array. Pixels
    are taken as square; a sample aspect ratio is ignored.
    """

    def __init__(self) -> None:
        from av.video.reformatter import VideoReformatter

        self._reformatter = VideoReformatter()

    def picture(self, frame: VideoFrame) -> Picture:
        """`frame` as a picture, turned as its display matrix says."""
        picture = self._flat(frame)
        quarters = round(frame.rotation / 90) % 4
        return RotatedPicture(picture, quarters) if quarters else picture

    def _flat(self, frame: VideoFrame) -> Picture:
        if frame.format.name in _PLANAR:
            return I420Picture(frame)
        if frame.format.is_rgb or frame.format.has_palette:
            rgb = self._reformatter.reformat(frame, format="rgb24")
            plane = rgb.planes[0]
            rows = np.frombuffer(memoryview(plane), np.uint8, plane.height * plane.line_size)
            padded = rows.reshape(plane.height, plane.line_size)
            return RgbPicture(padded[:, : plane.width * 3].reshape(plane.height, plane.width, 3))
        planar = self._reformatter.reformat(frame, format="yuv420p", dst_color_range="MPEG")
        return I420Picture(planar)
