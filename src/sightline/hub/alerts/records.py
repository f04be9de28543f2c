"""Alerts and deliveries as they are stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from sightline.hub.refused import Unknown
from sightline.hub.store.tables.alerts import alerts, deliveries


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that somebody wanted to hear of. Times are 0 until it happens.

    rule    of the fleet, or of the camera itself
    """

    id: int
    rule: str
    camera: str
    level: str
    message: str
    raised_ns: int
    cleared_ns: int
    acknowledged_ns: int
    acknowledged_by: str
    escalated_ns: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A try, or several, to tell a channel of an alert."""

    id: int
    alert: int
    channel: str
    what: str
    state: str
    tries: int
    due_ns: int
    last: str
    done_ns: int


def raised(
    connection: Connection, rule: str, camera: str, level: str, message: str, now_ns: int
) -> int | None:
    """A new alert and its number; None where the same one is open already."""
    if opened(connection, rule, camera) is not None:
        return None
    row = {
        "rule": rule, "camera": camera, "level": level, "message": message[:500],
        "raised_ns": now_ns, "cleared_ns": 0, "acknowledged_ns": 0, "acknowledged_by": "",
        "escalated_ns": 0,
    }  # fmt: skip
    [number] = connection.execute(insert(alerts).values(row)).inserted_primary_key or [0]
    return int(number)


def cleared(connection: Connection, rule: str, camera: str, now_ns: int) -> int | None:
    """The number of the alert that is over now; None where none was open."""
    number = opened(connection, rule, camera)
    if number is not None:
        change(connection, number, cleared_ns=now_ns)
    return number


def opened(connection: Connection, rule: str, camera: str) -> int | None:
    """The number of the open alert of a rule and camera."""
    query = select(alerts.c.id).where(
        alerts.c.rule == rule, alerts.c.camera == camera, alerts.c.cleared_ns == 0
    )
    found = connection.execute(query.order_by(alerts.c.id.desc()).limit(1)).scalar()
    return None if found is None else int(found)


def change(connection: Connection, number: int, **values: Any) -> None:
    """Write some of its columns."""
    connection.execute(update(alerts).where(alerts.c.id == number).values(values))


def shown(connection: Connection, number: int) -> Alert:
    """Raises Unknown."""
    row = connection.execute(select(alerts).where(alerts.c.id == number)).one_or_none()
    if row is None:
        raise Unknown(f"there is no alert {number}")
    return _alert(row)


def listed(
    connection: Connection, cameras: tuple[str, ...] | None, state: str, before: int, limit: int
) -> list[Alert]:
    """The newest first. `state`: open, acknowledged, cleared, or empty for all."""
    wanted: list[ColumnElement[bool]] = [alerts.c.id < before]
    if cameras is not None:
        wanted.append(alerts.c.camera.in_(cameras))
    if state == "open":
        wanted += [alerts.c.cleared_ns == 0, alerts.c.acknowledged_ns == 0]
    elif state == "acknowledged":
        wanted += [alerts.c.cleared_ns == 0, alerts.c.acknowledged_ns > 0]
    elif state == "cleared":
        wanted.append(alerts.c.cleared_ns > 0)
    query = select(alerts).where(*wanted).order_by(alerts.c.id.desc()).limit(limit)
    return [_alert(row) for row in connection.execute(query)]


def all_open(connection: Connection) -> list[Alert]:
    """Those that are not over."""
    query = select(alerts).where(alerts.c.cleared_ns == 0).order_by(alerts.c.id)
    return [_alert(row) for row in connection.execute(query)]


def order(
    connection: Connection, alert: int, channels: Iterable[str], what: str, now_ns: int
) -> None:
    """Have channels told of an alert."""
    for channel in dict.fromkeys(channels):
        row = {
            "alert": alert, "channel": channel, "what": what, "state": "pending", "tries": 0,
            "due_ns": now_ns, "last": "", "done_ns": 0,
        }  # fmt: skip
        connection.execute(insert(deliveries).values(row))


def due(connection: Connection, now_ns: int, limit: int) -> list[Delivery]:
    """What is to be tried now: what was tried least, so that a channel that is dead or slow holds
    up no other, then the oldest."""
    query = (
        select(deliveries)
        .where(deliveries.c.state == "pending", deliveries.c.due_ns <= now_ns)
        .order_by(deliveries.c.tries, deliveries.c.id)
        .limit(limit)
    )
    return [_delivery(row) for row in connection.execute(query)]


def deliveries_of(connection: Connection, alert: int) -> list[Delivery]:
    """Every try to tell somebody of an alert."""
    query = select(deliveries).where(deliveries.c.alert == alert).order_by(deliveries.c.id)
    return [_delivery(row) for row in connection.execute(query)]


def tried(connection: Connection, number: int, **values: Any) -> None:
    """What a try came to."""
    connection.execute(update(deliveries).where(deliveries.c.id == number).values(values))


def _alert(row: Row[Any]) -> Alert:
    return Alert(*(getattr(row, key) for key in Alert.__dataclass_fields__))


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(*(getattr(row, key) for key in Delivery.__dataclass_fields__))
