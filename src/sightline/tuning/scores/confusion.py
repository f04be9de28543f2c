"""What is taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.geometry.boxes import iou
from sightline.tuning.scores.average_precision import FoundObjects
from sightline.tuning.truth.base import TrueObjects

NOTHING = "nothing"
_OVERLAP = 0.5
_SURE = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """Counts int64 (C, C): row the truth, column what the network said.

    names  of rows and columns; of detections the last one is `NOTHING`: found where nothing
           is (row), and there but not found (column)
    """

    names: tuple[str, ...]
    counts: NDArray[np.int64]


def of_boxes(
    truth: Sequence[TrueObjects], found: Sequence[FoundObjects], names: Sequence[str]
) -> Confusion:
    """Detections with a score of 0.3 and more, each joined to the object it overlaps most."""
    counts = np.zeros((len(names) + 1, len(names) + 1), np.int64)
    for objects, seen in zip(truth, found, strict=True):
        true = np.flatnonzero(~objects.crowd)
        sure = np.flatnonzero(seen.scores >= _SURE)
        pairs = _joined(objects.boxes[true], seen.boxes[sure])
        rows, columns = true[pairs[:, 0]], sure[pairs[:, 1]]
        np.add.at(counts, (objects.labels[rows], seen.labels[columns]), 1)
        counts[:, -1] += _tally(objects.labels[np.setdiff1d(true, rows)], len(counts))
        counts[-1] += _tally(seen.labels[np.setdiff1d(sure, columns)], len(counts))
    return Confusion((*names, NOTHING), counts)


def of_classes(said: Sequence[int], truth: Sequence[int], names: Sequence[str]) -> Confusion:
    """Classifications: the most probable class against the true one; -1: none of `names`."""
    counts = np.zeros((len(names) + 1, len(names) + 1), np.int64)
    np.add.at(counts, (np.array(truth, np.intp), np.array(said, np.intp)), 1)
    return Confusion((*names, "another"), counts)


def _tally(labels: NDArray[np.int32], classes: int) -> NDArray[np.intp]:
    return np.bincount(labels, minlength=classes)


def _joined(true: NDArray[np.float32], seen: NDArray[np.float32]) -> NDArray[np.intp]:
    """Pairs (P, 2), best overlap first, nobody twice."""
    overlaps = iou(true, seen)
    pairs: list[tuple[int, int]] = []
    for flat in np.argsort(-overlaps, axis=None, kind="stable"):
        row, column = divmod(int(flat), overlaps.shape[1])
        if overlaps[row, column] < _OVERLAP:
            break
        pairs.append((row, column))
        overlaps[row, :] = overlaps[:, column] = -1
    return np.array(pairs, np.intp).reshape(-1, 2)
