"""What a camera's analytics remember across restarts, in one file."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec

from sightline.errors import ConfigError
from sightline.model.atomic import write_atomically

_EVERY_S = 10.0  # a crash loses no more than that


class Memory:
    """`load` at the start, `save` at the end, and `save` whenever it is `due`.

    Raises ConfigError where the file cannot be written.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        folder = self._path.parent
        if not os.access(folder, os.W_OK) or self._path.is_dir():
            raise ConfigError(
                f"output.state: cannot write to {path}: its folder is missing or not writable"
            )
        self._saved_s = monotonic()

    @property
    def due(self) -> bool:
        """Whether the file is old."""
        return monotonic() - self._saved_s >= _EVERY_S

    def save(self, state: dict[str, Any]) -> None:
        """Write a state: whole, or the one before stays. Raises OutputError."""
        text = msgspec.json.encode(state)
        write_atomically(self._path, b"%08x\n%s\n" % (zlib.crc32(text), text))
        self._saved_s = monotonic()

    def load(self) -> dict[str, Any] | None:
        """The state before; None where there was none, and {} where it is damaged."""
        try:
            head, _, text = self._path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ConfigError(
                f"output.state: {self._path} cannot be read: {error.strerror}"
            ) from None
        text = text.removesuffix(b"\n")
        if head != b"%08x" % zlib.crc32(text):
            return {}
        state: dict[str, Any] = msgspec.json.decode(text)
        return state
