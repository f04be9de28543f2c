"""Sums of many series put side by side, and those that belong together added up, all at once."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sightline.hub.store.packing import CELL, Cells

Numbers = NDArray[np.int64]


class Adding:
    """Rows of cells, one a group of series, into which bodies and single sums are added."""

    def __init__(self, groups: int, width: int) -> None:
        self._n = np.zeros((groups, width), np.int64)
        self._total = np.zeros((groups, width))
        self._low = np.full((groups, width), np.inf)
        self._high = np.full((groups, width), -np.inf)

    def bodies(self, groups: Numbers, places: Numbers, packed: Sequence[bytes]) -> None:
        """Packed bodies, each of a group, from a place of its row on."""
        if not packed:
            return
        cells = np.frombuffer(b"".join(map(zlib.decompress, packed)), CELL)
        cells = cells.reshape(len(packed), -1)
        width = self._n.shape[1]
        order = np.argsort(groups * width + places, kind="stable")
        where = (groups * width + places)[order]
        begins = np.flatnonzero(np.diff(where, prepend=-1))
        rows = where[begins] // width
        columns = (where[begins] % width)[:, None] + np.arange(cells.shape[1])
        here = rows[:, None], columns
        n = cells["n"][order]
        empty = n == 0
        low = np.where(empty, np.inf, cells["low"][order])
        high = np.where(empty, -np.inf, cells["high"][order])
        self._n[here] += np.add.reduceat(n, begins, dtype=np.int64)
        self._total[here] += np.add.reduceat(cells["total"][order], begins)
        self._low[here] = np.minimum(self._low[here], np.minimum.reduceat(low, begins))
        self._high[here] = np.maximum(self._high[here], np.maximum.reduceat(high, begins))

    def single(self, groups: Numbers, places: Numbers, sums: NDArray[np.float64]) -> None:
        """Sums (n, total, low, high), each of a group and a place."""
        here = groups, places
        np.add.at(self._n, here, sums[:, 0].astype(np.int64))
        np.add.at(self._total, here, sums[:, 1])
        np.minimum.at(self._low, here, sums[:, 2])
        np.maximum.at(self._high, here, sums[:, 3])

    def cells(self, begin: int, end: int) -> Cells:
        """Some columns (groups, end - begin)."""
        n = self._n[:, begin:end]
        cells = np.zeros(n.shape, CELL)
        cells["n"], cells["total"] = n, self._total[:, begin:end]
        for name, extreme in (("low", self._low), ("high", self._high)):
            cells[name] = np.where(n > 0, extreme[:, begin:end], 0.0)
        return cells
