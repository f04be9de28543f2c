"""A memory of normal patches, small enough to look through at every picture.

Roth et al., "Towards Total Recall in Industrial Anomaly Detection" (PatchCore),
arXiv:2106.08265: patches of the middle layers of a network that was trained for something else,
thinned out to those that cover all others best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Patches = NDArray[np.float32]  # (n, C)

_DIMENSIONS = 128
_SIZE = 512  # patches in the memory
_POOL = 20_000  # patches that it is chosen from
_FOLDS = 4
_CHUNK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """Patches are seen as `patch @ weights + bias`; they are normal within `threshold` of `bank`.

    weights  float32 (C, D)
    bias     float32 (D,)
    bank     float32 (M, D)
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    bank: NDArray[np.float32]
    threshold: float


def remember(pictures: list[Patches]) -> Memory:
    """Of good pictures, two or more; the same pictures give the same memory."""
    random = np.random.default_rng(0)
    pool = _sample(np.concatenate(pictures), random)
    mean, deviation = pool.mean(0), pool.std(0)
    spread = 1 / np.maximum(deviation, 1e-3 * deviation.max() + 1e-12)
    columns = pool.shape[1]
    turned, _ = np.linalg.qr(random.standard_normal((columns, min(columns, _DIMENSIONS))))
    weights = (spread[:, None] * turned).astype(np.float32)
    bias = (-mean @ weights).astype(np.float32)
    seen = [patches @ weights + bias for patches in pictures]
    farthest = _held_out(seen, random)
    threshold = max(farthest.max(), farthest.mean() + 3 * farthest.std())
    bank = _coreset(_sample(np.concatenate(seen), random), _SIZE)
    return Memory(weights, bias, bank, max(float(threshold), 1e-6))


def distances(patches: Patches, bank: Patches) -> NDArray[np.float32]:
    """From each patch to the nearest of the bank."""
    squares = (bank**2).sum(1)
    nearest = [
        ((part**2).sum(1) + (squares - part @ (2 * bank.T)).min(1))
        for part in np.split(patches, range(_CHUNK, len(patches), _CHUNK))
    ]
    found: NDArray[np.float32] = np.sqrt(np.concatenate(nearest).clip(0))
    return found


def _held_out(seen: list[Patches], random: np.random.Generator) -> NDArray[np.float32]:
    """Of each picture, how far its strangest patch is from the memory of others."""
    folds = min(_FOLDS, len(seen))
    farthest = np.zeros(len(seen), np.float32)
    for fold in range(folds):
        others = [patches for i, patches in enumerate(seen) if i % folds != fold]
        bank = _coreset(_sample(np.concatenate(others), random), _SIZE)
        for i in range(fold, len(seen), folds):
            farthest[i] = distances(seen[i], bank).max()
    return farthest


def _sample(patches: Patches, random: np.random.Generator) -> Patches:
    if len(patches) <= _POOL:
        return patches
    return patches[random.choice(len(patches), _POOL, replace=False)]


def _coreset(patches: Patches, size: int) -> Patches:
    """Greedily the patch that is farthest from all taken so far: k-center."""
    if len(patches) <= size:
        return patches
    squares = (patches**2).sum(1)
    taken = np.zeros(size, np.intp)
    taken[0] = squares.argmax()
    apart = np.full(len(patches), np.inf, np.float32)
    for i in range(1, size):
        last = taken[i - 1]
        np.minimum(apart, squares - patches @ (2 * patches[last]) + squares[last], out=apart)
        taken[i] = apart.argmax()
    return patches[taken]
