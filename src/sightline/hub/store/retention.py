"""What is too old goes, kind by kind and camera by camera, a little at a time.

Age counts from when a thing arrived; for frames and sums from the hour that it is kept under.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol, get_args

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, select, text, tuple_

from sightline.hub.store import keeping
from sightline.hub.store.database import Database
from sightline.hub.store.keeping import USUAL, of_cameras
from sightline.hub.store.kinds import Kind
from sightline.hub.store.packing import HOUR, MINUTE, SPANS
from sightline.hub.store.tables import delivery, events, frames, health, rollups
from sightline.hub.store.trouble import passes

_LOG = logging.getLogger(__name__)
_EVERY_S = 60.0
_AT_A_TIME = 5000
_HOUR_NS = 3600 * 10**9
_DAY_NS = 24 * _HOUR_NS


class Who(Protocol):
    """Whose rows."""

    def __call__(self, camera: Column[Any]) -> ColumnElement[bool]: ...


class One:
    """Of one camera."""

    def __init__(self, camera: str) -> None:
        self._camera = camera

    def __call__(self, camera: Column[Any]) -> ColumnElement[bool]:
        return camera == self._camera


class Others:
    """Of every camera but these."""

    def __init__(self, cameras: Iterable[str]) -> None:
        self._cameras = list(cameras)

    def __call__(self, camera: Column[Any]) -> ColumnElement[bool]:
        return camera.not_in(self._cameras)


class Retention:
    """Deletes what is too old.

    usual  days by kind, where they differ from `keeping.USUAL`; what people wished of all
           cameras goes before, and what they wished of one before that
    leave  is told of segments that are named no more
    """

    def __init__(
        self,
        database: Database,
        leave: Callable[[list[str]], None],
        usual: Mapping[Kind, float] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._leave = leave
        self._usual: dict[Kind, float] = {kind: USUAL[kind] for kind in get_args(Kind)}
        self._usual |= usual or {}
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
        wished, wishes = await self._database.read(lambda c: (keeping.wished(c), of_cameras(c)))
        for kind, usual in self._usual.items():
            limit = wished.get(kind, usual)
            own = {camera: kept[kind] for camera, kept in wishes.items() if kind in kept}
            await self._enforce(kind, now_ns - int(limit * _DAY_NS), Others(own))
            for camera, wish in own.items():
                await self._enforce(kind, now_ns - int(wish * _DAY_NS), One(camera))

    async def _enforce(self, kind: Kind, before: int, who: Who) -> None:
        while await self._database.write(partial(self._delete, kind, before, who)):
            await asyncio.sleep(0)

    def _delete(self, kind: Kind, before: int, who: Who, connection: Connection) -> bool:
        """Delete some; whether there may be more."""
        if kind in _SUMS:
            return _delete_sums(connection, kind, before, who)
        if kind == "frames":
            self._leave(_delete_segments(connection, before, who))
        deleted = 0
        for table, moment, scale in _MOMENTS[kind]:
            deleted += _delete_rows(connection, table, moment, before // scale, who)
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


def _delete_rows(
    connection: Connection, table: Table, moment: Column[Any], before: int, who: Who
) -> int:
    key = list(table.primary_key.columns)
    old = select(*key).where(moment < before, who(table.c.camera)).limit(_AT_A_TIME)
    return connection.execute(delete(table).where(tuple_(*key).in_(old))).rowcount


def _delete_segments(connection: Connection, before: int, who: Who) -> list[str]:
    table = frames.segments
    old = (
        select(table.c.id, table.c.path)
        .where(table.c.hour < before // _HOUR_NS, who(table.c.camera))
        .limit(_AT_A_TIME)
    )
    rows = connection.execute(old).all()
    connection.execute(delete(table).where(table.c.id.in_([row.id for row in rows])))
    return [row.path for row in rows]


def _delete_sums(connection: Connection, kind: Kind, before: int, who: Who) -> bool:
    table, of_cameras, resolution = rollups.packed, select(rollups.series.c.id), _SUMS[kind]
    connection.execute(
        delete(table).where(
            table.c.resolution == resolution,
            table.c.series.in_(of_cameras.where(who(rollups.series.c.camera))),
            table.c.start < before // 10**9 - SPANS[resolution],
        )
    )
    return False
