"""What is too old goes, kind by kind and camera by camera, a little at a time.

Age counts from when a thing arrived; for frames and sums from the hour that it is kept under.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, get_args

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, select, text, tuple_

from sightline.errors import InputError
from sightline.hub.store.bulk import insert_rows
from sightline.hub.store.database import Database
from sightline.hub.store.packing import HOUR, MINUTE, SPANS
from sightline.hub.store.tables import delivery, events, frames, health, rollups
from sightline.hub.store.tables.retention import retention
from sightline.hub.store.trouble import passes

Kind = Literal["frames", "events", "measures", "health", "minutes", "hours", "boots"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Days. A minute of one series takes about 40 bytes, a detection about 10.
DEFAULTS: Mapping[Kind, float] = {
    "frames": 30, "events": 400, "measures": 90, "health": 30, "minutes": 90, "hours": 800,
    "boots": 400,
}  # fmt: skip

_LOG = logging.getLogger(__name__)
_EVERY_S = 60.0
_AT_A_TIME = 5000
_HOUR_NS = 3600 * 10**9
_DAY_NS = 24 * _HOUR_NS


def days(connection: Connection, camera: str = "") -> dict[Kind, float]:
    """How long a camera's things are kept; empty: those of cameras without a wish of their own."""
    rows = connection.execute(select(retention).where(retention.c.camera.in_(["", camera])))
    told = {(row.camera, row.kind): row.days for row in rows}
    return {
        kind: told.get((camera, kind), told.get(("", kind), DEFAULTS[kind])) for kind in KINDS
    }  # fmt: skip


def keep(connection: Connection, camera: str, kind: str, days: float | None) -> None:
    """Keep a kind so long from now on; None goes back to what is usual. Raises InputError."""
    if kind not in KINDS or (days is not None and not 0 <= days <= 36500):
        raise InputError(f"what is kept is one of {', '.join(KINDS)}, for 0 (ever) to 36500 days")
    connection.execute(
        delete(retention).where(retention.c.camera == camera, retention.c.kind == kind)
    )
    if days is not None:
        insert_rows(connection, retention, ("camera", "kind", "days"), [(camera, kind, days)])


class Retention:
    """Deletes what is too old. `leave` is told of segments that are named no more."""

    def __init__(
        self,
        database: Database,
        leave: Callable[[list[str]], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._leave = leave
        self._clock = clock

    async def run(self) -> None:
        """Once a minute, until cancelled."""
        while True:
            try:
                await self.enforce()
            except Exception as error:
                if not passes(error):
                    raise
                _LOG.warning("what is too old stays for now: %s", error)
            await asyncio.sleep(_EVERY_S)

    async def enforce(self) -> None:
        """Delete all that is too old by now."""
        now_ns = int(self._clock() * 1e9)
        for camera, kind, limit in await self._database.read(_limits):
            before = now_ns - int(limit * _DAY_NS)
            while await self._database.write(partial(self._delete, camera, kind, before)):
                await asyncio.sleep(0)

    def _delete(self, camera: str, kind: Kind, before: int, connection: Connection) -> bool:
        """Delete some; whether there may be more."""
        if kind in _SUMS:
            return _delete_sums(connection, camera, kind, before)
        if kind == "frames":
            self._leave(_delete_segments(connection, camera, before))
        deleted = 0
        for table, moment, scale in _MOMENTS[kind]:
            deleted += _delete_rows(connection, table, moment, camera, kind, before // scale)
        if deleted and connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA incremental_vacuum(1000)"))
        return deleted >= _AT_A_TIME


_SUMS: Mapping[Kind, int] = {"minutes": MINUTE, "hours": HOUR}
_MOMENTS: Mapping[Kind, list[tuple[Table, Column[Any], int]]] = {
    "events": [(events.events, events.events.c.arrived_ns, 1)],
    "measures": [(events.measures, events.measures.c.arrived_ns, 1)],
    "health": [(health.health, health.health.c.arrived_ns, 1)],
    "frames": [(frames.tail, frames.tail.c.hour, _HOUR_NS)],
    "boots": [(delivery.boots, delivery.boots.c.last_ns, 1)],
}


def _limits(connection: Connection) -> list[tuple[str, Kind, float]]:
    """Camera (empty: all others), kind and days of what is not kept for ever."""
    own = connection.execute(select(retention).where(retention.c.camera != "")).all()
    usual = [("", kind, limit) for kind, limit in days(connection).items()]
    return [item for item in [(*row,) for row in own] + usual if item[2] > 0]


def _of(table: Table, camera: str, kind: Kind) -> ColumnElement[bool]:
    """The rows of a camera; of all that have no wish of their own where none is named."""
    if camera:
        return table.c.camera == camera
    own = select(retention.c.camera).where(retention.c.kind == kind)
    return table.c.camera.not_in(own)


def _delete_rows(
    connection: Connection, table: Table, moment: Column[Any], camera: str, kind: Kind, before: int
) -> int:
    key = list(table.primary_key.columns)
    old = select(*key).where(moment < before, _of(table, camera, kind)).limit(_AT_A_TIME)
    return connection.execute(delete(table).where(tuple_(*key).in_(old))).rowcount


def _delete_segments(connection: Connection, camera: str, before: int) -> list[str]:
    table = frames.segments
    old = (
        select(table.c.id, table.c.path)
        .where(table.c.hour < before // _HOUR_NS, _of(table, camera, "frames"))
        .limit(_AT_A_TIME)
    )
    rows = connection.execute(old).all()
    connection.execute(delete(table).where(table.c.id.in_([row.id for row in rows])))
    return [row.path for row in rows]


def _delete_sums(connection: Connection, camera: str, kind: Kind, before: int) -> bool:
    table, of_cameras, resolution = rollups.packed, select(rollups.series.c.id), _SUMS[kind]
    connection.execute(
        delete(table).where(
            table.c.resolution == resolution,
            table.c.series.in_(of_cameras.where(_of(rollups.series, camera, kind))),
            table.c.start < before // 10**9 - SPANS[resolution],
        )
    )
    return False
