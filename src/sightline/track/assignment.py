"""Who belongs to whom: the best pairing of tracks with detections."""

from __future__ import annotations

from typing import Any

import lap
import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.intp]
Array = NDArray[np.floating[Any]]


def assign(rows: Index, columns: Index, affinity: Array, least: float) -> Index:
    """Which of the candidate pairs are taken: an index into the three arrays (P,).

    A row and a column are taken at most once, such that the sum of (affinity - least) over
    the pairs taken is the largest possible. No pair may be given twice, and all lie above
    `least`, below 1. Only what is ambiguous goes to the solver (Jonker and Volgenant, "A
    Shortest Augmenting Path Algorithm for Dense and Sparse Linear Assignment Problems", 1987).
    """
    if not len(rows):
        return np.empty(0, np.intp)
    alone = (np.bincount(rows)[rows] == 1) & (np.bincount(columns)[columns] == 1)
    taken: Index = alone.nonzero()[0]
    if len(taken) == len(rows):
        return taken
    rest = (~alone).nonzero()[0]
    some_rows, at_row = np.unique(rows[rest], return_inverse=True)
    some_columns, at_column = np.unique(columns[rest], return_inverse=True)
    cost = np.ones((len(some_rows), len(some_columns)))
    cost[at_row, at_column] = 1 - affinity[rest]
    _, partner, _ = lap.lapjv(cost, extend_cost=True, cost_limit=1 - least)
    return np.concatenate([taken, rest[partner[at_row] == at_column]])
