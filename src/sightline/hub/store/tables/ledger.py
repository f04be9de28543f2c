"""What left each camera, entry by entry, as the camera signed it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name

# fault  why the entry does not fit what stands before it, empty where it does
ledger = Table(
    "ledger",
    METADATA,
    Column("camera", Name, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("start_ns", BigInteger, nullable=False),
    Column("end_ns", BigInteger, nullable=False),
    Column("pictures", Integer, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("arrived_ns", BigInteger, nullable=False),
    Column("fault", String(300), nullable=False),
)
