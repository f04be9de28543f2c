"""SQLAlchemy engines by URL: SQLite so that it keeps what it acknowledged, PostgreSQL as it is."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from sightline.errors import ConfigError

_BUSY_MS = 20_000  # the command line writes to the same file as the hub, for moments
_KEPT_WAL = 64 << 20


def engines(url: str, readers: int) -> tuple[Engine, Engine]:
    """One engine that writes (one connection) and one that reads (`readers` of them)."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, 1, writes=True), _sqlite(parsed, readers, writes=False)
    writer = create_engine(parsed, pool_size=1, max_overflow=0, pool_pre_ping=True)
    reader = create_engine(
        parsed, pool_size=readers, max_overflow=0, pool_pre_ping=True,
        execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    )  # fmt: skip
    return writer, reader


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError):
        parsed = None
    if parsed is None or parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigError(
            "the hub's database is sqlite:///FILE or postgresql+pg8000://USER:PASSWORD@HOST/NAME"
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ConfigError("a hub's SQLite database is a file: sqlite:////var/lib/sightline/hub.db")
    return parsed


def _sqlite(url: URL, size: int, writes: bool) -> Engine:
    engine = create_engine(
        url, pool_size=size, max_overflow=0, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _opened(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins no transactions of its own
        # Only who writes may ask for this: it takes the lock that writers take.
        vacuum = ["auto_vacuum=INCREMENTAL"] if writes else []
        for pragma in (
            f"busy_timeout={_BUSY_MS}",
            *vacuum,
            "journal_mode=WAL",
            "synchronous=FULL",  # what was committed survives a power cut
            f"journal_size_limit={_KEPT_WAL}",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            f"query_only={'OFF' if writes else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")

    return engine
