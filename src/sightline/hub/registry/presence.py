"""Whether cameras are there, and how they are: what `state` in fleet queries goes by.

Gateways tell who comes and goes, health reports tell the rest. Changes are gathered and written
a few times a second, so that a thousand cameras that come back at once are one transaction.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, update

from sightline.hub.ingest.feed import Feed, HealthStored, Presence
from sightline.hub.store.database import Database
from sightline.hub.store.tables.registry import cameras
from sightline.hub.store.trouble import passes

_LOG = logging.getLogger(__name__)
_EVERY_S = 0.25
_NOBODY = update(cameras).values(connected=False)


@dataclass(slots=True)
class _Seen:
    """What is to be written of one camera; None leaves a column as it is."""

    connected: bool | None = None
    condition: str | None = None
    model: str | None = None
    version: str | None = None
    seen_ns: int = 0


class Presences:
    """`came` is the gateways' hook; `run` is its task."""

    def __init__(self, database: Database, feed: Feed) -> None:
        self._database = database
        self._feed = feed
        self._changes: dict[str, _Seen] = {}

    def came(self, camera: str, here: bool) -> None:
        """A camera comes or goes."""
        seen = self._changes.setdefault(camera, _Seen())
        seen.connected = here
        seen.seen_ns = time.time_ns()
        self._feed.publish(Presence(camera, here))

    async def run(self) -> None:
        """Until cancelled; then nobody is there."""
        await self._database.write(lambda connection: connection.execute(_NOBODY))
        hearing = asyncio.create_task(self._hear())
        try:
            while True:
                await asyncio.sleep(_EVERY_S)
                await self._write()
        finally:
            hearing.cancel()
            await asyncio.shield(self._leave())

    async def _hear(self) -> None:
        with self._feed.listen(HealthStored, capacity=4096) as news:
            async for item in news:
                seen = self._changes.setdefault(item.camera, _Seen())
                seen.condition = item.health.state[:16]
                seen.model = item.health.model[:128]
                seen.version = item.health.version[:64]
                seen.seen_ns = item.arrived_ns

    async def _write(self) -> None:
        if not self._changes:
            return
        changes, self._changes = self._changes, {}
        try:
            await self._database.write(lambda connection: _store(connection, changes))
        except Exception as error:
            if not passes(error):
                raise
            _LOG.warning("who is there is not stored for now: %s", error)
            self._changes = changes | self._changes

    async def _leave(self) -> None:
        await self._database.write(lambda connection: connection.execute(_NOBODY))


def _store(connection: Connection, changes: dict[str, _Seen]) -> None:
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for camera, seen in changes.items():
        row = {
            "connected": seen.connected, "condition": seen.condition, "model": seen.model,
            "version": seen.version, "seen_ns": seen.seen_ns,
        }  # fmt: skip
        known = {key: value for key, value in row.items() if value is not None}
        groups.setdefault(tuple(known), []).append({f"b_{k}": v for k, v in known.items()})
        groups[tuple(known)][-1]["b_camera"] = camera
    for columns, rows in groups.items():
        values: dict[str, Any] = {name: bindparam(f"b_{name}") for name in columns}
        # A camera that was revoked stays away, whatever its last words were.
        here = (cameras.c.name == bindparam("b_camera")) & cameras.c.revoked_ns.is_(None)
        connection.execute(update(cameras).where(here).values(values), rows)
