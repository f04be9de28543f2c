"""Who may look and change, and who did."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, String, Table, Text

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name, Number

# password  argon2 hash; empty for who signs in elsewhere
# scope     fleet query of the cameras that they may see, empty for all
# subject   issuer and subject of who signs in elsewhere, once they did
users = Table(
    "users",
    METADATA,
    Column("name", Name, primary_key=True),
    Column("role", String(16), nullable=False),
    Column("scope", String(256), nullable=False),
    Column("password", String(256), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("subject", String(256), nullable=False, server_default=""),
)

# hash  SHA-256 of what the browser holds
sessions = Table(
    "sessions",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("user", Name, ForeignKey("users.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("seen_ns", BigInteger, nullable=False),
    Column("remote", String(64), nullable=False),
)

# expires_ns  0 for never
api_tokens = Table(
    "api_tokens",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("name", Name, nullable=False),
    Column("role", String(16), nullable=False),
    Column("scope", String(256), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
    Column("created_by", Name, nullable=False),
    Column("used_ns", BigInteger, nullable=False),
)

# The one-time link of the first start; at most one row.
setup_links = Table(
    "setup_links",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("created_ns", BigInteger, nullable=False),
)

# subject  what was changed: "camera door", "user ada"
# detail   JSON, never with a secret in it
audit = Table(
    "audit",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("time_ns", BigInteger, nullable=False, index=True),
    Column("actor", String(160), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", Text, nullable=False),
    Column("remote", String(64), nullable=False),
)
