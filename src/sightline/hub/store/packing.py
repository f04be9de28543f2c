"""Minutes, hours and days side by side: a day of minutes of a hundred cameras in a few reads.

A packed body is one cell an interval, zeros where nothing was, squeezed by zlib. Packing adds, so
it may run at any time: what is in `recent` moves, in one transaction, into the minutes, hours and
days of its series, and what comes late to a packed hour is added to it by the next round.
"""

from __future__ import annotations

import asyncio
import logging
import time
import zlib
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, select, tuple_

from sightline.hub.store.bulk import insert_rows
from sightline.hub.store.database import Database
from sightline.hub.store.tables.rollups import packed, recent
from sightline.hub.store.trouble import passes

CELL = np.dtype([("n", "<u4"), ("total", "<f8"), ("low", "<f8"), ("high", "<f8")])
MINUTE, HOUR, DAY = 60, 3600, 86400
SPANS: Mapping[int, int] = {MINUTE: HOUR, HOUR: DAY, DAY: 32 * DAY}  # seconds a body covers

_LOG = logging.getLogger(__name__)
_EVERY_S = 120.0
_SETTLED_S = 90  # after its begin, a minute gets little more
_AT_A_TIME = 500  # rows of one transaction, so that cameras never wait long for it

Cells = NDArray[np.void]
Row = tuple[int, int, int, float, float, float]  # of `recent`


class Packing:
    """Packs what is settled, until cancelled."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def run(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                await self.step()
            except Exception as error:
                if not passes(error):
                    raise
                _LOG.warning("sums are not packed for now: %s", error)

    async def step(self) -> None:
        """Pack every minute that is over."""
        before = int(self._clock()) - _SETTLED_S
        while await self._database.write(partial(pack_some, before=before)):
            await asyncio.sleep(0)


def pack_some(connection: Connection, before: int) -> bool:
    """Move some minutes that began before an instant; whether there may be more."""
    query = (
        select(recent)
        .where(recent.c.start < before)
        .order_by(recent.c.start, recent.c.series)
        .limit(_AT_A_TIME)
    )
    rows = [(*row,) for row in connection.execute(query)]
    if not rows:
        return False
    _add(connection, rows)
    last = rows[-1][:2]
    connection.execute(delete(recent).where(tuple_(recent.c.start, recent.c.series) <= last))
    return len(rows) == _AT_A_TIME


def blocks_of(rows: list[Row], resolution: int) -> dict[tuple[int, int], Cells]:
    """Rows of minutes as bodies, by series and start."""
    if not rows:
        return {}
    span, per = SPANS[resolution], SPANS[resolution] // resolution
    starts, numbers = np.array([row[:2] for row in rows], np.int64).T
    keys = np.stack([numbers, starts // span * span], axis=1)
    blocks, owner = np.unique(keys, axis=0, return_inverse=True)
    at = owner.reshape(-1) * per + starts % span // resolution
    flat = np.zeros(len(blocks) * per, CELL)
    flat["low"], flat["high"] = np.inf, -np.inf
    n, total, low, high = (np.array(column) for column in zip(*(r[2:] for r in rows), strict=True))
    np.add.at(flat["n"], at, n.astype(np.uint32))
    np.add.at(flat["total"], at, total)
    np.minimum.at(flat["low"], at, low)
    np.maximum.at(flat["high"], at, high)
    empty = flat["n"] == 0
    flat["low"][empty] = flat["high"][empty] = 0
    bodies = flat.reshape(-1, per)
    return {(series, begin): bodies[i] for i, (series, begin) in enumerate(blocks.tolist())}


def joined(left: Cells, right: Cells) -> Cells:
    """Both together, cell by cell."""
    both = left.copy()
    both["n"] += right["n"]
    both["total"] += right["total"]
    new, more = left["n"] == 0, right["n"] > 0
    for name, extreme in (("low", np.minimum), ("high", np.maximum)):
        known = extreme(left[name], right[name])
        both[name] = np.where(more, np.where(new, right[name], known), left[name])
    return both


def unpacked(body: bytes) -> Cells:
    """The cells of a body."""
    return np.frombuffer(zlib.decompress(body), CELL)


def squeezed(cells: Cells) -> bytes:
    """Cells as a body."""
    return zlib.compress(cells.tobytes(), 1)


def _add(connection: Connection, rows: list[Row]) -> None:
    wanted = {
        (series, resolution, begin): cells
        for resolution in SPANS
        for (series, begin), cells in blocks_of(rows, resolution).items()
    }
    known = _known(connection, list(wanted))
    bodies = [
        (*key, squeezed(joined(unpacked(known[key]), cells) if key in known else cells))
        for key, cells in wanted.items()
    ]
    conflict = (
        'ON CONFLICT ("series", "resolution", "start") DO UPDATE SET "body" = excluded."body"'
    )
    insert_rows(connection, packed, ("series", "resolution", "start", "body"), bodies, conflict)


def _known(
    connection: Connection, keys: list[tuple[int, int, int]]
) -> dict[tuple[int, int, int], bytes]:
    found: dict[tuple[int, int, int], bytes] = {}
    key = tuple_(packed.c.series, packed.c.resolution, packed.c.start)
    for begin in range(0, len(keys), 500):
        rows = connection.execute(select(packed).where(key.in_(keys[begin : begin + 500])))
        found |= {(row.series, row.resolution, row.start): row.body for row in rows}
    return found
