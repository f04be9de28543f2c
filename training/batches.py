"""Pictures with their objects, a few at a time, each pass in another order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from augment import augment
from dataset import MOST, Pictures
from fit import Batch

BATCH = 16
_HARDLY_VISIBLE = 0.2  # below this an object asks for nothing


def batches(pictures: Pictures, rng: np.random.Generator, plain: bool) -> Iterator[Batch]:
    """One pass over `pictures`."""
    order = rng.permutation(len(pictures.images))
    for start in range(0, len(order) - BATCH + 1, BATCH):
        rows = [picked(pictures, index, rng, plain) for index in order[start : start + BATCH]]
        yield stacked(rows)


def picked(
    pictures: Pictures, index: int, rng: np.random.Generator, plain: bool
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.int64], NDArray[np.bool_]]:
    """One picture, its boxes in pixels, their labels, and which of them count."""
    image = pictures.images[index]
    height, width = image.shape[:2]
    boxes = pictures.boxes[index] * np.array([width, height] * 2, np.float32)
    kept = np.ones(MOST, np.bool_)
    if not plain:
        image, boxes, kept = augment(image, boxes, rng)
    real = pictures.labels[index] >= 0
    labels = np.where(real, pictures.labels[index], -1).astype(np.int64)
    return image, boxes, labels, kept & (pictures.visible[index] >= _HARDLY_VISIBLE)


def stacked(rows: list[tuple[NDArray[np.uint8], ...]]) -> Batch:
    """Rows as the tensors that training takes."""
    images, boxes, labels, counts = (np.stack(column) for column in zip(*rows, strict=True))
    tensor = torch.from_numpy(images).permute(0, 3, 1, 2).float()
    return (
        tensor.contiguous(memory_format=torch.channels_last),
        *map(torch.from_numpy, (boxes.astype(np.float32), labels, counts)),
    )
