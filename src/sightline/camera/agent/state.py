"""The folder in which a camera keeps who it is and what it runs.

identity.json, key.pem, certificate.pem, authority.pem   who it is, readable by its owner alone
base.json     the source and the configuration that it was started with
twin.json     what the hub wants of it, and how far it has come with that
outbox.db     what was not sent yet, and what its analytics remember
ledger.jsonl  what left it
models/       networks that the hub sent
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import Any

import msgspec

from sightline.errors import ConfigError, InputError, OutputError


class StateFolder:
    """`with StateFolder(path) as state: ...`, by one program at a time.

    Raises ConfigError where it cannot be made, or another camera runs from it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = -1

    def __enter__(self) -> StateFolder:
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigError(
                f"{self.path}: another camera runs from this folder; give this one its own --state"
            ) from None
        except OSError as error:
            raise ConfigError(f"{self.path}: cannot be used: {error.strerror}") from None
        return self

    def __exit__(self, *exc: object) -> None:
        os.close(self._lock)

    def read(self, name: str) -> bytes | None:
        """A file's content; None where there is none. Raises InputError."""
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(f"{self.path / name}: cannot be read: {error.strerror}") from None

    def write(self, name: str, data: bytes) -> None:
        """A file for its owner alone: whole, or as it was before. Raises OutputError."""
        path = self.path / name
        fresh = self.path / f".{name}.new"
        try:
            file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(file, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(file)
            fresh.replace(path)
            _sync_folder(self.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise OutputError(f"{path}: cannot be written: {error.strerror}") from None

    def read_json(self, name: str) -> Any:
        """Plain values; None where there is no such file, or it is damaged."""
        try:
            return msgspec.json.decode(self.read(name) or b"null")
        except msgspec.MsgspecError:
            return None

    def write_json(self, name: str, value: Any) -> None:
        """Plain values as a file for its owner alone."""
        self.write(name, msgspec.json.format(msgspec.json.encode(value), indent=1))


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
