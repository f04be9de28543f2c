"""Reading events, measures and health back, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, Table, select, tuple_

from sightline.hub.store.tables.events import events, measures
from sightline.hub.store.tables.health import health
from sightline.wire.control import Health
from sightline.wire.messages import Event, Measure


class After(NamedTuple):
    """Where a page ended: the time and id of its last row. The next page begins behind it."""

    time_ns: int
    id: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows. Empty means any.

    from_ns, to_ns  from_ns <= time < to_ns, by the camera's clock; a measure counts by its begin
    newest          the newest first
    """

    cameras: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    from_ns: int | None = None
    to_ns: int | None = None
    newest: bool = False


class StoredEvent(NamedTuple):
    at: After
    arrived_ns: int
    event: Event


class StoredMeasure(NamedTuple):
    at: After
    arrived_ns: int
    measure: Measure


class StoredHealth(NamedTuple):
    """skew_ns: the camera's clock minus the hub's when this arrived."""

    arrived_ns: int
    skew_ns: int
    health: Health


def events_page(
    connection: Connection, wanted: Wanted, limit: int, after: After | None = None
) -> list[StoredEvent]:
    """At most `limit` events in order of time."""
    return [_event(row) for row in _page(connection, events, "time_ns", wanted, limit, after)]


def measures_page(
    connection: Connection, wanted: Wanted, limit: int, after: After | None = None
) -> list[StoredMeasure]:
    """At most `limit` measures in order of their begin."""
    return [_measure(row) for row in _page(connection, measures, "start_ns", wanted, limit, after)]


def events_since(connection: Connection, id: int, limit: int) -> list[StoredEvent]:
    """Events in the order in which they were stored, from behind an id: for who must miss none."""
    query = select(events).where(events.c.id > id).order_by(events.c.id).limit(limit)
    return [_event(row) for row in connection.execute(query)]


def measures_since(connection: Connection, id: int, limit: int) -> list[StoredMeasure]:
    """The same for measures."""
    query = select(measures).where(measures.c.id > id).order_by(measures.c.id).limit(limit)
    return [_measure(row) for row in connection.execute(query)]


def health_page(
    connection: Connection, camera: str, from_ns: int, to_ns: int, limit: int
) -> list[StoredHealth]:
    """Reports that arrived in a range, the newest first."""
    query = (
        select(health)
        .where(health.c.camera == camera)
        .where(health.c.arrived_ns >= from_ns, health.c.arrived_ns < to_ns)
        .order_by(health.c.arrived_ns.desc())
        .limit(limit)
    )
    return [_health(row) for row in connection.execute(query)]


def last_health(connection: Connection, cameras: Sequence[str]) -> dict[str, StoredHealth]:
    """The newest report of each of these cameras that ever reported."""
    found = {camera: health_page(connection, camera, 0, 1 << 62, 1) for camera in cameras}
    return {camera: reports[0] for camera, reports in found.items() if reports}


def conditions(table: Table, moment: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What rows of a table have to be, to be wanted."""
    time = table.c[moment]
    found: list[ColumnElement[bool]] = [
        table.c[column].in_(values)
        for column, values in (
            ("camera", wanted.cameras), ("kind", wanted.kinds), ("name", wanted.names),
        )
        if values
    ]  # fmt: skip
    if wanted.from_ns is not None:
        found.append(time >= wanted.from_ns)
    if wanted.to_ns is not None:
        found.append(time < wanted.to_ns)
    return found


def _page(
    connection: Connection,
    table: Table,
    moment: str,
    wanted: Wanted,
    limit: int,
    after: After | None,
) -> Sequence[Row[Any]]:
    time = table.c[moment]
    query: Select[Any] = select(table).where(*conditions(table, moment, wanted))
    place = tuple_(time, table.c.id)
    if after is not None:
        query = query.where(place < tuple(after) if wanted.newest else place > tuple(after))
    order = (time.desc(), table.c.id.desc()) if wanted.newest else (time, table.c.id)
    return connection.execute(query.order_by(*order).limit(limit)).all()


def _event(row: Row[Any]) -> StoredEvent:
    place = None if row.x is None or row.y is None else (row.x, row.y)
    data = msgspec.json.decode(row.data, type=dict[str, Any])
    event = Event(
        row.kind, row.time_ns, row.name, row.camera, row.track, row.label, place, data
    )  # fmt: skip
    return StoredEvent(After(row.time_ns, row.id), row.arrived_ns, event)


def _measure(row: Row[Any]) -> StoredMeasure:
    data = msgspec.json.decode(row.data, type=dict[str, Any])
    measure = Measure(row.kind, row.name, row.start_ns, row.end_ns, row.value, row.camera, data)
    return StoredMeasure(After(row.start_ns, row.id), row.arrived_ns, measure)


def _health(row: Row[Any]) -> StoredHealth:
    body = msgspec.json.decode(row.body, type=Health)
    return StoredHealth(row.arrived_ns, row.time_ns - row.arrived_ns, body)
