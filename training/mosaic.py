"""Four pictures in one, each at another scale (Bochkovskiy et al., YOLOv4, 2020)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from dataset import MOST, Pictures

_SCALES = (0.45, 1.15)
_LEAST_LEFT = 0.3  # of a box, else the object no longer counts
_GREY = 114


def mosaic(
    pictures: Pictures, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.int64], NDArray[np.bool_]]:
    """One picture, its boxes in pixels, their labels, and which of them count."""
    height, width = pictures.images.shape[1:3]
    canvas = np.full((height, width, 3), _GREY, np.uint8)
    boxes = np.zeros((MOST, 4), np.float32)
    labels = np.full(MOST, -1, np.int64)
    counts = np.zeros(MOST, np.bool_)
    x, y = int(width * rng.uniform(0.3, 0.7)), int(height * rng.uniform(0.3, 0.7))
    parts = ((0, 0, x, y), (x, 0, width, y), (0, y, x, height), (x, y, width, height))
    filled = 0
    for x1, y1, x2, y2 in parts:
        index = int(rng.integers(len(pictures.images)))
        scale = rng.uniform(*_SCALES)
        mirrored = rng.random() < 0.5
        offset = np.array(
            [x1 - rng.uniform(0, max(0.0, width * scale - (x2 - x1))),
             y1 - rng.uniform(0, max(0.0, height * scale - (y2 - y1)))]
        )  # fmt: skip
        _paint(canvas, pictures.images[index], scale, offset, mirrored, (x1, y1, x2, y2))
        real = np.flatnonzero(pictures.labels[index] >= 0)[: MOST - filled]
        found = pictures.boxes[index][real] * np.array([width, height] * 2, np.float32)
        if mirrored:
            found = np.stack(
                [width - found[:, 2], found[:, 1], width - found[:, 0], found[:, 3]], 1
            )
        whole = found * scale + np.tile(offset, 2)
        cut = np.clip(whole, [x1, y1, x1, y1], [x2, y2, x2, y2])
        left = _area(cut) / np.maximum(_area(whole), 1e-6)
        there = left > 0.02
        rows = slice(filled, filled + int(there.sum()))
        boxes[rows] = cut[there]
        labels[rows] = pictures.labels[index][real][there]
        counts[rows] = (left[there] >= _LEAST_LEFT) & (pictures.visible[index][real][there] >= 0.2)
        filled = rows.stop
    gain = rng.uniform(0.7, 1.3) * rng.uniform(0.93, 1.07, 3)
    bright = np.clip(canvas * gain + rng.uniform(-15, 15), 0, 255).astype(np.uint8)
    return bright, boxes, labels, counts


def _paint(
    canvas: NDArray[np.uint8],
    image: NDArray[np.uint8],
    scale: float,
    offset: NDArray[np.float64],
    mirrored: bool,
    part: tuple[int, int, int, int],
) -> None:
    x1, y1, x2, y2 = part
    width = image.shape[1]
    turn = np.array([[-scale, 0, offset[0] + width * scale], [0, scale, offset[1]]])
    if not mirrored:
        turn = np.array([[scale, 0, offset[0]], [0, scale, offset[1]]])
    turn[:, 2] -= (x1, y1)
    size = (x2 - x1, y2 - y1)
    canvas[y1:y2, x1:x2] = cv2.warpAffine(image, turn, size, borderValue=(_GREY,) * 3)


def _area(boxes: NDArray[np.floating]) -> NDArray[np.floating]:
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    return sides[:, 0] * sides[:, 1]
