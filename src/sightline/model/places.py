"""Where a user's keys and downloaded networks live (XDG base directories)."""

from __future__ import annotations

import os
from pathlib import Path


def config_folder() -> Path:
    """Keys and the list of whom this user trusts."""
    return _base("XDG_CONFIG_HOME", ".config") / "sightline"


def network_folder() -> Path:
    """Networks that `sightline model pull` fetched."""
    return _base("XDG_CACHE_HOME", ".cache") / "sightline" / "models"


def tools_folder() -> Path:
    """Environments with the tools of others, which Sightline calls as programs."""
    return _base("XDG_CACHE_HOME", ".cache") / "sightline" / "tools"


def _base(variable: str, fallback: str) -> Path:
    named = os.environ.get(variable, "")
    return Path(named) if os.path.isabs(named) else Path.home() / fallback
