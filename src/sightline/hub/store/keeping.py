"""For how many days data is kept: as the hub is set, as people wished since, and by camera."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import msgspec
from sqlalchemy import Connection, delete, insert, select

from sightline.hub.store.tables.keeping import keeping
from sightline.hub.store.tables.registry import cameras

Kept = Literal["frames", "events", "measures", "health", "minutes", "hours", "pictures"]
KEPT: tuple[Kept, ...] = get_args(Kept)
OF_CAMERAS: tuple[Kept, ...] = ("frames", "events", "measures", "health", "pictures")
LONGEST_DAYS = 36500

USUAL: Mapping[str, float] = {
    "frames": 30, "events": 400, "measures": 400, "health": 30, "minutes": 90, "hours": 800,
    "boots": 400, "pictures": 7,
}  # fmt: skip


def wished(connection: Connection) -> dict[str, float]:
    """Days by kind that people wished of all cameras."""
    return {row.kind: row.days for row in connection.execute(select(keeping))}


def of_cameras(connection: Connection) -> dict[str, dict[str, float]]:
    """Days by kind of cameras that have wishes of their own, which go before all else."""
    query = select(cameras.c.name, cameras.c.keeps).where(cameras.c.keeps.not_in(["", "{}"]))
    decode = msgspec.json.Decoder(dict[str, float]).decode
    return {name: decode(keeps) for name, keeps in connection.execute(query)}


def wish(connection: Connection, kind: Kept, days: float | None) -> None:
    """Keep data of a kind for so long from now on; None: as the hub is set."""
    connection.execute(delete(keeping).where(keeping.c.kind == kind))
    if days is not None:
        connection.execute(insert(keeping).values(kind=kind, days=days))
