"""Floor plans, and the drawings that lie under them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name

# body     `hub.plans.layout.Layout` as JSON: size, walls, where cameras are
# version  grows with each change, also of the drawing
plans = Table(
    "plans",
    METADATA,
    Column("name", Name, primary_key=True),
    Column("site", String(256), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_ns", BigInteger, nullable=False),
    Column("changed_by", String(160), nullable=False),
)

# body  a PNG or JPEG of which only the picture itself was kept
drawings = Table(
    "plan_drawings",
    METADATA,
    Column("plan", Name, ForeignKey("plans.name", ondelete="CASCADE"), primary_key=True),
    Column("media_type", String(32), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
