"""The file of an outbox: its tables, and transactions that happen wholly or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sightline.errors import InputError, OutputError

_VERSION = 1
_SCHEMA = """
CREATE TABLE parcels (
    id INTEGER PRIMARY KEY AUTOINCREMENT, boot TEXT NOT NULL, sequence INTEGER,
    rank TEXT NOT NULL, kind TEXT NOT NULL, stored_ns INTEGER NOT NULL, stored_s REAL NOT NULL,
    header TEXT NOT NULL, frames INTEGER NOT NULL, events INTEGER NOT NULL,
    measures INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TABLE boots (boot TEXT PRIMARY KEY, next INTEGER NOT NULL);
CREATE TABLE losses (
    boot TEXT PRIMARY KEY, frames INTEGER NOT NULL, events INTEGER NOT NULL,
    measures INTEGER NOT NULL, first INTEGER, last INTEGER
);
CREATE TABLE headers (digest TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE kept (key TEXT PRIMARY KEY, value BLOB NOT NULL);
"""
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)


class DiskFull(OutputError):
    """Nothing more can be stored until there is room."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"the disk is full: {path} cannot take what the camera sees")


class DamagedFile(InputError):
    """A file that is no outbox any more."""


def open_file(path: Path) -> sqlite3.Connection:
    """The file, made where there is none. Raises DiskFull, DamagedFile, InputError."""
    with translated(path):
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA auto_vacuum=INCREMENTAL")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")  # what was committed survives a power cut
        db.execute("PRAGMA journal_size_limit=4194304")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={_VERSION}; COMMIT;")
    if version > _VERSION:
        db.close()
        raise InputError(f"{path}: was written by a newer Sightline; start that version")
    return db


@contextmanager
def transaction(db: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All that is done within, or nothing. Raises DiskFull, DamagedFile."""
    with translated(path):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """What SQLite has to say, as our own errors."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code in _FULL:
            raise DiskFull(path) from None
        if code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise DamagedFile(f"{path}: is damaged ({error})") from None
        raise OutputError(f"{path}: cannot be written: {error}") from None
