"""The empty room as the camera sees it: floor, walls, a glass front and the street behind it.

Every pixel's ray is followed to the plane that it meets; colour and light there are worked
out for all pixels at once. This is done once a picture size, for day, dusk and night.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.source.rendering import street
from sightline.source.rendering.glass import GlassFront
from sightline.source.rendering.light import Light, tone
from sightline.source.rendering.projection import View

Array = NDArray[np.floating[Any]]
Image = NDArray[np.uint8]

# For day, dusk and night: colour of lamp light, of daylight and of what lies outside.
_LAMPS = np.array([[0.50, 0.50, 0.49], [0.72, 0.66, 0.56], [0.66, 0.60, 0.50]], np.float32)
_DAYLIGHT = np.array([[0.50, 0.54, 0.58], [0.26, 0.19, 0.18], [0.01, 0.02, 0.04]], np.float32)
_SUN = np.array([[0.50, 0.44, 0.33], [0.36, 0.17, 0.07], [0, 0, 0]], np.float32)
_SUN_ASIDE, _SUN_DOWN = 0.42, 0.62  # slope of the light that falls in
_TILE_M = 0.62
_FLOOR, _GROUT = np.array([206, 200, 190], np.float32), np.array([158, 152, 144], np.float32)
_LAMP_HALF = (0.16, 0.7)


@dataclass(frozen=True, slots=True)
class Room:
    """A box with its front of glass at y = `front.y`. `lamps` are centres (x, y) of panels."""

    left: float
    right: float
    ceiling: float
    front: GlassFront
    lamps: tuple[tuple[float, float], ...]

    def light(self, x: Array, y: Array, z: Array, key: int) -> Array:
        """How bright it is at points (...), red, green, blue (..., 3); 1 is fully lit."""
        lamp = np.zeros_like(x)
        for lamp_x, lamp_y in self.lamps:
            fall = (x - lamp_x) ** 2 + (y - lamp_y) ** 2
            lamp += 5.2 / (fall + (self.ceiling - z) ** 2 + 4.5)
        day = np.exp((y - self.front.y) / 4.5)
        total: Array = (0.12 + 0.88 * np.minimum(lamp, 1.25))[..., None] * _LAMPS[key]
        total = total + (0.18 + 0.82 * day)[..., None] * _DAYLIGHT[key]
        total += self.sun(x, y, z)[..., None] * _SUN[key]
        return total

    def shades(
        self, places: Sequence[Sequence[float]] | Array, light: Light
    ) -> NDArray[np.float64]:
        """How bright it is a metre above places (N, 2) in some light, (N, 3)."""
        x, y = np.asarray(places, np.float64).T
        keys = [self.light(x, y, np.full_like(x, 0.9), key) for key in range(3)]
        return light.blend(np.array(keys))

    def sun(self, x: Array, y: Array, z: Array) -> Array:
        """The share 0..1 of direct sun that reaches points through the glass."""
        behind = np.maximum(self.front.y - y, 0)
        glass: Array = self.front.open(x + _SUN_ASIDE * behind, z + _SUN_DOWN * behind, 0.05)
        return glass

    def sunlit(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """The share (N,) of direct sun on the floor at places (N, 2); outside it is all shade."""
        x, y = places.T
        suns: NDArray[np.float64] = self.sun(x, y, np.zeros(len(places))) * (y < self.front.y)
        return suns

    def shadow_of(self, height: float) -> tuple[float, float]:
        """Where the head's shadow falls on the floor, from the feet: x, y in metres."""
        length = height / _SUN_DOWN
        return -_SUN_ASIDE * length, -length

    def paint(self, view: View, width: int, height: int, key: int) -> Image:
        """The empty room in one of the key lights."""
        return _Hits(self, view, view.rays(width, height)).shade(key)

    def opacity(self, view: View, width: int, height: int) -> NDArray[np.float32]:
        """How much 0..1 of what is outside each pixel of the front hides; 0 off the front."""
        seen = _Hits(self, view, view.rays(width, height))
        return np.where(seen.on_front, self.front.opacity(seen.x, seen.z), 0).astype(np.float32)


class _Hits:
    """Where the ray of each pixel meets the room."""

    def __init__(self, room: Room, view: View, rays: Array) -> None:
        self.room, self.rays = room, rays
        self.eye = view.position.astype(np.float32)
        dx, dy, dz = np.moveaxis(rays, -1, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            ways = np.stack(
                [
                    np.where(dz < 0, -self.eye[2] / dz, np.inf),
                    np.where(dz > 0, (room.ceiling - self.eye[2]) / dz, np.inf),
                    np.where(dy > 0, (room.front.y - self.eye[1]) / dy, np.inf),
                    np.where(dx < 0, (room.left - self.eye[0]) / dx, np.inf),
                    np.where(dx > 0, (room.right - self.eye[0]) / dx, np.inf),
                ]
            )
        self.plane = ways.argmin(axis=0)
        way = ways.min(axis=0)
        self.x, self.y, self.z = (self.eye[i] + way * rays[..., i] for i in range(3))
        self.on_front = self.plane == 2
        self.pixel_m = way * 1.1 / rays.shape[0]

    def shade(self, key: int) -> Image:
        """All pixels for one key light."""
        colour = self.room.light(self.x, self.y, self.z, key)
        colour *= self._albedo()
        self._gloss(colour, key)
        self._lamp_panels(colour, key)
        self._outside(colour, key)
        return np.clip(tone(colour) * self._vignette(), 0, 255).astype(np.uint8)

    def _albedo(self) -> Array:
        albedo = np.empty((*self.x.shape, 3), np.float32)
        albedo[self.plane == 0] = self._floor()[self.plane == 0]
        albedo[self.plane == 1] = (226, 226, 222)
        albedo[self.plane == 2] = self.room.front.colour(self.x, self.z)[self.plane == 2]
        albedo[self.plane >= 3] = self._wall()[self.plane >= 3]
        return albedo

    def _floor(self) -> Array:
        across, along = self.x / _TILE_M, self.y / _TILE_M
        blur = np.maximum(self.pixel_m / _TILE_M, 1e-3)
        seam = np.minimum(np.abs(across - np.rint(across)), np.abs(along - np.rint(along)) * 1.0)
        grout = np.clip(1 - seam / (0.012 + blur), 0, 1) * np.clip(0.05 / blur, 0.25, 1)
        tile = np.floor(across) * 12.9898 + np.floor(along) * 78.233
        shade = 1 + 0.045 * (np.sin(tile) * 43758.5 % 1 - 0.5)
        floor: Array = _FLOOR * shade[..., None] * (1 - grout[..., None])
        floor += _GROUT * grout[..., None]
        mat = self.room.front.mat(self.x, self.y)
        rib = 0.9 + 0.1 * np.sin(self.y * 90) * np.clip(0.02 / self.pixel_m, 0, 1)
        matting = np.array([74, 78, 84], np.float32) * rib[..., None]
        return np.where(mat[..., None], matting, floor)

    def _wall(self) -> Array:
        wall = np.empty((*self.x.shape, 3), np.float32)
        wall[:] = (222, 210, 192)
        slat = (self.z < 1.05)[..., None]
        groove = np.abs((self.y / 0.3) % 1 - 0.5) > 0.46
        wood = np.where(groove[..., None], (116, 84, 58), (164, 122, 86))
        wall = np.where(slat, wood, wall).astype(np.float32)
        return np.where(((self.z > 1.05) & (self.z < 1.11))[..., None], (236, 230, 220), wall)

    def _gloss(self, colour: Array, key: int) -> None:
        """The polished floor mirrors the lamps and the bright front."""
        floor = self.plane == 0
        dx, dy, dz = (self.rays[..., i] for i in range(3))
        rise = -dz / np.maximum(dy, 1e-3)
        steep = np.clip(rise, 0.05, 3)
        glint = 0.05 + 0.5 * np.exp(-steep * 4)
        to_front = self.room.front.y - self.y
        open_there = self.room.front.open(self.x + dx / dy * to_front, rise * to_front, 0.18)
        glow = street.BRIGHTNESS[key] * 190 * open_there[..., None]
        to_lamp = self.room.ceiling / np.maximum(-dz, 1e-3)
        lamp = self._near_lamp(self.x + dx * to_lamp, self.y + dy * to_lamp, 0.22)
        glow = glow + lamp[..., None] * _LAMPS[key] * 190
        shine = np.where(floor & ~self.room.front.mat(self.x, self.y), glint, 0)
        colour += glow * shine[..., None]

    def _near_lamp(self, x: Array, y: Array, soft: float) -> Array:
        near = np.zeros_like(x)
        for lamp_x, lamp_y in self.room.lamps:
            aside = np.maximum(np.abs(x - lamp_x) - _LAMP_HALF[0], 0)
            along = np.maximum(np.abs(y - lamp_y) - _LAMP_HALF[1], 0)
            near = np.maximum(near, np.clip(1 - np.hypot(aside, along) / soft, 0, 1))
        return near

    def _lamp_panels(self, colour: Array, key: int) -> None:
        lit = self._near_lamp(self.x, self.y, 0.04) * (self.plane == 1)
        colour += lit[..., None] * _LAMPS[key] * 900

    def _outside(self, colour: Array, key: int) -> None:
        through = np.where(self.on_front, 1 - self.room.front.wall(self.x, self.z), 0)
        seen = street.shade(self.x, self.z, self.rays, self.room.front.y, key)
        colour += (seen - colour) * through[..., None]

    def _vignette(self) -> Array:
        height, width = self.x.shape
        across = np.linspace(-1, 1, width, dtype=np.float32)[None, :, None]
        down = np.linspace(-1, 1, height, dtype=np.float32)[:, None, None]
        corner: Array = 1 - 0.16 * (across**2 + down**2) / 2
        return corner
