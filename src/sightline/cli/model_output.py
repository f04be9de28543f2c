"""Where a result goes is looked at before the work begins."""

from __future__ import annotations

import os
from pathlib import Path

from sightline.errors import ConfigError, OutputError


def check_writable(path: Path, *endings: str) -> None:
    """Raise ConfigError for another kind of file, OutputError for a folder that takes none."""
    if path.suffix not in endings:
        raise ConfigError(f"--out {path}: a name that ends with {' or '.join(endings)} is needed")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: its folder is missing or not writable")
