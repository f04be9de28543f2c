"""The cells that anchor-free heads predict from, stride after stride."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def cells(width: int, height: int, strides: Sequence[int]) -> int:
    """How many cells a tensor of this size has over all strides."""
    return sum(-(-height // stride) * -(-width // stride) for stride in strides)


def grid(
    width: int, height: int, strides: Sequence[int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Column and row of each cell float32 (N, 2), and its stride float32 (N, 1), row by row."""
    places, steps = [], []
    for stride in strides:
        rows, columns = -(-height // stride), -(-width // stride)
        y, x = np.divmod(np.arange(rows * columns), columns)
        places.append(np.stack([x, y], 1))
        steps.append(np.full((rows * columns, 1), stride))
    return np.concatenate(places).astype(np.float32), np.concatenate(steps).astype(np.float32)


def strides_of(width: int, height: int, count: int) -> tuple[int, ...] | None:
    """The usual strides whose cells add up to `count`; None where none do."""
    for strides in ((8, 16, 32), (8, 16, 32, 64), (16, 32), (8, 16), (4, 8, 16, 32), (16,), (8,)):
        if cells(width, height, strides) == count:
            return strides
    return None
