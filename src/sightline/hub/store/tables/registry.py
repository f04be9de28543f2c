"""Which cameras there are, and who may become one."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, Text

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name, Number

# public_key   SubjectPublicKeyInfo in PEM; fingerprint: SHA-256 of its DER
# serial       of the certificate in force, in hexadecimal
# condition    as the camera says itself: running, starting, degraded, failed
# revoked_ns   None while it is let in
# keeps        retention of its data in days where it differs from the hub's, as JSON
cameras = Table(
    "cameras",
    METADATA,
    Column("name", Name, primary_key=True),
    Column("public_key", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("serial", String(64), nullable=False),
    Column("enrolled_ns", BigInteger, nullable=False),
    Column("enrolled_by", String(64), nullable=False),
    Column("revoked_ns", BigInteger),
    Column("connected", Boolean, nullable=False),
    Column("condition", String(16), nullable=False),
    Column("seen_ns", BigInteger, nullable=False),
    Column("model", Name, nullable=False),
    Column("version", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("keeps", Text, nullable=False),
)

# kind  "tag" (given by people) or "hardware" (told by the camera)
properties = Table(
    "properties",
    METADATA,
    Column("camera", Name, ForeignKey("cameras.name", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("key", Name, primary_key=True),
    Column("value", String(256), nullable=False, index=True),
)

# hash    SHA-256 of the token; what was given out is known to nobody
# tags    given to whoever comes with it, as JSON
# camera  the only name that may come with it, empty for any
enrolment_tokens = Table(
    "enrolment_tokens",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("tags", Text, nullable=False),
    Column("camera", Name, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
    Column("created_by", String(128), nullable=False),
)

# Certificates that no longer count, for the list that outside brokers read.
withdrawn = Table(
    "withdrawn",
    METADATA,
    Column("serial", String(64), primary_key=True),
    Column("camera", Name, nullable=False),
    Column("withdrawn_ns", BigInteger, nullable=False),
)
