"""The container of a package: a zip of which only one spelling is accepted.

Every zip reader understands it, but ours takes only the bytes that `pack` would have written
for the same entries: stored, in order, without time, comment, extra field or gap. So there is
nothing that two readers could read differently, and no encryption, compression, link,
duplicate, overlap or appended data to look for one by one.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping

from sightline.errors import ModelError

MANIFEST = "manifest.json"
CHECKSUMS = "checksums.txt"
SIGNATURE = "signature.json"

MAX_BYTES = 512 << 20
MAX_ENTRIES = 64
MAX_NAME = 100

_FIRST = (MANIFEST, CHECKSUMS, SIGNATURE)
_NAME = re.compile(r"(?:[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*")
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_MADE_BY_UNIX = 3 << 8 | 10
_NEEDED = 10
_DATE = 0x21  # 1 January 1980, the first day a zip can hold
_ATTRIBUTES = 0o100644 << 16


def pack(entries: Mapping[str, bytes]) -> bytes:
    """The bytes of an archive with these entries; the same entries give the same bytes.

    Raises ModelError for a name or a size that `unpack` would refuse.
    """
    ordered = {name: entries[name] for name in sorted(entries, key=_rank)}
    parts: list[bytes] = []
    heads: list[tuple[str, int, int]] = []
    for name, data in ordered.items():
        if not _is_name(name):
            raise ModelError(f"{name!r} cannot be the name of an entry of a package")
        crc = zlib.crc32(data)
        heads.append((name, crc, len(data)))
        parts += [_local(name, crc, len(data)), data]
    archive = b"".join([*parts, _directory(heads)])
    if len(archive) > MAX_BYTES or len(heads) > MAX_ENTRIES:
        raise ModelError(
            f"a package holds at most {MAX_BYTES >> 20} MB in {MAX_ENTRIES} entries, "
            f"this one would hold {len(archive) >> 20} MB in {len(heads)}"
        )
    return archive


def unpack(archive: bytes, origin: str) -> dict[str, memoryview]:
    """The entries of an archive, as views into it; nothing is copied or decompressed.

    origin  the name of the file, for the message
    Raises ModelError for anything but the bytes that `pack` would have written.
    """
    if archive[:4] != b"PK\x03\x04":
        raise ModelError(f"{origin}: is not a package: it does not begin as one")
    view = memoryview(archive)
    entries: dict[str, memoryview] = {}
    heads: list[tuple[str, int, int]] = []
    at = 0
    while archive[at : at + 4] == b"PK\x03\x04":
        name, data, end = _entry(view, at, origin)
        entries[name] = data
        heads.append((name, zlib.crc32(data), len(data)))
        if bytes(view[at : end - len(data)]) != _local(*heads[-1]):
            raise ModelError(
                f"{origin}: {name}: was not stored as packages store it, or is damaged"
            )
        at = end
        if len(heads) > MAX_ENTRIES:
            raise ModelError(f"{origin}: holds more than {MAX_ENTRIES} entries")
    names = [name for name, _, _ in heads]
    if names != sorted(set(names), key=_rank):
        raise ModelError(f"{origin}: its entries are out of order, or one is there twice")
    if bytes(view[at:]) != _directory(heads):
        raise ModelError(f"{origin}: is cut short, or holds more than its entries")
    return entries


def _entry(view: memoryview, at: int, origin: str) -> tuple[str, memoryview, int]:
    """Name, data and end of the entry whose header lies at `at`."""
    if at + _LOCAL.size > len(view):
        raise ModelError(f"{origin}: is cut short")
    *_, size, name_length, _extra = _LOCAL.unpack_from(view, at)
    start = at + _LOCAL.size + name_length
    try:
        name = bytes(view[at + _LOCAL.size : start]).decode("ascii")
    except UnicodeDecodeError:
        name = ""
    if not _is_name(name):
        raise ModelError(f"{origin}: an entry has a name that packages do not use")
    if start + size > len(view):
        raise ModelError(f"{origin}: {name}: is cut short")
    return name, view[start : start + size], start + size


def _is_name(name: str) -> bool:
    return len(name) <= MAX_NAME and _NAME.fullmatch(name) is not None


def _rank(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def _local(name: str, crc: int, size: int) -> bytes:
    head = _LOCAL.pack(b"PK\x03\x04", _NEEDED, 0, 0, 0, _DATE, crc, size, size, len(name), 0)
    return head + name.encode()


def _directory(heads: list[tuple[str, int, int]]) -> bytes:
    at, records = 0, []
    for name, crc, size in heads:
        fields = (_MADE_BY_UNIX, _NEEDED, 0, 0, 0, _DATE, crc, size, size)
        tail = (len(name), 0, 0, 0, 0, _ATTRIBUTES, at)
        records.append(_CENTRAL.pack(b"PK\x01\x02", *fields, *tail) + name.encode())
        at += _LOCAL.size + len(name) + size
    listed = b"".join(records)
    count = len(heads)
    return listed + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), at, 0)
