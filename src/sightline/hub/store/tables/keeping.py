"""How long people wish data to be kept, where that differs from what the hub was set to."""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table

from sightline.hub.store.tables.base import METADATA

# kind  as `store.kinds`, or "pictures"
keeping = Table(
    "keeping",
    METADATA,
    Column("kind", String(16), primary_key=True),
    Column("days", Float, nullable=False),
)
