"""A picture that its camera held sideways: turned upright, still without converting it whole."""

from __future__ import annotations

import numpy as np

from sightline.picture.frame import Picture, Rect, Rgb


class RotatedPicture:
    """Shows `picture` turned counter-clockwise by `quarters` times 90 degrees (1, 2 or 3)."""

    __slots__ = ("_picture", "_quarters", "height", "width")

    def __init__(self, picture: Picture, quarters: int) -> None:
        self._picture = picture
        self._quarters = quarters
        lying = quarters % 2 == 1
        self.width = picture.height if lying else picture.width
        self.height = picture.width if lying else picture.height

    def rgb(self) -> Rgb:
        """The whole picture, upright, uint8 (H, W, 3), RGB."""
        return np.ascontiguousarray(np.rot90(self._picture.rgb(), self._quarters))

    def resized(self, rect: Rect, size: tuple[int, int], out: Rgb) -> None:
        """Scale the part `rect` of the upright picture to `size` into `out`."""
        width, height = size if self._quarters == 2 else (size[1], size[0])
        small = np.empty((height, width, 3), np.uint8)
        self._picture.resized(self._stored(rect), (width, height), small)
        out[:] = np.rot90(small, self._quarters)

    def _stored(self, rect: Rect) -> Rect:
        x, y, width, height = rect
        right, below = self.width - x - width, self.height - y - height
        if self._quarters == 1:
            return below, x, height, width
        if self._quarters == 2:
            return right, below, width, height
        return y, right, height, width
