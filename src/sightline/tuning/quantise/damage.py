"""Which blocks suffer most from int8: each is quantised alone, and the outputs are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Outputs = list[list[NDArray[Any]]]  # of each picture, those of each output
Trial = Callable[[Sequence[int]], Outputs]

_GROUPS = 28  # so many trials find the places worth a closer look
_WORTH = 0.02  # of the damage of the worst group


def by_damage(
    count: int,
    reference: Outputs,
    only: Trial,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[int]:
    """Numbers of the blocks that do harm, the worst first.

    count      of the blocks
    reference  what the float network puts out
    only       what it puts out with only these blocks in int8
    """
    size = -(-count // _GROUPS)
    groups = [list(range(start, min(start + size, count))) for start in range(0, count, size)]
    scale = _scale(reference)
    harm = []
    for number, group in enumerate(groups):
        harm.append(_error(reference, only(group), scale))
        progress(number + 1, len(groups))
    if size == 1:
        return _worst_first(dict(enumerate(harm)))
    close = [block for number, group in enumerate(groups) for block in group
             if harm[number] >= _WORTH * max(harm)]  # fmt: skip
    single = {}
    for number, block in enumerate(close):
        single[block] = _error(reference, only([block]), scale)
        progress(len(groups) + number + 1, len(groups) + len(close))
    return _worst_first(single)


def _worst_first(harm: dict[int, float]) -> list[int]:
    return [block for block in sorted(harm, key=lambda block: -harm[block]) if harm[block] > 0]


def _scale(reference: Outputs) -> list[NDArray[Any]]:
    """The variance of each channel of each output: a score of 0.1 counts as a box of 100."""
    scales = []
    for tensors in zip(*reference, strict=True):
        stacked = np.concatenate([tensor.reshape(tensor.shape[0], -1, tensor.shape[-1])
                                  for tensor in tensors]).astype(np.float64)  # fmt: skip
        variance = stacked.var((0, 1))
        scales.append(variance + 1e-6 * (variance.mean() + 1e-12))
    return scales


def _error(reference: Outputs, outputs: Outputs, scales: list[NDArray[Any]]) -> float:
    errors = [
        np.mean((changed.astype(np.float64) - tensor) ** 2 / scale)
        for before, after in zip(reference, outputs, strict=True)
        for tensor, changed, scale in zip(before, after, scales, strict=True)
    ]
    return float(np.nan_to_num(np.mean(errors), nan=1e12, posinf=1e12))
