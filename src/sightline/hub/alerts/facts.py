"""What rules of the fleet are about: the newest health, events since the last look, silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from sightline.analytics.rules.facts import Facts
from sightline.hub.store.events import last_health
from sightline.hub.store.series import DAY, Asked, read_series
from sightline.hub.store.tables.delivery import gaps
from sightline.hub.store.tables.registry import cameras
from sightline.wire.control import Health
from sightline.wire.messages import Event

_WEEK_S = 7 * DAY


def facts_of(
    connection: Connection,
    names: Sequence[str],
    events: Sequence[Event],
    now_ns: int,
    begun_ns: int = 0,
) -> dict[str, Facts]:
    """Facts by camera. Silence counts from `begun_ns` at the earliest: before, nobody listened."""
    reports = last_health(connection, names)
    silent = _silent_s(connection, names, now_ns, begun_ns)
    holes = _holes(connection, names)
    happened: dict[str, list[Event]] = {}
    for event in events:
        happened.setdefault(event.camera, []).append(event)
    found = {}
    for name in names:
        stored = reports.get(name)
        numbers = _numbers(stored.health) if stored else {}
        numbers["holes"] = float(holes.get(name, 0))
        found[name] = Facts(
            now_ns,
            stored.health.counts if stored else {},
            happened.get(name, ()),
            numbers,
            {name: silent[name]} if name in silent else {},
        )
    return found


def with_activity(connection: Connection, facts: Facts, camera: str, now_ns: int) -> Facts:
    """With how much the camera sees today, as a share of its first week: a model that drifts, or
    a camera that was turned away, shows there."""
    share = activity(connection, camera, now_ns)
    return facts if share is None else replace(facts, health={**facts.health, "activity": share})


def activity(connection: Connection, camera: str, now_ns: int) -> float | None:
    """Mean objects a frame of the last day by that of the first week; None before there was one."""
    now_s = now_ns // 10**9
    asked = Asked((camera,), "objects", ("frame",), ("",))
    begun = connection.execute(
        select(cameras.c.enrolled_ns).where(cameras.c.name == camera)
    ).scalar_one_or_none()
    if begun is None or now_s - begun // 10**9 < _WEEK_S + DAY:
        return None
    start = int(begun) // 10**9
    first = _mean(connection, asked, start, start + _WEEK_S)
    last = _mean(connection, asked, now_s - DAY, now_s)
    return None if not first or last is None else last / first


def _mean(connection: Connection, asked: Asked, from_s: int, to_s: int) -> float | None:
    cells = read_series(connection, asked, from_s, to_s, 3600).summed()
    frames = float(cells["n"].sum())
    return float(cells["total"].sum()) / frames if frames else None


def _numbers(health: Health) -> dict[str, float]:
    told: dict[str, Any] = {
        "fps": health.fps, "latency": health.latency_ms.get("median"), "dropped": health.dropped,
        "reconnects": health.reconnects, "stalls": health.stalls,
        "temperature": health.temperature_c, "memory": health.memory_mb,
        "disk_free": health.disk_free_mb, "outbox_parcels": health.outbox.get("parcels"),
        "uptime": health.uptime_s,
    }  # fmt: skip
    return {key: float(value) for key, value in told.items() if value is not None}


def _silent_s(
    connection: Connection, names: Sequence[str], now_ns: int, begun_ns: int
) -> dict[str, float]:
    rows = connection.execute(select(cameras.c.name, cameras.c.connected, cameras.c.seen_ns))
    wanted = set(names)
    return {
        row.name: 0.0 if row.connected else max(0.0, (now_ns - max(row.seen_ns, begun_ns)) / 1e9)
        for row in rows
        if row.name in wanted and row.seen_ns
    }


def _holes(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    query = (
        select(gaps.c.camera, func.count())
        .where(gaps.c.lost.is_(False), gaps.c.camera.in_(names))
        .group_by(gaps.c.camera)
    )
    return {camera: count for camera, count in connection.execute(query)}  # noqa: C416
