"""Sessions of browsers: a secret in a cookie, its hash and a second secret for changes here."""

from __future__ import annotations

import secrets
import time

from sqlalchemy import Connection, delete, insert, select, update

from sightline.hub.auth.principal import Principal
from sightline.hub.auth.secrets import drawn, hashed
from sightline.hub.store.tables.people import sessions, users

_NS = 1_000_000_000
_IDLE_NS = 12 * 3600 * _NS
_LONGEST_NS = 7 * 86400 * _NS
_SEEN_EVERY_NS = 300 * _NS  # so that looking does not write all the time


def begin(connection: Connection, user: str, remote: str) -> str:
    """A new session; what the cookie holds."""
    secret, kept = drawn("sls")
    now = time.time_ns()
    connection.execute(delete(sessions).where(sessions.c.created_ns < now - _LONGEST_NS))
    row = {
        "hash": kept, "user": user, "csrf": secrets.token_urlsafe(24), "created_ns": now,
        "seen_ns": now, "remote": remote[:64],
    }  # fmt: skip
    connection.execute(insert(sessions).values(row))
    return secret


def end(connection: Connection, secret: str) -> None:
    """Sign out."""
    connection.execute(delete(sessions).where(sessions.c.hash == hashed(secret)))


def whose(connection: Connection, secret: str, now_ns: int) -> tuple[Principal, bool] | None:
    """Who holds this session and whether it is time to call `seen`; None where it has ended."""
    row = connection.execute(
        select(sessions.c.csrf, sessions.c.created_ns, sessions.c.seen_ns, users)
        .join(users, users.c.name == sessions.c.user)
        .where(sessions.c.hash == hashed(secret), users.c.disabled.is_(False))
    ).one_or_none()
    if row is None:
        return None
    if now_ns - row.seen_ns > _IDLE_NS or now_ns - row.created_ns > _LONGEST_NS:
        return None
    found = Principal("user", row.name, row.role, row.scope, row.csrf)
    return found, now_ns - row.seen_ns > _SEEN_EVERY_NS


def seen(connection: Connection, secret: str, now_ns: int) -> None:
    """Keep a session from ending."""
    connection.execute(
        update(sessions).where(sessions.c.hash == hashed(secret)).values(seen_ns=now_ns)
    )
