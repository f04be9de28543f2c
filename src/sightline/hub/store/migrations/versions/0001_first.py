"""The tables of the first release, one file a subject in `migrations/first`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from sightline.hub.store.migrations import first

revision = "0001"
down_revision = None


def upgrade() -> None:
    for subject in iter_modules(first.__path__, f"{first.__name__}."):
        import_module(subject.name).upgrade()
