"""Average precision of boxes, as COCO has it: greedy matching by score, 101 recall points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

THRESHOLDS = tuple(np.arange(0.5, 0.96, 0.05).round(2).tolist())


class AveragePrecision:
    """Collects pictures, then tells the average precision of one class."""

    def __init__(self, thresholds: Sequence[float] = THRESHOLDS) -> None:
        self._thresholds = np.array(thresholds)
        self._scores: list[Array] = []
        self._hits: list[NDArray[np.int8]] = []  # 1 right, 0 wrong, -1 does not count
        self._wanted = 0

    def add(self, boxes: Array, scores: Array, true: Array, ignored: NDArray[np.bool_]) -> None:
        """One picture: found boxes (N, 4), scores (N,), true boxes (M, 4), and which of these
        count neither as missed nor as found."""
        order = np.argsort(-scores, kind="stable")
        overlap = _overlap(boxes[order], true)
        hits = np.zeros((len(self._thresholds), len(order)), np.int8)
        for t, threshold in enumerate(self._thresholds):
            taken = np.zeros(len(true), np.bool_)
            for rank in range(len(order)):
                free = np.where(taken, -1.0, overlap[rank])
                counted = np.where(ignored, -1.0, free)
                best = int(counted.argmax()) if len(true) else -1
                if best >= 0 and counted[best] >= threshold:
                    taken[best] = True
                    hits[t, rank] = 1
                elif len(true) and (free >= threshold).any():
                    hits[t, rank] = -1
        self._scores.append(scores[order])
        self._hits.append(hits)
        self._wanted += int((~ignored).sum())

    def result(self) -> dict[str, float]:
        """AP over all thresholds, AP50, and how many objects were to be found."""
        scores = np.concatenate(self._scores)
        order = np.argsort(-scores, kind="stable")
        hits = np.concatenate(self._hits, axis=1)[:, order]
        each = [_area(row[row >= 0], self._wanted) for row in hits]
        return {"AP": float(np.mean(each)), "AP50": float(each[0]), "objects": self._wanted}


def _area(hits: NDArray[np.int8], wanted: int) -> float:
    right = np.cumsum(hits == 1)
    recall = right / max(wanted, 1)
    precision = right / np.arange(1, len(hits) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(recall, np.linspace(0, 1, 101))
    padded = np.append(precision, 0.0)  # recall that is never reached has no precision
    return float(padded[np.minimum(at, len(precision))].mean())


def _overlap(a: Array, b: Array) -> Array:
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    inter = np.maximum(high - low, 0).prod(-1)
    area_a, area_b = (a[:, 2:] - a[:, :2]).prod(-1), (b[:, 2:] - b[:, :2]).prod(-1)
    return inter / np.maximum(area_a[:, None] + area_b[None] - inter, 1e-12)
