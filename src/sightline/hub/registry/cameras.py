"""The cameras that the hub knows: listed, shown, changed, revoked and restored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from sightline.hub.refused import Refused, Taken, Unknown
from sightline.hub.registry import properties
from sightline.hub.registry.enrolment import withdraw
from sightline.hub.registry.selection import condition, state
from sightline.hub.store.keeping import LONGEST_DAYS, OF_CAMERAS
from sightline.hub.store.tables.registry import cameras

_LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class CameraView:
    """One camera as the hub knows it.

    state     online, degraded, failed, offline or revoked
    seen_ns   when it last said something, 0 for never; nanoseconds since the Unix epoch
    hardware  what it told of itself when it enrolled
    keeps     retention in days where it differs from the hub's: {"frames": 7}
    """

    name: str
    state: str
    tags: dict[str, str]
    hardware: dict[str, str]
    model: str
    version: str
    note: str
    enrolled_ns: int
    enrolled_by: str
    seen_ns: int
    fingerprint: str
    keeps: dict[str, float]


@dataclass(frozen=True, slots=True)
class CameraChange:
    """What people may change of a camera; None leaves it as it is. `tags` replaces them all."""

    tags: dict[str, str] | None = None
    note: str | None = None
    keeps: dict[str, float] | None = None


def select_names(connection: Connection, query: str) -> list[str]:
    """The names of the cameras that a query means, in order. Raises Refused."""
    rows = connection.execute(
        select(cameras.c.name).where(condition(query)).order_by(cameras.c.name)
    )
    return [row.name for row in rows]


def listed(connection: Connection, query: str, after: str, limit: int) -> list[CameraView]:
    """Cameras that a query means, by name, from behind `after` on. Raises Refused."""
    rows = connection.execute(
        select(cameras, state().label("state"))
        .where(condition(query), cameras.c.name > after)
        .order_by(cameras.c.name)
        .limit(limit)
    ).all()
    names = [row.name for row in rows]
    tags = properties.of(connection, names, "tag")
    hardware = properties.of(connection, names, "hardware")
    return [_view(row, tags[row.name], hardware[row.name]) for row in rows]


def shown(connection: Connection, name: str) -> CameraView:
    """One camera, revoked or not. Raises Unknown."""
    row = connection.execute(
        select(cameras, state().label("state")).where(cameras.c.name == name)
    ).one_or_none()
    if row is None:
        raise Unknown(f"there is no camera {name!r:.80}")
    tags = properties.of(connection, [name], "tag")[name]
    return _view(row, tags, properties.of(connection, [name], "hardware")[name])


def change(connection: Connection, name: str, wanted: CameraChange) -> CameraView:
    """Change tags, note or retention. Raises Unknown, Refused."""
    shown(connection, name)
    if wanted.tags is not None:
        properties.give(connection, name, "tag", wanted.tags)
    values: dict[str, Any] = {}
    if wanted.note is not None:
        if len(wanted.note) > _LONGEST_NOTE:
            raise Refused(f"a note has at most {_LONGEST_NOTE} characters")
        values["note"] = wanted.note
    if wanted.keeps is not None:
        values["keeps"] = json.dumps(_kept(wanted.keeps))
    if values:
        connection.execute(update(cameras).where(cameras.c.name == name).values(values))
    return shown(connection, name)


def revoke(connection: Connection, name: str, now_ns: int) -> CameraView:
    """Shut a camera out; its certificate is withdrawn. Raises Unknown."""
    row = connection.execute(select(cameras).where(cameras.c.name == name)).one_or_none()
    if row is not None and row.revoked_ns is None:
        withdraw(connection, name, row.serial, now_ns)
        connection.execute(
            update(cameras)
            .where(cameras.c.name == name)
            .values(revoked_ns=now_ns, connected=False, serial="")
        )
    return shown(connection, name)


def restore(connection: Connection, name: str) -> CameraView:
    """Let a revoked camera in again, with the key that it had. Raises Unknown, Taken."""
    if shown(connection, name).state != "revoked":
        raise Taken(f"the camera {name} is not revoked")
    connection.execute(update(cameras).where(cameras.c.name == name).values(revoked_ns=None))
    return shown(connection, name)


def counted(connection: Connection) -> dict[str, int]:
    """How many cameras are in each state."""
    # Named first: PostgreSQL does not take two expressions with parameters for the same one.
    each = select(state().label("state")).select_from(cameras).subquery()
    rows = connection.execute(select(each.c.state, func.count()).group_by(each.c.state))
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class FleetView:
    """The cameras that a query means, in numbers.

    states   how many are in which state
    seen_ns  when one of them last said something, 0 for never
    """

    cameras: int
    states: dict[str, int]
    seen_ns: int


def fleet(connection: Connection, query: str) -> FleetView:
    """Without those that were revoked. Raises Refused."""
    label = state().label("state")
    rows = connection.execute(
        select(label, func.count(), func.max(cameras.c.seen_ns))
        .select_from(cameras)
        .where(condition(query))
        .group_by(label)
    ).all()
    states = {row[0]: row[1] for row in rows}
    return FleetView(sum(states.values()), states, max((row[2] for row in rows), default=0))


def _kept(days: dict[str, float]) -> dict[str, float]:
    for kind, value in days.items():
        if kind not in OF_CAMERAS or not 0 < value <= LONGEST_DAYS:
            raise Refused(
                f"retention of {kind!r:.40} for {value} days is not possible; kinds are "
                f"{', '.join(OF_CAMERAS)}"
            )
    return days


def _view(row: Row[Any], tags: dict[str, str], hardware: dict[str, str]) -> CameraView:
    return CameraView(
        row.name, row.state, tags, hardware, row.model, row.version, row.note, row.enrolled_ns,
        row.enrolled_by, row.seen_ns, row.fingerprint, json.loads(row.keeps),
    )  # fmt: skip
