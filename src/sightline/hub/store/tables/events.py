"""Events and measures one by one, as the cameras said them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, String, Table, Text

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name, Number

# id grows in the order of storing: who reads on from the last id that he saw misses nothing.
# time_ns is the camera's, arrived_ns the hub's; data is JSON.
events = Table(
    "events",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("camera", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("name", Name, nullable=False),
    Column("label", String(128)),
    Column("track", BigInteger),
    Column("x", Float),
    Column("y", Float),
    Column("time_ns", BigInteger, nullable=False),
    Column("arrived_ns", BigInteger, nullable=False),
    Column("data", Text, nullable=False),
    Index("ix_events_time", "time_ns", "id"),
    Index("ix_events_arrived", "arrived_ns"),
    Index("ix_events_camera_time", "camera", "time_ns", "id"),
    sqlite_autoincrement=True,  # so that no id comes twice, whatever retention deletes
)

measures = Table(
    "measures",
    METADATA,
    Column("id", Number, primary_key=True),
    Column("camera", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("name", Name, nullable=False),
    Column("start_ns", BigInteger, nullable=False),
    Column("end_ns", BigInteger, nullable=False),
    Column("value", Float, nullable=False),
    Column("arrived_ns", BigInteger, nullable=False),
    Column("data", Text, nullable=False),
    Index("ix_measures_time", "start_ns", "id"),
    Index("ix_measures_arrived", "arrived_ns"),
    Index("ix_measures_camera_time", "camera", "start_ns", "id"),
    sqlite_autoincrement=True,
)
