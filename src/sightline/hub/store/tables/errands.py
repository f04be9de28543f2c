"""What cameras were asked to do once, and pictures that came of it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, String, Table, Text

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name

# ok is None until the camera has answered; arguments and value are JSON
commands = Table(
    "commands",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("camera", Name, nullable=False, index=True),
    Column("name", String(64), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("asked_by", String(160), nullable=False),
    Column("asked_ns", BigInteger, nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
    Column("answered_ns", BigInteger, nullable=False),
    Column("ok", Boolean),
    Column("value", Text, nullable=False),
    Column("error", Text, nullable=False),
)

# A row is made when somebody asks; the camera fills it. bytes is 0 until then.
pictures = Table(
    "pictures",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("camera", Name, nullable=False, index=True),
    Column("asked_by", String(160), nullable=False),
    Column("asked_ns", BigInteger, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("time_ns", BigInteger, nullable=False),
    Column("arrived_ns", BigInteger, nullable=False, index=True),
    Column("policy", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
)
