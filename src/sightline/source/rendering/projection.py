"""From metres in the world to the picture: a pinhole camera without distortion.

World axes: x to the right, y away from the camera, z up, in metres. The picture plane is
measured in picture heights: `across` 0..ASPECT, `down` 0..1, origin top left. Every scene is
composed for 16:9; another shape of picture is stretched, as the second stream of an IP
camera is, so that fractions of the picture mean the same place at any size.
"""

from __future__ import annotations

from math import radians, tan

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ASPECT = 16 / 9
_NEAREST_M = 0.15  # what is nearer, or behind the camera, is drawn as if it were here


class View:
    """A camera at `position` that looks at `target`; `fov` is the vertical angle in degrees."""

    def __init__(
        self,
        position: tuple[float, float, float],
        target: tuple[float, float, float],
        fov: float,
    ) -> None:
        self.position = np.array(position)
        forward = np.array(target) - self.position
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        self._axes = np.stack([right, np.cross(forward, right), forward], axis=1)
        self.focal = 0.5 / tan(radians(fov) / 2)

    def project(self, points: Array) -> tuple[Array, Array, Array]:
        """Points (..., 3) to the picture plane (..., 2), heights a metre (...), depth (...)."""
        seen = (points - self.position) @ self._axes
        depth = np.maximum(seen[..., 2], _NEAREST_M)
        scale = self.focal / depth
        plane = seen[..., :2] * scale[..., None]
        plane += (ASPECT / 2, 0.5)
        return plane, scale, depth

    def fractions(self, points: Array) -> Array:
        """Points (..., 3) as fractions (..., 2) of the picture; beyond 0..1 outside of it."""
        plane, _, _ = self.project(points)
        plane[..., 0] /= ASPECT
        return plane

    def rays(self, width: int, height: int) -> NDArray[np.float32]:
        """Direction (height, width, 3) in the world of the ray through each pixel's centre."""
        across = (np.arange(width) + 0.5) / width * ASPECT - ASPECT / 2
        down = (np.arange(height) + 0.5) / height - 0.5
        right, below, ahead = self._axes.T
        grid = across[None, :, None] * right + down[:, None, None] * below + self.focal * ahead
        rays: NDArray[np.float32] = grid.astype(np.float32)
        return rays
