"""What the hub keeps in SQL: one file a subject, all in one MetaData.

A new table is a `Table` on `base.METADATA` in the file of its subject, and the same table in
`store/migrations/first/<subject>.py`, which `python -m sightline.hub.store.migrations.draft
<subject>` writes. A test compares the two.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import MetaData

from sightline.hub.store.tables.base import METADATA


def all_tables() -> MetaData:
    """The MetaData with the tables of every subject in it."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return METADATA
