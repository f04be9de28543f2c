"""What stands where pixels may not: a dark, quiet grid."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sightline.camera.draw.palette import BACKDROP, GRID


@lru_cache(4)
def backdrop(width: int, height: int) -> NDArray[np.uint8]:
    """uint8 (height, width, 3) RGB, read-only, with square cells: about ten to the short side."""
    canvas = np.full((height, width, 3), BACKDROP, np.uint8)
    cell = max(8, round(min(width, height) / 10))
    thick = max(1, round(min(width, height) / 1080))
    for offset in range(thick):
        canvas[cell // 2 + offset :: cell] = GRID
        canvas[:, cell // 2 + offset :: cell] = GRID
    canvas.setflags(write=False)
    return canvas
