"""Who changed what, when and from where. Written in the transaction of the change itself."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from sightline.hub.store.tables.people import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log."""

    id: int
    time_ns: int
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    remote: str


def note(
    connection: Connection,
    actor: str,
    action: str,
    subject: str,
    detail: dict[str, Any] | None = None,
    remote: str = "",
) -> None:
    """Write one line. `detail` must hold no secret."""
    row = {
        "time_ns": time.time_ns(), "actor": actor[:160], "action": action[:64],
        "subject": subject[:200], "detail": json.dumps(detail or {}), "remote": remote[:64],
    }  # fmt: skip
    connection.execute(insert(audit).values(row))


def entries(connection: Connection, before: int | None, limit: int) -> list[AuditEntry]:
    """The newest first; `before` is the id that the last page ended with."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    return [
        AuditEntry(
            row.id, row.time_ns, row.actor, row.action, row.subject, json.loads(row.detail),
            row.remote,
        )
        for row in connection.execute(query)
    ]  # fmt: skip
