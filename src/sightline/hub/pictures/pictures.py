"""Pictures: asked for by somebody, released by the camera's own policy, kept for a while.

The hub has no way to a picture but to ask; what comes unasked is refused. Every look is in the
audit log.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from sightline.hub.auth.audit import note
from sightline.hub.auth.principal import Principal
from sightline.hub.commands.commands import Desk
from sightline.hub.refused import Denied, Refused, Taken, Unknown
from sightline.hub.store import keeping
from sightline.hub.store.database import Database
from sightline.hub.store.keeping import of_cameras
from sightline.hub.store.tables.errands import pictures
from sightline.hub.store.trouble import passes

LARGEST = 16 << 20
_JPEG = b"\xff\xd8\xff"
_RELEASING = ("redacted", "roi", "full")
_EVERY_S = 600.0
_DAY_NS = 86400 * 10**9
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture, or one that was asked for: then `bytes` is 0.

    policy  of the camera that released it: redacted, roi or full
    """

    id: str
    camera: str
    asked_by: str
    asked_ns: int
    reason: str
    time_ns: int
    arrived_ns: int
    policy: str
    sha256: str
    bytes: int


class Pictures:
    """`run` is the task that forgets what is too old."""

    def __init__(self, database: Database, folder: Path, desk: Desk, days: float = 7.0) -> None:
        self._database = database
        self._folder = folder
        self._desk = desk
        self._days = days

    async def ask(self, camera: str, reason: str, by: Principal, remote: str) -> PictureView:
        """Ask a camera for a picture; its policy decides."""
        id = secrets.token_hex(12)

        def work(connection: Connection) -> PictureView:
            row = {
                "id": id, "camera": camera, "asked_by": by.actor, "asked_ns": time.time_ns(),
                "reason": reason[:200], "time_ns": 0, "arrived_ns": 0, "policy": "", "sha256": "",
                "bytes": 0,
            }  # fmt: skip
            connection.execute(insert(pictures).values(row))
            told = {"id": id, "reason": reason[:200]}
            note(connection, by.actor, "picture.asked", f"camera {camera}", told, remote)
            return _shown(connection, id)

        view = await self._database.write(work)
        arguments = {"picture": id, "reason": reason[:200]}
        await self._desk.send(camera, "snapshot", arguments, by, remote, id=id)
        return view

    async def take(
        self, camera: str, id: str, data: bytes, policy: str, time_ns: int
    ) -> PictureView:
        """What a camera sends. Raises Unknown, Taken, Denied, Refused."""
        if policy not in _RELEASING:
            raise Denied("this camera's policy releases no picture")
        if not data.startswith(_JPEG) or not 0 <= time_ns < 1 << 62:
            raise Refused("a picture is a JPEG with the time at which it was taken")
        view = await self._database.read(lambda connection: _shown(connection, id))
        if view.camera != camera:
            raise Unknown(f"nobody asked {camera} for the picture {id!r:.80}")
        if view.bytes:
            raise Taken("this picture is here already")
        await asyncio.to_thread(self._write, id, data)

        def work(connection: Connection) -> PictureView:
            connection.execute(
                update(pictures)
                .where(pictures.c.id == id, pictures.c.bytes == 0)
                .values(
                    bytes=len(data), sha256=hashlib.sha256(data).hexdigest(), policy=policy,
                    time_ns=time_ns, arrived_ns=time.time_ns(),
                )
            )  # fmt: skip
            return _shown(connection, id)

        return await self._database.write(work)

    async def show(self, id: str) -> PictureView:
        """What is known of a picture. Raises Unknown."""
        return await self._database.read(lambda connection: _shown(connection, id))

    async def look(self, view: PictureView, by: Principal, remote: str) -> bytes:
        """The picture itself, after the look was written down. Raises Unknown."""
        if not view.bytes:
            raise Unknown("the camera has not sent this picture")
        told = {"id": view.id, "policy": view.policy}
        await self._database.write(
            lambda connection: note(
                connection, by.actor, "picture.viewed", f"camera {view.camera}", told, remote
            )
        )
        try:
            return await asyncio.to_thread(self._path(view.id).read_bytes)
        except OSError:
            raise Unknown("this picture is kept no longer") from None

    async def list(self, camera: str, before_ns: int, limit: int) -> list[PictureView]:
        """Those of a camera, the newest first."""
        query = (
            select(pictures)
            .where(pictures.c.camera == camera, pictures.c.asked_ns < before_ns)
            .order_by(pictures.c.asked_ns.desc())
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_view(row) for row in rows]

    async def run(self, clock: Callable[[], int] = time.time_ns) -> None:
        """Forget what is too old, until cancelled."""
        while True:
            try:
                await self.enforce(clock())
            except Exception as error:
                if not (isinstance(error, OSError) or passes(error)):
                    raise
                _LOG.warning("old pictures stay for now: %s", error)
            await asyncio.sleep(_EVERY_S)

    async def enforce(self, now_ns: int) -> None:
        """Delete pictures that were asked for too long ago, for their camera, and whatever else
        lies in their folder for as long as any is kept: half a picture of a hub that died, or one
        without an entry."""
        wished, own = await self._database.read(lambda c: (keeping.wished(c), of_cameras(c)))
        usual = wished.get("pictures", self._days)
        days = {camera: kept["pictures"] for camera, kept in own.items() if "pictures" in kept}
        asked_ns, camera = pictures.c.asked_ns, pictures.c.camera
        old = camera.not_in(list(days)) & (asked_ns < now_ns - int(usual * _DAY_NS))
        for name, kept in days.items():
            old |= (camera == name) & (asked_ns < now_ns - int(kept * _DAY_NS))
        query = select(pictures.c.id).where(old)
        ids = await self._database.read(lambda c: list(c.execute(query).scalars()))
        longest = max([usual, *days.values()])
        await asyncio.to_thread(self._remove, ids, now_ns - int(longest * _DAY_NS))
        if ids:
            await self._database.write(lambda c: c.execute(delete(pictures).where(old)))

    def _path(self, id: str) -> Path:
        return self._folder / f"{id}.jpg"

    def _remove(self, ids: Iterable[str], before_ns: int) -> None:
        for id in ids:
            self._path(id).unlink(missing_ok=True)
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            if path.stat().st_mtime_ns < before_ns:
                path.unlink(missing_ok=True)

    def _write(self, id: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._folder / f".{id}.{secrets.token_hex(4)}"
        fresh.write_bytes(data)
        fresh.replace(self._path(id))


def _shown(connection: Connection, id: str) -> PictureView:
    row = connection.execute(select(pictures).where(pictures.c.id == id)).one_or_none()
    if row is None:
        raise Unknown(f"there is no picture {id!r:.80}")
    return _view(row)


def _view(row: Row[Any]) -> PictureView:
    return PictureView(*(getattr(row, key) for key in PictureView.__dataclass_fields__))
