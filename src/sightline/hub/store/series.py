"""Reading sums: what was counted by the minute, the hour or the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Engine, func, literal, select

from sightline.hub.store.adding import Adding
from sightline.hub.store.packing import CELL, SPANS, Cells, joined
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
    connection: Connection,
    asked: Asked,
    from_s: int,
    to_s: int,
    resolution: int,
    over: Sequence[str] = (),
) -> Reading:
    """Intervals that begin in [from_s, to_s), whole ones: both ends are moved down to a begin.

    over  parts of the keys: series that differ in nothing else are read as one, see `Reading.over`
    """
    span = SPANS[resolution]
    from_s, to_s = from_s // resolution * resolution, -(-to_s // resolution) * resolution
    starts = np.arange(from_s, to_s, resolution, dtype=np.int64)
    keys = _keys(connection, asked)
    if not keys:
        return Reading(resolution, starts, [])
    groups: dict[Key, int] = {}
    empty = dict.fromkeys(over, "")
    group_of = np.full(max(keys, default=0) + 1, -1, np.int64)
    for id, key in keys.items():
        group_of[id] = groups.setdefault(key._replace(**empty) if empty else key, len(groups))
    first, last = from_s // span, max(from_s, to_s - 1) // span
    per = span // resolution
    adding = Adding(len(groups), (last - first + 1) * per)
    found = _packed(connection, list(keys), resolution, first * span, last * span)
    if found:
        ids, begins, bodies = zip(*found, strict=True)
        places = (np.array(begins, np.int64) // span - first) * per
        adding.bodies(group_of[np.array(ids, np.int64)], places, bodies)
    fresh = _recent(connection, asked, from_s, to_s, over)
    if fresh:
        table = np.array([(row.start, *row[-4:]) for row in fresh])
        places = (table[:, 0].astype(np.int64) - first * span) // resolution
        rows = np.array([groups.get(Key._make(row[1:-4]), -1) for row in fresh])
        mine = rows >= 0
        adding.single(rows[mine], places[mine], table[mine, 1:])
    skip = (from_s - first * span) // resolution
    cells = adding.cells(skip, skip + len(starts))
    together = [Series(key, row) for key, row in zip(groups, cells, strict=True)]
    return Reading(resolution, starts, [item for item in together if item.n.any()])


_KNOWN: WeakKeyDictionary[Engine, tuple[tuple[int, int], dict[int, Key]]] = WeakKeyDictionary()


def _known(connection: Connection) -> dict[int, Key]:
    """Every series by number. They only come, or go with their camera: what was read is kept."""
    query = select(func.coalesce(func.max(series.c.id), 0), func.count()).select_from(series)
    newest, count = connection.execute(query).one()
    held = _KNOWN.get(connection.engine)
    if held is None or held[0] != (newest, count):
        rows = connection.execute(select(series)).all()
        held = (newest, count), {row[0]: Key(*row[1:]) for row in rows}
        _KNOWN[connection.engine] = held
    return held[1]


def kinds(connection: Connection, cameras: tuple[str, ...]) -> list[tuple[str, str]]:
    """Subject and kind of all that was ever counted for these cameras, or for any."""
    query = select(series.c.subject, series.c.kind).distinct()
    if cameras:
        query = query.where(series.c.camera.in_(cameras))
    return sorted((row.subject, row.kind) for row in connection.execute(query))


def _keys(connection: Connection, asked: Asked) -> dict[int, Key]:
    if len(asked.cameras) == 1:  # its index tells at once
        query = select(series).where(series.c.camera == asked.cameras[0])
        known = {row[0]: Key(*row[1:]) for row in connection.execute(query)}
    else:
        known = _known(connection)
    wanted = [
        (at, frozenset(values))
        for at, values in (
            (0, asked.cameras or None), (1, (asked.subject,) if asked.subject else None),
            (2, asked.kinds or None), (3, asked.names), (4, asked.parts),
        )
        if values is not None
    ]  # fmt: skip
    return {id: key for id, key in known.items() if all(key[at] in these for at, these in wanted)}


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
        found += connection.execute(query).all()
    return found


def _recent(
    connection: Connection, asked: Asked, from_s: int, to_s: int, over: Sequence[str]
) -> Sequence[Any]:
    """What is not packed yet: start, the parts of the key, and the sum; added up where asked."""
    parts = [literal("") if name in over else series.c[name] for name in Key._fields]
    sums = (
        func.sum(recent.c.n), func.sum(recent.c.total), func.min(recent.c.low),
        func.max(recent.c.high),
    )  # fmt: skip
    query = (
        select(recent.c.start, *parts, *sums)
        .join(series, series.c.id == recent.c.series)
        .where(recent.c.start >= from_s, recent.c.start < to_s, *_conditions(asked))
        .group_by(recent.c.start, *(series.c[name] for name in Key._fields if name not in over))
    )
    found: Sequence[Any] = connection.execute(query).all()
    return found


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    return [
        series.c[column].in_(values)
        for column, values in (
            ("camera", asked.cameras or None), ("kind", asked.kinds or None),
            ("subject", (asked.subject,) if asked.subject else None),
            ("name", asked.names), ("part", asked.parts),
        )
        if values is not None
    ]  # fmt: skip
