"""The glass front of a shop: frames, panes, an automatic door and the sign above it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.picture.opencv import opencv

Array = NDArray[np.floating[Any]]

_FRAME_HALF = 0.035
_FRAME, _BAND, _LETTERS = (92, 98, 106), (36, 86, 74), (244, 240, 228)
_GLASS_OPACITY = 0.2
_SIGN = (640, 64)  # pixels of the sign's texture


@dataclass(frozen=True, slots=True)
class GlassFront:
    """At `y`, panes of `pane` metres up to `top`, then a wall; the door is `door` = (x1, x2)."""

    y: float
    door: tuple[float, float]
    top: float
    pane: float
    sign: str

    def frame(self, x: Array, z: Array, soft: float = 0.0) -> Array:
        """The share 0..1 of frame at points of the front; `soft` metres of blurred edge."""
        in_door = (x > self.door[0]) & (x < self.door[1])
        offset = (x - self.door[0]) / self.pane
        upright = np.abs(offset - np.rint(offset)) * self.pane
        upright = np.where(in_door, np.minimum(x - self.door[0], self.door[1] - x), upright)
        level = np.minimum(np.abs(z - self.top), np.where(in_door, np.inf, np.abs(z - 0.04)))
        near = np.minimum(upright, level)
        share: Array = np.clip(1 - (near - _FRAME_HALF) / max(soft, 1e-3), 0, 1)
        return share

    def wall(self, x: Array, z: Array) -> Array:
        """Where nothing can be seen through: 1 on frames and above the glass."""
        solid: Array = np.maximum(self.frame(x, z, 0.012), (z > self.top).astype(np.float32))
        return solid

    def open(self, x: Array, z: Array, soft: float) -> Array:
        """The share 0..1 of light that comes through at points of the front."""
        below = np.clip((self.top - z) / max(soft, 1e-3), 0, 1)
        light: Array = below * (1 - self.frame(x, z, soft)) * (z > 0)
        return light

    def opacity(self, x: Array, z: Array) -> Array:
        """How much 0..1 of what is outside is hidden."""
        pane = np.where((x > self.door[0]) & (x < self.door[1]), 0, _GLASS_OPACITY)
        hidden: Array = np.maximum(self.wall(x, z), pane)
        return hidden

    def mat(self, x: Array, y: Array) -> NDArray[np.bool_]:
        """Where the doormat lies on the floor."""
        low, high = self.door[0] + 0.3, self.door[1] - 0.3
        lies: NDArray[np.bool_] = (x > low) & (x < high) & (y > self.y - 1.15) & (y < self.y - 0.1)
        return lies

    def colour(self, x: Array, z: Array) -> Array:
        """Red, green and blue (..., 3) of frames, sign and wall."""
        wall = np.where((z > self.top)[..., None], (214, 206, 194), _FRAME)
        band = (z > self.top + 0.1) & (z < self.top + 0.62)
        low, high = self.door[0] - 0.15, self.door[1] + 0.15
        across = (x - low) / (high - low) * _SIGN[0]
        down = (self.top + 0.56 - z) / 0.4 * _SIGN[1]
        letters = opencv().remap(
            _sign(self.sign), across.astype(np.float32), down.astype(np.float32), 1
        )
        share = (letters / np.float32(255))[..., None]
        sign = np.array(_BAND) * (1 - share) + np.array(_LETTERS) * share
        painted: Array = np.where(band[..., None], sign, wall).astype(np.float32)
        return painted


@cache
def _sign(text: str) -> NDArray[np.uint8]:
    cv2 = opencv()
    canvas = np.zeros((_SIGN[1], _SIGN[0]), np.uint8)
    font, size = cv2.FONT_HERSHEY_DUPLEX, 1.25
    (width, _), _ = cv2.getTextSize(text, font, size, 3)
    cv2.putText(canvas, text, ((_SIGN[0] - width) // 2, 46), font, size, 255, 3, cv2.LINE_AA)
    return canvas
