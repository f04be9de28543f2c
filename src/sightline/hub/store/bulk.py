"""Many rows in one statement, fast on both databases.

SQLite binds the same statement again and again in C; PostgreSQL takes whole columns as arrays,
which saves a round trip a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Float, Integer, LargeBinary, Table

Rows = Sequence[tuple[Any, ...]]

_ARRAYS = (
    (Boolean, "boolean"), (Integer, "bigint"), (BigInteger, "bigint"),
    (Float, "double precision"), (LargeBinary, "bytea"),
)  # fmt: skip


def insert_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Rows, conflict: str = ""
) -> None:
    """Insert them. `conflict` is an ON CONFLICT clause, the new values being `excluded`."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({places}) {conflict}'  # noqa: S608
        connection.exec_driver_sql(statement, list(rows))
        return
    arrays = ", ".join(f"%s::{_array(table.c[name])}[]" for name in columns)
    statement = f'INSERT INTO "{table.name}" ({names}) SELECT * FROM unnest({arrays}) {conflict}'  # noqa: S608
    connection.exec_driver_sql(statement, tuple(map(list, zip(*rows, strict=True))))


def _array(column: Column[Any]) -> str:
    return next((name for kind, name in _ARRAYS if isinstance(column.type, kind)), "text")
