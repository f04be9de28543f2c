"""What dashboards show: sums by minute, hour and day, kept while metadata comes in."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Integer, LargeBinary, Table, UniqueConstraint

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name, Number

# subject  "event", "measure" or "objects" (seen in frames); "doubt.0" to "doubt.5" and
#          "invalid.measure" beside a measure, "invalid.event" beside an event
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

# Sums of minutes that are not packed yet; what belongs to one minute lies together, because that
# is what ingest adds to.
# start  of the minute, seconds since the epoch
# n      events, measures, or frames (for a class of objects: those in which it was seen)
# total  sum of values; low, high: the extremes
recent = Table(
    "recent",
    METADATA,
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("series", Number, primary_key=True, autoincrement=False),
    Column("n", BigInteger, nullable=False),
    Column("total", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    sqlite_with_rowid=False,
)

# The same, side by side: the 60 minutes of an hour, the 24 hours of a day, 32 days.
# resolution  60, 3600 or 86400 seconds
# start       of the first of them
# body        see `store.packing`
packed = Table(
    "packed",
    METADATA,
    Column("series", Number, primary_key=True, autoincrement=False),
    Column("resolution", Integer, primary_key=True, autoincrement=False),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)
