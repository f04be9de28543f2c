"""What dashboards show: sums by minute, hour and day, kept while metadata comes in."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Integer, Table, UniqueConstraint

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name, Number

# subject  "event", "measure" or "objects" (seen in frames)
# kind     of the event or measure: "line.crossed"; for objects "frame"
# name     which line or zone; for objects the class name
# part     what tells apart within that: "in", "out", a class name; else empty
series = Table(
    "series",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("camera", Name, nullable=False),
    Column("subject", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("name", Name, nullable=False),
    Column("part", Name, nullable=False),
    UniqueConstraint("camera", "subject", "kind", "name", "part"),
)

# resolution  60, 3600 or 86400 seconds
# start       of the interval, seconds since the epoch
# count       events, measures, or frames (for objects: of that camera)
# total       sum of values; low, high: the extremes
rollups = Table(
    "rollups",
    METADATA,
    Column("resolution", Integer, primary_key=True, autoincrement=False),
    Column("series", Number, primary_key=True, autoincrement=False),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
    Column("total", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    sqlite_with_rowid=False,
)
