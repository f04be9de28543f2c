"""A picture that is an array already: an image file, a rendered scene."""

from __future__ import annotations

from sightline.picture.frame import Rect, Rgb
from sightline.picture.opencv import opencv


class RgbPicture:
    """Pixels as uint8 (H, W, 3), RGB. The array is not copied; leave it unchanged."""

    __slots__ = ("_pixels", "height", "width")

    def __init__(self, pixels: Rgb) -> None:
        self._pixels = pixels
        self.height, self.width = pixels.shape[:2]

    def rgb(self) -> Rgb:
        """The array itself."""
        return self._pixels

    def resized(self, rect: Rect, size: tuple[int, int], out: Rgb) -> None:
        """Scale the part `rect` into `out` bilinearly, as the reference evaluations of COCO do."""
        cv2 = opencv()
        x, y, width, height = rect
        part = self._pixels[y : y + height, x : x + width]
        cv2.resize(part, size, dst=out, interpolation=cv2.INTER_LINEAR)
