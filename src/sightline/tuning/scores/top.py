"""How often a classification names the right class first, or among its first five."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def top(ranked: list[NDArray[np.int32]], truth: list[int]) -> dict[str, float]:
    """top1 and top5, 0..1.

    ranked  for each picture the classes, most probable first
    """
    hits = [
        (len(row) > 0 and row[0] == right, right in row[:5])
        for row, right in zip(ranked, truth, strict=True)
    ]
    first, five = np.mean(hits, axis=0) if hits else (0.0, 0.0)
    return {"top1": float(first), "top5": float(five)}
