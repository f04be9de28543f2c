"""The same picture seen a little differently: shifted, scaled, mirrored, brighter, blurred."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Boxes = NDArray[np.float32]

_SHARE_MOVED, _SHARE_MIRRORED, _SHARE_COLOURED, _SHARE_BLURRED = 0.35, 0.1, 0.5, 0.2
_LEAST_LEFT = 0.35  # of a box within the picture, else the object no longer counts


def augment(
    image: Image, boxes: Boxes, rng: np.random.Generator
) -> tuple[Image, Boxes, NDArray[np.bool_]]:
    """A picture and its boxes (M, 4) in pixels, changed by chance, and which boxes remain."""
    width = image.shape[1]
    kept = np.ones(len(boxes), np.bool_)
    if rng.random() < _SHARE_MOVED:
        image, boxes, kept = _move(image, boxes, rng)
    if rng.random() < _SHARE_MIRRORED:
        image = np.ascontiguousarray(image[:, ::-1])
        boxes = np.stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]], 1)
    if rng.random() < _SHARE_COLOURED:
        gain = rng.uniform(0.7, 1.3) * rng.uniform(0.92, 1.08, 3)
        image = np.clip(image * gain + rng.uniform(-18, 18), 0, 255).astype(np.uint8)
    if rng.random() < _SHARE_BLURRED:
        image = cv2.GaussianBlur(image, (3, 3), float(rng.uniform(0.3, 0.9)))
    return image, boxes, kept


def _move(
    image: Image, boxes: Boxes, rng: np.random.Generator
) -> tuple[Image, Boxes, NDArray[np.bool_]]:
    height, width = image.shape[:2]
    scale = rng.uniform(0.8, 1.35, 1) * rng.uniform(0.94, 1.06, 2)
    free = np.array([width, height]) * (1 - scale)
    shift = np.minimum(free, 0) + rng.uniform(0, 1, 2) * np.abs(free)
    turn = np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]]])
    moved = cv2.warpAffine(image, turn, (width, height), borderValue=(114, 114, 114))
    size = np.array([width, height] * 2)
    whole = boxes * np.tile(scale, 2) + np.tile(shift, 2)
    cut = np.clip(whole, 0, size)
    area = (cut[:, 2] - cut[:, 0]) * (cut[:, 3] - cut[:, 1])
    before = (whole[:, 2] - whole[:, 0]) * (whole[:, 3] - whole[:, 1])
    kept = area >= _LEAST_LEFT * np.maximum(before, 1e-6)
    return moved, cut.astype(np.float32), kept
