"""Text as masks: drawn once by OpenCV, kept, and laid over pictures in any colour."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.camera.draw.palette import Colour
from sightline.picture.opencv import opencv

Mask = NDArray[np.uint8]  # (h, w), 255 where the ink is
_KEPT = 1024
_WEIGHT = 500  # a little heavier than regular: video compression eats thin strokes


class Typeface:
    """One size of type, `pixels` from ascender to descender or so. Every mask has one height."""

    def __init__(self, pixels: int) -> None:
        cv2 = opencv()
        self.pixels = pixels
        self._ascent = math.ceil(pixels * 0.96)
        self.height = self._ascent + math.ceil(pixels * 0.32)
        # OpenCV 5 brings an outline font with the scripts of the world, version 4 strokes.
        self._font: Any = cv2.FontFace("sans") if hasattr(cv2, "FontFace") else None
        self.mask = lru_cache(_KEPT)(self._mask)

    def width(self, text: str) -> int:
        """Of `text` in pixels."""
        return int(self.mask(text).shape[1])

    def draw(self, rgb: NDArray[np.uint8], text: str, x: int, y: int, colour: Colour) -> None:
        """Lay `text` with its top left corner at x, y; what is outside the picture is cut."""
        blend(rgb, self.mask(text), x, y, colour)

    def _mask(self, text: str) -> Mask:
        cv2 = opencv()
        room = np.zeros((self.height, self.pixels * (len(text) + 1) * 2), np.uint8)
        place = (1, self._ascent)
        if self._font is not None:
            cv2.putText(room, text, place, (255,), self._font, self.pixels, _WEIGHT)
        else:
            face = cv2.FONT_HERSHEY_SIMPLEX
            plain = text.replace("·", "-").encode("ascii", "replace").decode()
            size = cv2.getFontScaleFromHeight(face, round(self.pixels * 0.7))
            cv2.putText(room, plain, place, face, size, (255,), 1 + self.pixels // 20, cv2.LINE_AA)
        inked = np.flatnonzero(room.any(0))
        return np.ascontiguousarray(room[:, : int(inked[-1]) + 2 if len(inked) else 1])


def blend(rgb: NDArray[np.uint8], mask: Mask, x: int, y: int, colour: Colour) -> None:
    """Lay a colour over the picture as strongly as the mask says."""
    top, left = max(0, -y), max(0, -x)
    part = rgb[y + top : y + mask.shape[0], x + left : x + mask.shape[1]]
    strength = mask[top : top + part.shape[0], left : left + part.shape[1], None]
    if strength.size:
        under = part.astype(np.int32)
        part[:] = under + (np.array(colour, np.int32) - under) * strength // 255
