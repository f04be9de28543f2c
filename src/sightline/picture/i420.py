"""A picture as a video decoder leaves it: planes of luma and of halved colour difference."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sightline.picture.colour import matrix
from sightline.picture.frame import Rect, Rgb
from sightline.picture.opencv import opencv

if TYPE_CHECKING:
    from av import VideoFrame

_Plane = NDArray[np.uint8]
_LIMITED, _FULL = 1, 2


class I420Picture:
    """A decoded frame in yuv420p or yuvj420p, whose planes are used where the decoder put them.

    Nothing is copied, so the picture keeps the decoder's buffer alive for as long as it
    lives itself. Only what `resized` is asked for is ever converted to RGB: the planes are
    scaled first, to a small 4:2:0 picture, which costs a third of converting first.
    """

    __slots__ = ("_frame", "_matrix", "_planes", "_range", "height", "width")

    def __init__(self, frame: VideoFrame) -> None:
        self.width, self.height = frame.width, frame.height
        self._frame = frame
        self._planes: tuple[_Plane, ...] | None = None
        self._matrix = matrix(frame.colorspace, frame.height)
        full = frame.color_range == _FULL or frame.format.name == "yuvj420p"
        self._range = _FULL if full else _LIMITED

    @property
    def luma(self) -> _Plane:
        """The Y plane as a view, uint8 (H, W); rows are padded, so it is not contiguous."""
        return self._yuv()[0]

    def rgb(self) -> Rgb:
        """The whole picture, uint8 (H, W, 3), RGB; converted anew at each call."""
        return _bench().converted(self._frame, self._matrix, self._range).copy()

    def resized(self, rect: Rect, size: tuple[int, int], out: Rgb) -> None:
        """Scale the part `rect` to `size` bilinearly, then convert it into `out`."""
        cv2 = opencv()
        bench = _bench()
        x, y, width, height = rect
        luma, *chroma = self._yuv()
        # An odd edge takes in the whole colour sample that it cuts.
        rows, columns = slice(y // 2, (y + height + 1) // 2), slice(x // 2, (x + width + 1) // 2)
        parts = luma[y : y + height, x : x + width], *(plane[rows, columns] for plane in chroma)
        small, planes = bench.frame(size)
        for part, plane in zip(parts, planes, strict=True):
            cv2.resize(part, plane.shape[::-1], dst=plane, interpolation=cv2.INTER_LINEAR)
        out[:] = bench.converted(small, self._matrix, self._range)[: size[1], : size[0]]

    def _yuv(self) -> tuple[_Plane, ...]:
        if self._planes is None:
            self._planes = planes_of(self._frame)
        return self._planes


def planes_of(frame: VideoFrame) -> tuple[_Plane, ...]:
    """Each plane of a planar 8-bit frame as a view, uint8 (H, W), whose rows are padded."""
    return tuple(
        np.frombuffer(memoryview(plane), np.uint8, plane.height * plane.line_size).reshape(
            plane.height, plane.line_size
        )[:, : plane.width]
        for plane in frame.planes
    )


class _Workbench:
    """What one thread needs to scale and convert, kept because making it anew costs as much."""

    def __init__(self) -> None:
        from av.video.reformatter import VideoReformatter

        self._reformatter = VideoReformatter()
        self._size = 0, 0

    def frame(self, size: tuple[int, int]) -> tuple[VideoFrame, tuple[_Plane, ...]]:
        """A frame to draw in, and its planes cut to `size`; a camera's pictures share a size.

        Its own sides are even: libswscale takes three times as long for odd ones.
        """
        if size != self._size:
            from av import VideoFrame

            width, height = size
            across, down = (width + 1) // 2, (height + 1) // 2
            self._size, self._frame = size, VideoFrame(2 * across, 2 * down, "yuv420p")
            luma, *chroma = planes_of(self._frame)
            self._planes = luma[:height, :width], *(plane[:down, :across] for plane in chroma)
        return self._frame, self._planes

    def converted(self, frame: VideoFrame, matrix: int, color_range: int) -> Rgb:
        """`frame` as uint8 (H, W, 3), RGB: a view whose rows may be padded."""
        rgb = self._reformatter.reformat(
            frame, format="rgb24", src_colorspace=matrix, src_color_range=color_range
        )
        plane = rgb.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8, plane.height * plane.line_size)
        padded = rows.reshape(plane.height, plane.line_size)[:, : plane.width * 3]
        return padded.reshape(plane.height, plane.width, 3)


_benches = threading.local()


def _bench() -> _Workbench:
    bench: _Workbench | None = getattr(_benches, "own", None)
    if bench is None:
        bench = _benches.own = _Workbench()
    return bench
