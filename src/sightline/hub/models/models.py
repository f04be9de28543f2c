"""The registry of packages: what is taken in was opened and checked, byte for byte."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from sightline.errors import OutputError
from sightline.hub.auth.audit import note
from sightline.hub.auth.principal import Principal
from sightline.hub.refused import Refused, Taken, Unknown
from sightline.hub.store.database import Database
from sightline.hub.store.tables.models import models
from sightline.model.keys import trusted_keys
from sightline.model.package import Package, open_package
from sightline.model.trust import require_signer
from sightline.wire.control import ModelRef

LARGEST = 512 << 20


@dataclass(frozen=True, slots=True)
class ModelView:
    """A package. `signer` is empty where no trusted key signed it."""

    name: str
    version: str
    sha256: str
    size: int
    signer: str
    manifest: dict[str, Any]
    uploaded_ns: int
    uploaded_by: str


class Models:
    """Packages in a folder, named by their hash.

    trusted  a folder of public keys: then only what one of them signed is taken
    """

    def __init__(self, database: Database, folder: Path, trusted: Path | None = None) -> None:
        self._database = database
        self._folder = folder
        self._trusted = trusted

    async def take(self, body: AsyncIterator[bytes], by: Principal, remote: str) -> ModelView:
        """Take in a package as it comes. Raises Refused, Taken, ModelError, OutputError."""
        path = await self._received(body)
        try:
            package, digest, size = await asyncio.to_thread(self._checked, path)
            view = await self._entered(package, digest, size, by, remote)
            path.replace(self.path(digest))
            return view
        finally:
            path.unlink(missing_ok=True)

    async def list(self) -> list[ModelView]:
        """All of them by name, the newest version first."""
        query = select(models).order_by(models.c.name, models.c.uploaded_ns.desc())
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [_view(row) for row in rows]

    async def show(self, name: str, version: str) -> ModelView:
        """One of them. Raises Unknown."""
        return await self._database.read(lambda c: shown(c, name, version))

    async def ref(self, name: str, version: str) -> ModelRef:
        """How a camera is told of it. Raises Unknown."""
        return reference(await self.show(name, version))

    async def remove(self, name: str, version: str, by: Principal, remote: str) -> None:
        """Forget a package; cameras that run it keep it. Raises Unknown."""

        def work(connection: Connection) -> tuple[str, bool]:
            view = shown(connection, name, version)
            mine = (models.c.name == name) & (models.c.version == version)
            connection.execute(delete(models).where(mine))
            note(connection, by.actor, "model.removed", f"model {name} {version}", remote=remote)
            same = select(models.c.name).where(models.c.sha256 == view.sha256)
            return view.sha256, connection.execute(same).first() is None

        digest, alone = await self._database.write(work)
        if alone:
            self.path(digest).unlink(missing_ok=True)

    def path(self, digest: str) -> Path:
        """Where the file of a hash lies."""
        return self._folder / f"{digest}.slm"

    async def _received(self, body: AsyncIterator[bytes]) -> Path:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            number, name = tempfile.mkstemp(suffix=".part", dir=self._folder)
        except OSError as error:
            raise OutputError(f"{self._folder}: cannot be written: {error.strerror}") from None
        path, size = Path(name), 0
        try:
            with os.fdopen(number, "wb") as file:
                async for chunk in body:
                    size += len(chunk)
                    if size > LARGEST:
                        raise Refused(f"a package has at most {LARGEST >> 20} MB")
                    await asyncio.to_thread(file.write, chunk)
                file.flush()
                os.fsync(file.fileno())
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise OutputError(f"the package could not be kept: {error.strerror}") from None
            raise
        return path

    def _checked(self, path: Path) -> tuple[Package, str, int]:
        package = open_package(path)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if self._trusted is not None:
            require_signer(package, "the package", trusted_keys(*self._trusted.glob("*.pub")))
        return package, digest, path.stat().st_size

    async def _entered(
        self, package: Package, digest: str, size: int, by: Principal, remote: str
    ) -> ModelView:
        manifest = package.manifest
        row = {
            "name": manifest.name, "version": manifest.version, "sha256": digest, "size": size,
            "signer": _signer(package), "manifest": manifest.to_json().decode(),
            "uploaded_ns": time.time_ns(), "uploaded_by": by.actor,
        }  # fmt: skip

        def work(connection: Connection) -> ModelView:
            here = select(models).where(
                models.c.name == manifest.name, models.c.version == manifest.version
            )
            known = connection.execute(here).one_or_none()
            if known is not None and known.sha256 == digest:
                return _view(known)
            if known is not None:
                raise Taken(
                    f"there is another {manifest.name} {manifest.version} here; "
                    "give yours the next version"
                )
            connection.execute(insert(models).values(row))
            told = {"sha256": digest, "signer": row["signer"]}
            subject = f"model {manifest.name} {manifest.version}"
            note(connection, by.actor, "model.uploaded", subject, told, remote)
            return shown(connection, manifest.name, manifest.version)

        return await self._database.write(work)


def shown(connection: Connection, name: str, version: str) -> ModelView:
    """A package. Raises Unknown."""
    row = connection.execute(
        select(models).where(models.c.name == name, models.c.version == version)
    ).one_or_none()
    if row is None:
        raise Unknown(f"there is no model {name!r:.80} {version!r:.80}")
    return _view(row)


def reference(view: ModelView) -> ModelRef:
    """How a camera is told of a package."""
    url = f"/api/v1/models/{view.name}/{view.version}/package"
    return ModelRef(view.name, view.version, view.sha256, view.size, url)


def _signer(package: Package) -> str:
    if package.signature is None:
        return ""
    return trusted_keys().get(package.signature.key_id, "")


def _view(row: Row[Any]) -> ModelView:
    return ModelView(
        row.name, row.version, row.sha256, row.size, row.signer, json.loads(row.manifest),
        row.uploaded_ns, row.uploaded_by,
    )  # fmt: skip
