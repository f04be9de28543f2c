"""The "newc" CPIO archive, read from bytes that nobody vouches for."""

from __future__ import annotations

import re

from sightline.errors import ModelError

MAGIC = b"070701"

_HEADER = 110
_MAX_ENTRIES = 32
_MAX_NAME = 256
_REGULAR = 0o100000
_END = "TRAILER!!!"


def read_cpio(data: memoryview, origin: str) -> dict[str, memoryview]:
    """Regular files by name, as views into `data`; bytes behind the trailer are padding.

    Raises ModelError for anything that is cut short, linked, in folders, or there twice.
    """
    files: dict[str, memoryview] = {}
    at = 0
    for _ in range(_MAX_ENTRIES):
        mode, size, name_size = _header(data, at, origin)
        start = _aligned(at + _HEADER + name_size)
        end = start + size
        if not 1 < name_size <= _MAX_NAME or end > len(data):
            raise ModelError(f"{origin}: its archive is cut short or damaged")
        name = bytes(data[at + _HEADER : at + _HEADER + name_size - 1]).decode("ascii", "replace")
        if name == _END:
            return files
        if mode & 0o170000 != _REGULAR or not re.fullmatch(r"[\w.-]+", name) or name in files:
            raise ModelError(f"{origin}: {name[:40]!r}: is not a plain file of its archive")
        files[name] = data[start:end]
        at = _aligned(end)
    raise ModelError(f"{origin}: its archive holds more than {_MAX_ENTRIES} files")


def _header(data: memoryview, at: int, origin: str) -> tuple[int, int, int]:
    """Mode, size of the content, size of the name."""
    text = bytes(data[at : at + _HEADER])
    if not re.fullmatch(rb"070701[0-9A-Fa-f]{104}", text):
        raise ModelError(f"{origin}: its archive is cut short or damaged")
    fields = [int(text[6 + 8 * n : 14 + 8 * n], 16) for n in range(13)]
    return fields[1], fields[6], fields[11]


def _aligned(at: int) -> int:
    return (at + 3) & ~3
