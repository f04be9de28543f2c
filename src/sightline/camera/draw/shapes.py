"""Strokes and plates, anti-aliased, at fractions of a pixel."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sightline.camera.draw.palette import SHADE, Colour, mixed
from sightline.picture.opencv import opencv

Rgb = NDArray[np.uint8]
Points = NDArray[np.float64]  # (n, 2): x, y in pixels

_SHIFT = 4  # OpenCV takes coordinates in sixteenths of a pixel


def stroke(rgb: Rgb, points: Points, colour: Colour, width: int, closed: bool = False) -> None:
    """A polyline on a faint dark edge, so that it shows on bright ground too."""
    cv2 = opencv()
    fixed = [np.rint(points * (1 << _SHIFT)).astype(np.int32)]
    edge = mixed(SHADE, colour, 0.65)
    outer = width + 2 * max(1, width // 3)
    cv2.polylines(rgb, fixed, closed, edge, outer, cv2.LINE_AA, _SHIFT)
    cv2.polylines(rgb, fixed, closed, colour, width, cv2.LINE_AA, _SHIFT)


def line(rgb: Rgb, points: Points, colour: Colour, width: int) -> None:
    """A polyline, plain."""
    cv2 = opencv()
    fixed = [np.rint(points * (1 << _SHIFT)).astype(np.int32)]
    cv2.polylines(rgb, fixed, False, colour, width, cv2.LINE_AA, _SHIFT)


def fill(rgb: Rgb, points: Points, colour: Colour) -> None:
    """A polygon, opaque."""
    cv2 = opencv()
    fixed = [np.rint(points * (1 << _SHIFT)).astype(np.int32)]
    cv2.fillPoly(rgb, fixed, colour, cv2.LINE_AA, _SHIFT)


def rounded(x1: float, y1: float, x2: float, y2: float, radius: float) -> Points:
    """The outline of a rectangle with round corners."""
    radius = max(0.0, min(radius, (x2 - x1) / 2, (y2 - y1) / 2))
    centres = np.array(
        [
            (x2 - radius, y2 - radius),
            (x1 + radius, y2 - radius),
            (x1 + radius, y1 + radius),
            (x2 - radius, y1 + radius),
        ]
    )
    return (centres[:, None] + radius * _arcs()).reshape(-1, 2)


def plate(rgb: Rgb, x: int, y: int, width: int, height: int, radius: int, opacity: float) -> None:
    """A dark, translucent ground for text. What is outside the picture is cut."""
    tint(rgb, x, y, _plate_mask(width, height, radius), SHADE, opacity)


def tint(rgb: Rgb, x: int, y: int, mask: NDArray[np.uint8], colour: Colour, share: float) -> None:
    """`share` of a colour over the picture, where `mask` (h, w), laid at x, y, is not 0."""
    cv2 = opencv()
    top, left = max(0, -y), max(0, -x)
    part = rgb[y + top : y + mask.shape[0], x + left : x + mask.shape[1]]
    if part.size:
        where = mask[top : top + part.shape[0], left : left + part.shape[1]]
        cv2.copyTo(cv2.LUT(part, _table(colour, share)), where, part)


@lru_cache(64)
def _table(colour: Colour, share: float) -> NDArray[np.uint8]:
    """Every value of every channel after the tint: cheaper than arithmetic on a picture."""
    values = np.arange(256)[:, None] * (1 - share) + np.array(colour) * share
    return np.rint(values).astype(np.uint8)[None]


@lru_cache(256)
def _plate_mask(width: int, height: int, radius: int) -> NDArray[np.uint8]:
    mask = np.zeros((height, width), np.uint8)
    fill(mask, rounded(0, 0, width - 1, height - 1, radius), (255, 255, 255))
    mask[mask < 128] = 0
    return mask


@lru_cache(1)
def _arcs() -> Points:
    """Unit quarter circles, corner by corner: (4, 6, 2)."""
    angles = np.linspace(0, np.pi / 2, 6) + np.arange(4)[:, None] * np.pi / 2
    return np.stack([np.cos(angles), np.sin(angles)], -1)
