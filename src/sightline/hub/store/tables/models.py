"""Packages that the hub holds. The files lie beside the database, named by their hash."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table, Text

from sightline.hub.store.tables.base import METADATA
from sightline.hub.store.tables.columns import Name

# manifest  as it stands in the package, JSON
# signer    name of the trusted key that signed it, empty where none did
models = Table(
    "models",
    METADATA,
    Column("name", Name, primary_key=True),
    Column("version", Name, primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("signer", Name, nullable=False),
    Column("manifest", Text, nullable=False),
    Column("uploaded_ns", BigInteger, nullable=False),
    Column("uploaded_by", String(160), nullable=False),
)
