"""Desired and reported state of cameras, as verbs on a database connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from sightline.hub.refused import Stale, Unknown
from sightline.hub.store.tables.twins import twin_history, twins
from sightline.hub.twin.secrets import hidden
from sightline.wire.control import Desired, ModelRef, Reported

_HISTORY = 100
_KEPT_BY_THE_CAMERA = ("source", "output", "name", "max_frames")


@dataclass(frozen=True, slots=True)
class TwinView:
    """One camera's twin, without credentials.

    version   of the desired state; grows with each change, 0 until the first
    desired   CameraConfig as plain values
    model     the package that it is told to run, none where the configuration names one
    reported  what the camera said last
    """

    version: int
    desired: dict[str, Any]
    reported: Reported | None
    model: ModelRef | None = None
    deployment: str = ""
    changed_ns: int = 0
    changed_by: str = ""
    reported_ns: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A line in the history of a twin."""

    version: int
    desired: dict[str, Any]
    model: ModelRef | None
    deployment: str
    changed_ns: int
    changed_by: str
    why: str


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes a twin, when, and why."""

    name: str
    now_ns: int
    why: str = ""


def desired(connection: Connection, camera: str) -> Desired:
    """What a camera is to be, with credentials; version 0 where nobody has said."""
    row = connection.execute(
        select(twins.c.desired).where(twins.c.camera == camera)
    ).scalar_one_or_none()
    return _desired(row) if row else Desired(0, {})


def reported(connection: Connection, camera: str) -> Reported | None:
    """What a camera said that it is; None where it has not yet."""
    row = connection.execute(
        select(twins.c.reported).where(twins.c.camera == camera)
    ).scalar_one_or_none()
    return msgspec.json.decode(row, type=Reported) if row else None


def starting_point(connection: Connection, camera: str) -> dict[str, Any]:
    """What a patch is applied to: the desired configuration, or what the camera came with."""
    asked = desired(connection, camera)
    said = reported(connection, camera)
    if asked.version or said is None:
        return asked.config
    return {key: value for key, value in said.config.items() if key not in _KEPT_BY_THE_CAMERA}


def change(
    connection: Connection,
    camera: str,
    make: Callable[[Desired], Desired],
    author: Author,
    expected: int | None = None,
) -> Desired:
    """Give a camera another desired state; the new one has the next version.

    expected  the version that the author has seen; Raises Stale where there is a newer one
    """
    before = desired(connection, camera)
    if expected is not None and expected != before.version:
        raise Stale(
            f"the twin of {camera} is at version {before.version}, not {expected}; read it again"
        )
    after = replace(make(before), version=before.version + 1)
    body = msgspec.json.encode(after).decode()
    values = {
        "version": after.version, "desired": body, "deployment": after.deployment,
        "changed_ns": author.now_ns, "changed_by": author.name,
    }  # fmt: skip
    _put(connection, camera, values)
    line = {
        "camera": camera, "version": after.version, "desired": body,
        "changed_ns": author.now_ns, "changed_by": author.name, "why": author.why[:300],
    }  # fmt: skip
    connection.execute(insert(twin_history).values(line))
    return after


def report(connection: Connection, camera: str, said: Reported, now_ns: int) -> None:
    """Keep what a camera says that it is."""
    body = msgspec.json.encode(said).decode()
    _put(connection, camera, {"reported": body, "reported_ns": now_ns})


def view(connection: Connection, camera: str) -> TwinView:
    """A twin for people: no credentials."""
    row = connection.execute(select(twins).where(twins.c.camera == camera)).one_or_none()
    if row is None:
        return TwinView(0, {}, None)
    asked = _desired(row.desired)
    said = msgspec.json.decode(row.reported, type=Reported) if row.reported else None
    return TwinView(
        row.version, hidden(asked.config),
        replace(said, config=hidden(said.config)) if said else None,
        asked.model, asked.deployment, row.changed_ns, row.changed_by, row.reported_ns,
    )  # fmt: skip


def history(connection: Connection, camera: str, before: int = 0) -> list[Change]:
    """What was asked of a camera, the newest first, without credentials."""
    query = select(twin_history).where(twin_history.c.camera == camera)
    if before:
        query = query.where(twin_history.c.version < before)
    rows = connection.execute(query.order_by(twin_history.c.version.desc()).limit(_HISTORY))
    lines = []
    for row in rows:
        asked = _desired(row.desired)
        lines.append(
            Change(
                row.version, hidden(asked.config), asked.model, asked.deployment,
                row.changed_ns, row.changed_by, row.why,
            )
        )  # fmt: skip
    return lines


def at_version(connection: Connection, camera: str, version: int) -> Desired:
    """What was asked in an earlier version, with credentials. Raises Unknown."""
    if version == 0:
        return Desired(0, {})
    body = connection.execute(
        select(twin_history.c.desired).where(
            twin_history.c.camera == camera, twin_history.c.version == version
        )
    ).scalar_one_or_none()
    if body is None:
        raise Unknown(f"the twin of {camera} has no version {version}")
    return _desired(body)


def _desired(body: str) -> Desired:
    return msgspec.json.decode(body, type=Desired)


def _put(connection: Connection, camera: str, values: dict[str, Any]) -> None:
    changed = connection.execute(update(twins).where(twins.c.camera == camera).values(values))
    if changed.rowcount:
        return
    empty = {
        "camera": camera, "version": 0, "deployment": "", "changed_ns": 0, "changed_by": "",
        "desired": msgspec.json.encode(Desired(0, {})).decode(), "reported": "", "reported_ns": 0,
    }  # fmt: skip
    connection.execute(insert(twins).values(empty | values))
