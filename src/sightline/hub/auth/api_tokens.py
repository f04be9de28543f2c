"""API tokens: what programs sign in with. Shown once, kept as a hash."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, insert, select, update

from sightline.hub.auth.principal import RANK, Principal
from sightline.hub.auth.secrets import drawn, hashed
from sightline.hub.refused import Refused, Unknown
from sightline.hub.registry import question
from sightline.hub.settings import Role
from sightline.hub.store.tables.people import api_tokens as table

PREFIX = "sla"
_LONGEST_S = 10 * 366 * 86400.0
_SEEN_EVERY_NS = 300 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token, without what opens anything. `expires_ns` 0 is never."""

    id: int
    name: str
    role: Role
    scope: str
    created_ns: int
    expires_ns: int
    created_by: str
    used_ns: int


def give_out(
    connection: Connection,
    *,
    by: str,
    role: str,
    name: str = "",
    scope: str = "",
    expires_s: float | None = None,
) -> tuple[str, int]:
    """A new token, which is shown this once, and its number. Raises Refused."""
    if role not in RANK:
        raise Refused(f"{role!r:.40} is no role; choose one of {', '.join(RANK)}")
    if expires_s is not None and not 0 < expires_s <= _LONGEST_S:
        raise Refused("a token expires in the future, at most in ten years")
    if len(name) > 64:
        raise Refused("a token's name has at most 64 characters")
    question.parse(scope)
    secret, kept = drawn(PREFIX)
    now = time.time_ns()
    row = {
        "hash": kept, "name": name or f"{role} token", "role": role, "scope": scope,
        "created_ns": now, "expires_ns": now + int(expires_s * 1e9) if expires_s else 0,
        "created_by": by, "used_ns": 0,
    }  # fmt: skip
    [number] = connection.execute(insert(table).values(row)).inserted_primary_key or [0]
    return secret, int(number)


def whose(connection: Connection, secret: str, now_ns: int) -> tuple[Principal, bool] | None:
    """Whom a token speaks for and whether it is time to call `used`; None where for nobody."""
    row = connection.execute(select(table).where(table.c.hash == hashed(secret))).one_or_none()
    if row is None or 0 < row.expires_ns <= now_ns:
        return None
    late = now_ns - row.used_ns > _SEEN_EVERY_NS
    return Principal("token", row.name, row.role, row.scope), late


def used(connection: Connection, secret: str, now_ns: int) -> None:
    """Remember that it is still in use."""
    connection.execute(update(table).where(table.c.hash == hashed(secret)).values(used_ns=now_ns))


def listed(connection: Connection) -> list[ApiToken]:
    """All of them, the newest first."""
    return [_token(row) for row in connection.execute(select(table).order_by(table.c.id.desc()))]


def withdraw(connection: Connection, number: int) -> None:
    """Make a token worthless. Raises Unknown."""
    if connection.execute(delete(table).where(table.c.id == number)).rowcount != 1:
        raise Unknown(f"there is no API token {number}")


def _token(row: Row[tuple[object, ...]]) -> ApiToken:
    return ApiToken(
        row.id, row.name, row.role, row.scope, row.created_ns, row.expires_ns, row.created_by,
        row.used_ns,
    )  # fmt: skip
