"""Where an input tensor lies on the sensor image, and the way back for boxes and points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Placement:
    """An affine map without rotation: sensor fraction = offset + scale * tensor fraction.

    The tensor (with its padding) covers the sensor image from (x, y) to (x + width,
    y + height), all in fractions of the full sensor image; with padding that reaches
    beyond 0..1.
    """

    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0

    def to_sensor(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes (N, 4) x1, y1, x2, y2 in fractions of the tensor, to those of the sensor image."""
        scale = np.array([self.width, self.height] * 2, np.float32)
        offset = np.array([self.x, self.y] * 2, np.float32)
        return boxes * scale + offset

    def points_to_sensor(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points (..., 3) x, y, score in the same way; the score stays."""
        scale = np.array([self.width, self.height, 1], np.float32)
        return points * scale + np.array([self.x, self.y, 0], np.float32)
