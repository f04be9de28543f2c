"""Masks as runs, and rows of masks of different sizes made one array."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]  # (rows, columns), laid over the box of its object


def runs_of(mask: Mask) -> NDArray[np.int64]:
    """Lengths of what is outside and inside in turn, row by row, beginning with outside.

    They add up to the size of the mask; the first is 0 where the first pixel is inside.
    """
    flat = np.concatenate(([False], mask.reshape(-1)))
    turns = np.flatnonzero(flat[1:] != flat[:-1])
    return np.diff(np.concatenate(([0], turns, [mask.size])))


def mask_of(size: tuple[int, int], runs: NDArray[np.int64]) -> Mask:
    """The inverse of `runs_of`, for runs that add up to the `size` (rows, columns)."""
    return np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(size)


def resized(mask: Mask, size: tuple[int, int]) -> Mask:
    """The nearest pixels of `mask` at another number of rows and columns."""
    rows, columns = (
        ((np.arange(new) + 0.5) * old / new).astype(np.intp)
        for old, new in zip(mask.shape, size, strict=True)
    )
    nearest: Mask = mask[rows[:, None], columns]
    return nearest


def stacked(masks: Sequence[Mask | None]) -> Mask | None:
    """One array (N, rows, columns), as fine as the finest; nothing for None. None if all are."""
    held = [mask for mask in masks if mask is not None]
    if not held:
        return None
    size = (max(mask.shape[0] for mask in held), max(mask.shape[1] for mask in held))
    stack = np.zeros((len(masks), *size), np.bool_)
    for row, mask in zip(stack, masks, strict=True):
        if mask is not None:
            row[:] = mask if mask.shape == size else resized(mask, size)
    return stack
