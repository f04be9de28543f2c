"""How long things are kept."""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name

# camera  empty: all that have no row of their own
# kind    frames, events, measures, health, minutes, hours (of rollups) or boots
# days    0 keeps for ever
retention = Table(
    "retention",
    METADATA,
    Column("camera", Name, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("days", Float, nullable=False),
)
