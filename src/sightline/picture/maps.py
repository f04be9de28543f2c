"""Grids of numbers as pictures: warmth as colour, directions as hues."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.floating[Any]]

_STOPS = np.array([[13, 17, 35], [58, 28, 113], [158, 42, 99], [225, 92, 58], [252, 191, 84],
                   [255, 250, 222]], np.float64)  # fmt: skip
_BRIGHTEST = 0.995  # the quantile that is: one cell where somebody stood all day darkens no other


def warmth(grid: Grid, cell: int = 16) -> NDArray[np.uint8]:
    """Values from 0 up (R, C) as colours (R * cell, C * cell, 3), by their square root."""
    share = np.sqrt(_shares(grid))
    place = share * (len(_STOPS) - 1)
    low = np.minimum(place.astype(int), len(_STOPS) - 2)
    part = (place - low)[..., None]
    return _cells(_STOPS[low] * (1 - part) + _STOPS[low + 1] * part, cell)


def directions(flow: Grid, cell: int = 16) -> NDArray[np.uint8]:
    """Vectors (R, C, 2), y down, as hues, brighter where more.

    Right is red, down yellow-green, left cyan, up violet: a colour wheel turned clockwise.
    """
    hue = np.arctan2(flow[..., 1], flow[..., 0]) / (2 * np.pi) % 1
    value = np.sqrt(_shares(np.hypot(flow[..., 0], flow[..., 1])))
    wheel = np.abs((hue[..., None] * 6 + [0, 4, 2]) % 6 - 3) - 1
    return _cells(wheel.clip(0, 1) * value[..., None] * 255, cell)


def _shares(grid: Grid) -> NDArray[np.float64]:
    filled = grid[grid > 0]
    top = float(np.quantile(filled, _BRIGHTEST)) if filled.size else 1.0
    shares: NDArray[np.float64] = (np.asarray(grid, np.float64) / top).clip(0, 1)
    return shares


def _cells(colours: NDArray[np.float64], cell: int) -> NDArray[np.uint8]:
    whole: NDArray[np.uint8] = colours.round().astype(np.uint8)
    return whole.repeat(cell, axis=0).repeat(cell, axis=1)
