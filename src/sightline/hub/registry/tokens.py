"""Enrolment tokens: what the hub's owner gives out so that a machine may become a camera.

slt_<secret>                 on loopback
slt_<secret>_<fingerprint>   of the site's authority, so that the first contact is safe as well

The hub keeps the SHA-256 of the secret alone, which is 160 random bits and cannot be guessed
back from it.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from sightline.hub.auth.secrets import hashed
from sightline.hub.refused import Denied, Refused, Unknown
from sightline.hub.registry.properties import checked
from sightline.hub.store.tables.registry import enrolment_tokens as table
from sightline.wire.topics import CAMERA_NAME

_TOKEN = re.compile(r"slt_([0-9a-f]{40})(?:_[0-9a-f]{32})?")
_REFUSAL = "the enrolment token is unknown, used up or has expired; ask for a new one"
_MOST_USES = 100_000
_LONGEST_S = 366 * 86400.0


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token allows.

    camera  the only name that may come with it, also where that name is taken; empty for any
    """

    id: int
    tags: dict[str, str]
    camera: str
    uses: int
    used: int
    created_ns: int
    expires_ns: int
    created_by: str


def give_out(
    connection: Connection,
    *,
    now_ns: int,
    by: str,
    tags: Mapping[str, str] | None = None,
    uses: int = 1,
    expires_s: float = 3600.0,
    camera: str = "",
    fingerprint: str = "",
) -> tuple[str, int]:
    """A new token, which is shown this once, and its number. Raises Refused."""
    if not 1 <= uses <= _MOST_USES:
        raise Refused(f"a token may be used 1 to {_MOST_USES} times, not {uses}")
    if not 0 < expires_s <= _LONGEST_S:
        raise Refused("a token expires after at most a year")
    if camera and not CAMERA_NAME.fullmatch(camera):
        raise Refused(f"{camera!r:.80} is no name of a camera")
    secret = secrets.token_hex(20)
    row = {
        "hash": hashed(secret),
        "tags": json.dumps(checked(tags or {}, "tag")),
        "camera": camera,
        "uses": 1 if camera else uses,
        "used": 0,
        "created_ns": now_ns,
        "expires_ns": now_ns + int(expires_s * 1e9),
        "created_by": by,
    }
    [number] = connection.execute(insert(table).values(row)).inserted_primary_key or [0]
    return f"slt_{secret}" + (f"_{fingerprint}" if fingerprint else ""), int(number)


def recognised(connection: Connection, token: str, now_ns: int) -> Grant:
    """What a token allows, used up or not. Raises Denied for one that is unknown or too old."""
    found = _TOKEN.fullmatch(token)
    wanted = hashed(found[1] if found else "")
    row = connection.execute(select(table).where(table.c.hash == wanted)).one_or_none()
    if row is None or not hmac.compare_digest(row.hash, wanted) or row.expires_ns <= now_ns:
        raise Denied(_REFUSAL)
    return _grant(row)


def spend(connection: Connection, grant: Grant) -> None:
    """Use a token once. Raises Denied where it is used up."""
    spent = connection.execute(
        update(table)
        .where(table.c.id == grant.id, table.c.used < table.c.uses)
        .values(used=table.c.used + 1)
    )
    if spent.rowcount != 1:
        raise Denied(_REFUSAL)


def listed(connection: Connection) -> list[Grant]:
    """Every token that was given out, the newest first, without what opens anything."""
    rows = connection.execute(select(table).order_by(table.c.id.desc()))
    return [_grant(row) for row in rows]


def withdraw(connection: Connection, number: int) -> None:
    """Make a token worthless. Raises Unknown."""
    if connection.execute(delete(table).where(table.c.id == number)).rowcount != 1:
        raise Unknown(f"there is no enrolment token {number}")


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        row.id, json.loads(row.tags), row.camera, row.uses, row.used, row.created_ns,
        row.expires_ns, row.created_by,
    )  # fmt: skip
