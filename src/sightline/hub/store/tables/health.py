"""How cameras were, report by report."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name

# body is `wire.control.Health` as JSON; time_ns is the camera's, arrived_ns the hub's.
health = Table(
    "health",
    METADATA,
    Column("camera", Name, primary_key=True),
    Column("boot", Name, primary_key=True),
    Column("time_ns", BigInteger, primary_key=True),
    Column("arrived_ns", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_health_camera", "camera", "arrived_ns"),
    Index("ix_health_arrived", "arrived_ns"),
)
