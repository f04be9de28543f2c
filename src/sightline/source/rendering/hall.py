"""A plain hall without windows: floor, four walls, a ceiling, lamps, and paint on the floor.

As in `room`, every pixel's ray is followed to the plane that it meets, once a picture size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.source.rendering.drawing import Drawing, paint
from sightline.source.rendering.light import Light, tone
from sightline.source.rendering.projection import View

Array = NDArray[np.floating[Any]]
Image = NDArray[np.uint8]
Rgb = tuple[int, int, int]

_LAMPS = np.array([[0.98, 0.98, 0.96], [0.86, 0.82, 0.74], [0.66, 0.62, 0.54]], np.float32)
_WALLS = {1: (1, 0.9), 2: (0, 0.8), 3: (0, 0.86)}  # plane: the axis along it, how lit it is
_PLINTH_M = 1.1


@dataclass(frozen=True, slots=True)
class Hall:
    """From x = `left` to `right`, back to y = `back`, `ceiling` metres high.

    floor    colour of the floor
    tile     length of its tiles or slabs in metres
    wall     colour of the walls above the plinth
    plinth   colour of the walls' lowest metre
    marks    what is painted on the floor: corners in metres, colour
    """

    left: float
    right: float
    back: float
    ceiling: float
    floor: Rgb = (172, 172, 168)
    tile: float = 1.2
    wall: Rgb = (214, 212, 204)
    plinth: Rgb = (150, 156, 160)
    marks: tuple[tuple[tuple[tuple[float, float], ...], Rgb], ...] = field(default=())

    @property
    def front(self) -> None:
        """It has no glass front."""
        return None

    def light(self, x: Array, y: Array, key: int) -> Array:
        """How bright it is at points (...), red, green, blue (..., 3); 1 is fully lit."""
        across = np.cos(x * (2 * np.pi / 5.0)) * np.cos(y * (2 * np.pi / 6.0))
        level: Array = (0.94 + 0.06 * across)[..., None] * _LAMPS[key]
        return level

    def shades(
        self, places: Sequence[Sequence[float]] | NDArray[np.float64], light: Light
    ) -> NDArray[np.float64]:
        """How bright it is at places (N, 2) in some light, (N, 3)."""
        x, y = np.asarray(places, np.float64).T
        return light.blend(np.array([self.light(x, y, key) for key in range(3)]))

    def sunlit(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """No sun comes in."""
        return np.zeros(len(places))

    def shadow_of(self, height: float) -> tuple[float, float]:
        """Lamps are everywhere, so shadows fall nowhere."""
        return 0.0, -0.01 * height

    def opacity(self, view: View, width: int, height: int) -> NDArray[np.float32]:
        """There is no glass."""
        return np.zeros((height, width), np.float32)

    def paint(self, view: View, width: int, height: int, key: int) -> Image:
        """The empty hall in one of the key lights."""
        rays = view.rays(width, height)
        eye = view.position.astype(np.float32)
        dx, dy, dz = np.moveaxis(rays, -1, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            ways = np.stack(
                [
                    np.where(dz < 0, -eye[2] / dz, np.inf),
                    np.where(dy > 0, (self.back - eye[1]) / dy, np.inf),
                    np.where(dx < 0, (self.left - eye[0]) / dx, np.inf),
                    np.where(dx > 0, (self.right - eye[0]) / dx, np.inf),
                    np.where(dz > 0, (self.ceiling - eye[2]) / dz, np.inf),
                ]
            )
        plane, way = ways.argmin(axis=0), np.minimum(ways.min(axis=0), 200)
        where = [eye[i] + way * rays[..., i] for i in range(3)]
        albedo = np.empty((height, width, 3), np.float32)
        albedo[:] = (226, 226, 222)
        albedo[plane == 0] = self._floor(where[0], where[1], way * 1.1 / height)[plane == 0]
        for number, (axis, lit) in _WALLS.items():
            upright = self._wall(where[1 - axis] if axis else where[1], where[2]) * lit
            albedo[plane == number] = upright[plane == number]
        canvas = np.clip(tone(albedo * self.light(where[0], where[1], key)), 0, 255)
        picture: Image = canvas.astype(np.uint8)
        for corners, colour in self.marks:
            drawing = Drawing()
            ground = np.array([(x, y, 0.0) for x, y in corners])
            drawing.add(view.project(ground)[0], colour, 0.88)
            paint(picture, drawing, _LAMPS[key].tolist())
        return picture

    def _floor(self, x: Array, y: Array, pixel_m: Array) -> Array:
        across, along = x / self.tile, y / self.tile
        blur = np.maximum(pixel_m / self.tile, 1e-3)
        seam = np.minimum(np.abs(across - np.rint(across)), np.abs(along - np.rint(along)))
        joint = np.clip(1 - seam / (0.008 + blur), 0, 1) * np.clip(0.04 / blur, 0.2, 1)
        tile = np.floor(across) * 12.9898 + np.floor(along) * 78.233
        shade = 1 + 0.05 * (np.sin(tile) * 43758.5 % 1 - 0.5) - 0.16 * joint
        floor: Array = np.array(self.floor, np.float32) * shade[..., None]
        return floor

    def _wall(self, along: Array, z: Array) -> Array:
        seam = np.abs((along / 2.4) % 1 - 0.5) > 0.49
        upper = np.where(seam[..., None], np.array(self.wall) * 0.9, self.wall)
        wall: Array = np.where((z < _PLINTH_M)[..., None], self.plinth, upper).astype(np.float32)
        return wall
