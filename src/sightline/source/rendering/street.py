"""What is seen through the glass: pavement, road, and the house across."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

# Red, green, blue of the light outside, for day, dusk and night.
BRIGHTNESS = np.array([[1.32, 1.36, 1.42], [0.62, 0.46, 0.42], [0.09, 0.11, 0.17]], np.float32)
_WINDOW_GLOW = np.array([[0, 0, 0], [110, 80, 40], [190, 150, 86]], np.float32)
_ACROSS_M, _KERB_M, _ROAD_M = 11.0, 3.2, 8.0
_LANTERNS = (-6.5, 2.5)


def shade(x: Array, z: Array, rays: Array, front: float, key: int) -> Array:
    """Colour (..., 3) seen through points (x, z) of a front at y = `front` along `rays`."""
    dx, dy, dz = (rays[..., i] for i in range(3))
    down = np.where(dz < 0, z / np.maximum(-dz, 1e-4), np.inf)
    over = _ACROSS_M / np.maximum(dy, 1e-4)
    on_ground = down < over
    way = np.minimum(down, over)
    there_x, far, there_z = x + dx * way, dy * way, z + dz * way
    seen = np.where(on_ground[..., None], _ground(there_x, far), _house(there_x, there_z))
    lit: Array = (seen * BRIGHTNESS[key]).astype(np.float32)
    window = ~on_ground & _window(there_x, there_z) & (_lit(there_x, there_z) > 0.45)
    lit += window[..., None] * _WINDOW_GLOW[key]
    for lantern in _LANTERNS:
        pool = np.exp(-((there_x - lantern) ** 2 + (far - 2.0) ** 2) / 9) * on_ground
        lit += pool[..., None] * _WINDOW_GLOW[key] * 0.55
    return lit


def _ground(x: Array, far: Array) -> Array:
    slab = (np.abs(x / 0.8 - np.rint(x / 0.8)) < 0.02) | (
        np.abs(far / 0.8 - np.rint(far / 0.8)) < 0.03
    )
    pavement = np.where(slab[..., None], (150, 148, 144), (176, 174, 168))
    dash = (np.abs(far - (_KERB_M + _ROAD_M) / 2) < 0.08) & (np.mod(x, 2.4) < 1.4)
    road = np.where(dash[..., None], (210, 210, 204), (92, 94, 98))
    kerb = np.abs(far - _KERB_M) < 0.14
    on_road = (far > _KERB_M) & (far < _ROAD_M)
    ground = np.where(on_road[..., None], road, pavement)
    painted: Array = np.where(kerb[..., None], (196, 194, 188), ground).astype(np.float32)
    return painted


def _house(x: Array, z: Array) -> Array:
    brick = np.where((np.floor(x / 7) % 2 == 0)[..., None], (168, 122, 100), (186, 170, 146))
    plinth = np.where((z < 0.7)[..., None], (112, 108, 104), brick)
    seen: Array = np.where(_window(x, z)[..., None], (92, 108, 124), plinth).astype(np.float32)
    return seen


def _window(x: Array, z: Array) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (np.mod(x, 2.3) > 0.7) & (np.mod(z - 0.2, 3.0) > 0.9)
    return inside


def _lit(x: Array, z: Array) -> Array:
    cell = np.floor(x / 2.3) * 12.9898 + np.floor((z - 0.2) / 3) * 78.233
    share: Array = np.mod(np.sin(cell) * 43758.5, 1)
    return share
