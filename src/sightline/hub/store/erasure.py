"""Everything that was ever stored of some cameras, deleted."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Table, delete, select

from sightline.hub.store.tables import alerts, all_tables, frames, rollups
from sightline.hub.store.tables.registry import cameras

_SUMS = (rollups.packed, rollups.recent)


def erase(connection: Connection, names: Collection[str]) -> list[str]:
    """Forget them and all that they said; the segments whose files are to be removed now.

    The audit log keeps what people did. Whoever remembers something of these cameras from before,
    as ingest does, has to forget it too.
    """
    mine = select(rollups.series.c.id).where(rollups.series.c.camera.in_(names))
    for table in _SUMS:
        connection.execute(delete(table).where(table.c.series.in_(mine)))
    raised = select(alerts.alerts.c.id).where(alerts.alerts.c.camera.in_(names))
    connection.execute(delete(alerts.deliveries).where(alerts.deliveries.c.alert.in_(raised)))
    kept = alerts.watch_state
    for name in names:
        its = kept.c.key.startswith("rule ") & kept.c.key.endswith(f" {name}", autoescape=True)
        connection.execute(delete(kept).where(its))
    query = select(frames.segments.c.path).where(frames.segments.c.camera.in_(names))
    paths = list(connection.scalars(query))
    for table in of_cameras():
        connection.execute(delete(table).where(table.c.camera.in_(names)))
    connection.execute(delete(cameras).where(cameras.c.name.in_(names)))
    return paths


def of_cameras() -> list[Table]:
    """Every table whose rows are each of one camera."""
    return [table for table in all_tables().sorted_tables[::-1] if "camera" in table.c]
