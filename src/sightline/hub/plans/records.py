"""Floor plans as verbs on a database connection."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from sightline.hub.plans.drawing import Drawing, DrawingView
from sightline.hub.plans.layout import Layout
from sightline.hub.refused import Refused, Stale, Unknown
from sightline.hub.store.tables.plans import drawings, plans

_LONGEST = 64
_NO_NAME = re.compile(r"/|^\.{1,2}$")  # browsers take dots for a step up


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is kept. `version` is 0 where there is none yet."""

    name: str
    layout: Layout
    drawing: DrawingView | None
    version: int
    changed_ns: int
    changed_by: str


def listed(connection: Connection, site: str | None = None) -> list[Plan]:
    """By name; of one site, or of all."""
    query = select(plans).order_by(plans.c.name)
    if site is not None:
        query = query.where(plans.c.site == site)
    drawn = _drawings(connection)
    return [_plan(row, drawn.get(row.name)) for row in connection.execute(query)]


def shown(connection: Connection, name: str) -> Plan:
    """One of them. Raises Unknown."""
    row = connection.execute(select(plans).where(plans.c.name == name)).one_or_none()
    if row is None:
        raise Unknown(f"there is no plan {name!r:.80}")
    return _plan(row, _drawings(connection, name).get(name))


def put(connection: Connection, name: str, layout: Layout, by: str, expected: int | None) -> Plan:
    """Add or replace one; its drawing stays. Raises Refused, Stale."""
    if not 1 <= len(name) <= _LONGEST or not name.isprintable() or _NO_NAME.search(name):
        raise Refused(f"name: a plan has a name of 1 to {_LONGEST} characters, without a slash")
    values = {"site": layout.site, "body": layout.model_dump_json(), **_changed(by)}
    before = _version(connection, name, expected)
    if before:
        _set(connection, name, values | {"version": before + 1})
    else:
        connection.execute(insert(plans).values(name=name, version=1, **values))
    return shown(connection, name)


def remove(connection: Connection, name: str, expected: int | None) -> None:
    """With its drawing. Raises Unknown, Stale."""
    if not _version(connection, name, expected):
        shown(connection, name)
    connection.execute(delete(drawings).where(drawings.c.plan == name))
    connection.execute(delete(plans).where(plans.c.name == name))


def draw(
    connection: Connection, name: str, drawing: Drawing | None, by: str, expected: int | None
) -> Plan:
    """Another drawing under a plan, or none. Raises Unknown, Stale."""
    shown(connection, name)
    before = _version(connection, name, expected)
    connection.execute(delete(drawings).where(drawings.c.plan == name))
    if drawing is not None:
        view = drawing.view
        connection.execute(
            insert(drawings).values(
                plan=name, media_type=view.media_type, width=view.width, height=view.height,
                sha256=view.sha256, body=drawing.body,
            )
        )  # fmt: skip
    _set(connection, name, {"version": before + 1, **_changed(by)})
    return shown(connection, name)


def drawing_of(connection: Connection, name: str) -> Drawing:
    """The drawing under a plan. Raises Unknown."""
    row = connection.execute(select(drawings).where(drawings.c.plan == name)).one_or_none()
    if row is None:
        raise Unknown(f"there is no drawing under the plan {name!r:.80}")
    return Drawing(_drawn(row, len(row.body)), row.body)


def _version(connection: Connection, name: str, expected: int | None) -> int:
    found = connection.execute(select(plans.c.version).where(plans.c.name == name)).scalar() or 0
    if expected is not None and expected != found:
        raise Stale(f"the plan {name!r:.80} is at version {found}, not {expected}; read it again")
    return int(found)


def _set(connection: Connection, name: str, values: dict[str, object]) -> None:
    connection.execute(update(plans).where(plans.c.name == name).values(values))


def _changed(by: str) -> dict[str, object]:
    return {"changed_ns": time.time_ns(), "changed_by": by}


def _drawings(connection: Connection, name: str | None = None) -> dict[str, DrawingView]:
    columns = [column for column in drawings.c if column.name != "body"]
    query: Select[Any] = select(*columns, func.length(drawings.c.body).label("bytes"))
    if name is not None:
        query = query.where(drawings.c.plan == name)
    return {row.plan: _drawn(row, row.bytes) for row in connection.execute(query)}


def _drawn(row: Row[Any], size: int) -> DrawingView:
    return DrawingView(row.media_type, row.width, row.height, row.sha256, size)


def _plan(row: Row[Any], drawing: DrawingView | None) -> Plan:
    layout = Layout.model_validate_json(row.body)
    return Plan(row.name, layout, drawing, row.version, row.changed_ns, row.changed_by)
