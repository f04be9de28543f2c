"""A picture as a video decoder leaves it: planes of luma and of halved colour difference."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.picture import colour
from sightline.picture.frame import Rect, Rgb
from sightline.picture.opencv import opencv

if TYPE_CHECKING:
    from av import VideoFrame

_Plane = NDArray[np.uint8]
_JPEG_RANGE = 2
_scratch = threading.local()


class I420Picture:
    """A decoded frame in yuv420p or yuvj420p, whose planes are used where the decoder put them.

    Nothing is copied, so the picture keeps the decoder's buffer alive for as long as it
    lives itself. Only what `resized` is asked for is ever converted to RGB: scaling three
    planes and converting the small result costs a third of converting first.
    """

    __slots__ = ("_colorspace", "_frame", "_full_range", "_planes", "height", "width")

    def __init__(self, frame: VideoFrame) -> None:
        self.width, self.height = frame.width, frame.height
        self._frame = frame
        self._planes: tuple[_Plane, ...] | None = None
        self._colorspace = colour.known(int(frame.colorspace), frame.height)
        self._full_range = frame.format.name == "yuvj420p" or int(frame.color_range) == _JPEG_RANGE

    @property
    def luma(self) -> _Plane:
        """The Y plane as a view, uint8 (H, W); rows are padded, so it is not contiguous."""
        return self._yuv()[0]

    def rgb(self) -> Rgb:
        """The whole picture, uint8 (H, W, 3), RGB; converted anew at each call."""
        out = np.empty((self.height, self.width, 3), np.uint8)
        self.resized((0, 0, self.width, self.height), (self.width, self.height), out)
        return out

    def resized(self, rect: Rect, size: tuple[int, int], out: Rgb) -> None:
        """Scale the part `rect` to `size` bilinearly, then convert it into `out`."""
        cv2 = opencv()
        luma, *chroma = self._yuv()
        x, y, width, height = rect
        scaled, merged = _buffers(size)
        cv2.resize(
            luma[y : y + height, x : x + width], size, dst=scaled[0], interpolation=cv2.INTER_LINEAR
        )
        # An odd edge takes in the whole colour sample that it cuts.
        rows, columns = slice(y // 2, (y + height + 1) // 2), slice(x // 2, (x + width + 1) // 2)
        for plane, small in zip(chroma, scaled[1:], strict=True):
            cv2.resize(plane[rows, columns], size, dst=small, interpolation=cv2.INTER_LINEAR)
        cv2.merge(list(scaled), dst=merged)
        cv2.transform(merged, colour.to_rgb(self._colorspace, self._full_range), dst=out)

    def _yuv(self) -> tuple[_Plane, ...]:
        if self._planes is None:
            self._planes = tuple(
                np.frombuffer(memoryview(plane), np.uint8, plane.height * plane.line_size).reshape(
                    plane.height, plane.line_size
                )[:, : plane.width]
                for plane in self._frame.planes
            )
        return self._planes


def _buffers(size: tuple[int, int]) -> tuple[_Plane, _Plane]:
    """Arrays (3, h, w) and (h, w, 3) to work in: one pair a thread, as all its pictures share a
    size; allocating them anew costs as much as the scaling."""
    held: tuple[_Plane, _Plane] | None = getattr(_scratch, "held", None)
    width, height = size
    if held is None or held[0].shape[1:] != (height, width):
        held = np.empty((3, height, width), np.uint8), np.empty((height, width, 3), np.uint8)
        _scratch.held = held
    return held
