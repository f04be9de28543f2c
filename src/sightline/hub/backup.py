"""All that a hub keeps as one file, taken while it runs, and a hub made of such a file again.

The database is copied as of one instant; files that it names are never changed once they are
there. One that is gone by the time it is copied was merged into another: then it begins again.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import tarfile
import tempfile
import time
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import make_url

from sightline.errors import ConfigError, InputError, OutputError

_ABOUT = "sightline-backup.json"
_FORMAT = 1
_FOLDERS = ("authority", "models", "pictures")
_TRIES = 8


class _Moved(Exception):
    """A file that the database named is not there any more."""


def backup(data: Path, url: str, out: Path) -> int:
    """Write the backup of the hub in `data`; its size in bytes.

    Raises ConfigError where the database is not SQLite, InputError, OutputError.
    """
    database = _file(url)
    if not database.is_file():
        raise InputError(f"{data}: holds no hub yet; there is nothing to back up")
    if out.exists():
        raise ConfigError(f"{out}: is there already; name another file")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=out.absolute().parent) as folder:
            for _ in range(_TRIES):
                try:
                    made = _written(data, database, Path(folder))
                except _Moved:
                    continue
                made.replace(out)
                return out.stat().st_size
    except OSError as error:
        raise OutputError(f"{out}: the backup cannot be written: {error.strerror}") from None
    raise OutputError(f"{out}: files of the hub move faster than they are copied; try again")


def restore(archive: Path, data: Path) -> None:
    """Make a hub's folder of a backup. Raises InputError, ConfigError, OutputError."""
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise ConfigError(f"{data}: is not empty; a backup is restored into a new folder")
    try:
        with tarfile.open(archive, "r:") as file:
            _check(archive, file)
            data.absolute().parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(
                prefix=".restore-", dir=data.absolute().parent
            ) as folder:
                site = Path(folder) / "site"
                site.mkdir(mode=0o700)
                file.extractall(site, filter="data")
                (site / _ABOUT).unlink()
                site.replace(data)
    except tarfile.TarError as error:
        raise InputError(f"{archive}: is no backup of a hub: {error}") from None
    except OSError as error:
        raise OutputError(f"{archive}: cannot be restored: {error.strerror or error}") from None


def _written(data: Path, database: Path, folder: Path) -> Path:
    copy, made = folder / "hub.db", folder / "backup.tar"
    copy.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        named = [row[0] for row in target.execute("SELECT path FROM segments")]
    about = {
        "format": _FORMAT, "version": version("sightline"), "taken_ns": time.time_ns(),
    }  # fmt: skip
    with open(made, "wb", opener=_private) as raw, tarfile.open(fileobj=raw, mode="w:") as file:
        told = json.dumps(about).encode()
        entry = tarfile.TarInfo(_ABOUT)
        entry.size = len(told)
        file.addfile(entry, io.BytesIO(told))
        file.add(copy, "hub.db")
        for path in named:
            _add(file, data / "frames" / path, f"frames/{path}")
        for name in _FOLDERS:
            for path in sorted((data / name).rglob("*")):
                if path.is_file() and not path.is_symlink():
                    _add(file, path, str(path.relative_to(data)), needed=name != "pictures")
        raw.flush()
    with made.open("rb+") as whole:
        os.fsync(whole.fileno())
    return made


def _add(file: tarfile.TarFile, path: Path, name: str, *, needed: bool = True) -> None:
    try:
        file.add(path, name, recursive=False)
    except FileNotFoundError:
        if needed:
            raise _Moved from None


def _check(archive: Path, file: tarfile.TarFile) -> None:
    try:
        held = file.extractfile(_ABOUT)
        about = json.loads(held.read(1 << 16)) if held else {}
        known = int(about["format"])
    except (KeyError, ValueError, TypeError):
        raise InputError(f"{archive}: is no backup of a hub") from None
    if known > _FORMAT:
        raise InputError(f"{archive}: was made by sightline {about['version']}; use that one")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _file(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise ConfigError(
            "this hub keeps its database in PostgreSQL: back that up with pg_dump, and copy the "
            "data folder after it"
        )
    return Path(parsed.database).absolute()
