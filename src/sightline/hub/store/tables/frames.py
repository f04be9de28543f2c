"""Frames: what came lately as it came, what came before in Parquet segments.

A parcel of frames is stored in `tail` in the transaction that counts it. Compaction writes
segments and takes their parcels out of the tail, again in one transaction, so a frame is in
one of the two and never in both.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name, Number

# body is `wire.messages.Header` as JSON
headers = Table(
    "headers",
    METADATA,
    Column("camera", Name, primary_key=True),
    Column("digest", String(32), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("arrived_ns", BigInteger, nullable=False),
)

# body holds packed records of frames; times of frames are those in it plus offset_ns.
# hour: whole hours since the epoch.
tail = Table(
    "tail",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("camera", Name, nullable=False),
    Column("boot", Name, nullable=False),
    Column("digest", String(32), nullable=False),
    Column("hour", Integer, nullable=False),
    Column("first_ns", BigInteger, nullable=False),
    Column("last_ns", BigInteger, nullable=False),
    Column("offset_ns", BigInteger, nullable=False),
    Column("frames", Integer, nullable=False),
    Column("objects", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_tail_camera", "camera", "last_ns"),
)

# path is relative to the store's folder
segments = Table(
    "segments",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("camera", Name, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("first_ns", BigInteger, nullable=False),
    Column("last_ns", BigInteger, nullable=False),
    Column("frames", Integer, nullable=False),
    Column("objects", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("path", String(300), nullable=False, unique=True),
    Index("ix_segments_camera", "camera", "last_ns"),
    Index("ix_segments_hour", "hour"),
)
