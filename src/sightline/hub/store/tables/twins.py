"""What cameras are to be, what they are, and what they were to be before."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name

# version   0 until somebody asks something of the camera
# desired   `wire.control.Desired` as JSON
# reported  `wire.control.Reported` as JSON, empty until the camera has said something
twins = Table(
    "twins",
    METADATA,
    Column("camera", Name, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("desired", Text, nullable=False),
    Column("deployment", Name, nullable=False, index=True),
    Column("changed_ns", BigInteger, nullable=False),
    Column("changed_by", String(128), nullable=False),
    Column("reported", Text, nullable=False),
    Column("reported_ns", BigInteger, nullable=False),
)

twin_history = Table(
    "twin_history",
    METADATA,
    Column("camera", Name, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("desired", Text, nullable=False),
    Column("changed_ns", BigInteger, nullable=False),
    Column("changed_by", String(128), nullable=False),
    Column("why", String(300), nullable=False),
)
