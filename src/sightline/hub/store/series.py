"""Reading sums: what was counted by the minute, the hour or the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, select

from sightline.hub.store.packing import CELL, SPANS, Cells, blocks_of, joined, unpacked
from sightline.hub.store.rollups import Key
from sightline.hub.store.tables.rollups import packed, recent, series

MINUTE, HOUR, DAY = SPANS


@dataclass(frozen=True, slots=True)
class Asked:
    """Which series. Empty means any; see `store.tables.rollups` for the words."""

    cameras: tuple[str, ...] = ()
    subject: str = ""
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] | None = None
    parts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One of them over a range: arrays with one value an interval, zeros where nothing was.

    n      how many were summed up; where it is 0, low and high mean nothing
    total  their sum, so that total / n is the mean
    """

    key: Key
    cells: Cells

    @property
    def n(self) -> NDArray[np.uint32]:
        return self.cells["n"]

    @property
    def total(self) -> NDArray[np.float64]:
        return self.cells["total"]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was asked for: `starts` (seconds since the epoch) are those of every series."""

    resolution: int
    starts: NDArray[np.int64]
    series: list[Series]

    def over(self, parts: Sequence[str]) -> Reading:
        """Series that differ in nothing but these parts of their keys as one; those are empty."""
        if not parts:
            return self
        together: dict[Key, Cells] = {}
        for item in self.series:
            key = item.key._replace(**dict.fromkeys(parts, ""))
            known = together.get(key)
            together[key] = item.cells if known is None else joined(known, item.cells)
        found = [Series(key, cells) for key, cells in together.items()]
        return Reading(self.resolution, self.starts, found)

    def summed(self) -> Cells:
        """All of them together."""
        together = np.zeros(len(self.starts), CELL)
        for item in self.series:
            together = joined(together, item.cells)
        return together


def fitting(from_s: int, to_s: int, most: int = 2000) -> int:
    """The finest resolution that gives at most so many intervals."""
    return next((r for r in SPANS if (to_s - from_s) // r <= most), DAY)


def read_series(
    connection: Connection, asked: Asked, from_s: int, to_s: int, resolution: int
) -> Reading:
    """Intervals that begin in [from_s, to_s), whole ones: both ends are moved down to a begin."""
    span = SPANS[resolution]
    from_s, to_s = from_s // resolution * resolution, -(-to_s // resolution) * resolution
    starts = np.arange(from_s, to_s, resolution, dtype=np.int64)
    keys = _keys(connection, asked)
    first, last = from_s // span, max(from_s, to_s - 1) // span
    per = span // resolution
    width = (last - first + 1) * per
    cells = {id: np.zeros(width, CELL) for id in keys}
    for id, start, body in _packed(connection, list(keys), resolution, first * span, last * span):
        at = (start // span - first) * per
        cells[id][at : at + per] = unpacked(body)
    for (id, start), fresh in _recent(connection, keys, resolution, from_s, to_s).items():
        at = (start // span - first) * per
        cells[id][at : at + per] = joined(cells[id][at : at + per], fresh)
    skip = (from_s - first * span) // resolution
    wanted = slice(skip, skip + len(starts))
    found = [Series(keys[id], row[wanted]) for id, row in cells.items()]
    return Reading(resolution, starts, [item for item in found if item.n.any()])


def _keys(connection: Connection, asked: Asked) -> dict[int, Key]:
    query = select(series)
    for column, values in (
        ("camera", asked.cameras or None), ("kind", asked.kinds or None),
        ("subject", (asked.subject,) if asked.subject else None),
        ("name", asked.names), ("part", asked.parts),
    ):  # fmt: skip
        if values is not None:
            query = query.where(series.c[column].in_(values))
    return {row[0]: Key(*row[1:]) for row in connection.execute(query)}


def _packed(
    connection: Connection, ids: list[int], resolution: int, from_s: int, to_s: int
) -> list[tuple[int, int, bytes]]:
    found: list[tuple[int, int, bytes]] = []
    for begin in range(0, len(ids), 500):
        here: ColumnElement[bool] = packed.c.series.in_(ids[begin : begin + 500])
        query = select(packed.c.series, packed.c.start, packed.c.body).where(
            here, packed.c.resolution == resolution,
            packed.c.start >= from_s, packed.c.start <= to_s,
        )  # fmt: skip
        found += [(*row,) for row in connection.execute(query)]
    return found


def _recent(
    connection: Connection, keys: dict[int, Key], resolution: int, from_s: int, to_s: int
) -> dict[tuple[int, int], Cells]:
    query = select(recent).where(recent.c.start >= from_s, recent.c.start < to_s)
    if len(keys) <= 500:
        query = query.where(recent.c.series.in_(keys))
    rows = [(*row,) for row in connection.execute(query) if row.series in keys]
    return blocks_of(rows, resolution)
