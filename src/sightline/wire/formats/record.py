"""The packed container: records one after another, each whole and checked by itself.

    mark      2 bytes  "SL"
    kind      1 byte   version of the container << 4 | kind (1 header, 2 frames, 3 event,
                       4 measure); a reader passes over kinds that it does not know
    length    varint   of the body in bytes, at most 4 MiB
    body
    checksum  4 bytes  CRC-32 of kind, length and body, little-endian

So files can be appended to and joined end to end, a payload sent over a network is a small
file, and a file that was cut off reads to its last whole record.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from enum import IntEnum
from typing import BinaryIO

from sightline.errors import InputError, OutputError

MARK = b"SL"
_VERSION = 1
LARGEST = 1 << 22
_ZEROS = bytes(1 << 16)


class Kind(IntEnum):
    """What the body of a record is: a block of frames, or one message as msgpack."""

    HEADER = 1
    FRAMES = 2
    EVENT = 3
    MEASURE = 4


class _CutOff(Exception):
    """The bytes end within a record."""


def seal(kind: Kind, body: bytes) -> bytes:
    """One record. Raises OutputError for a body larger than readers accept."""
    if len(body) > LARGEST:
        raise OutputError(
            f"{len(body) >> 20} MiB in one record ({kind.name.lower()}) are more than packed "
            f"metadata holds; write JSON Lines instead"
        )
    checked = bytes([_VERSION << 4 | kind]) + _length(len(body)) + body
    return MARK + checked + zlib.crc32(checked).to_bytes(4, "little")


def read_records(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each record. A record that was cut off at the end is left out.

    Raises InputError with the place in the file where something else stands. The stream is
    closed when this ends.
    """
    with stream, suppress(_CutOff):
        yield from _records(stream, name)


def _records(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    place = 0
    while mark := stream.read(3):
        if not mark.startswith(MARK[: len(mark)]):
            # A power cut leaves the end of a file as zeros on some file systems.
            if not mark.strip(b"\0") and _zeros_follow(stream):
                return
            raise InputError(f"{name}: is not packed metadata at byte {place}")
        if len(mark) < 3:
            return
        head, body = _record(mark, stream, f"{name}, byte {place}")
        if head & 0xF0 != _VERSION << 4:
            raise InputError(
                f"{name}: is packed metadata of version {head >> 4}, "
                f"which only a newer Sightline reads"
            )
        yield head & 0x0F, body
        place += 3 + len(_length(len(body))) + len(body) + 4


def _record(mark: bytes, stream: BinaryIO, where: str) -> tuple[int, bytes]:
    checked = mark[2:]
    size = shift = 0
    while True:
        byte = _take(stream, 1)
        checked += byte
        size |= (byte[0] & 0x7F) << shift
        shift += 7
        if byte[0] < 0x80:
            break
        if shift > 21:
            raise InputError(f"{where}: a record is longer than any that Sightline writes")
    if size > LARGEST:
        raise InputError(f"{where}: a record is longer than any that Sightline writes")
    body = _take(stream, size)
    checksum = _take(stream, 4)
    if zlib.crc32(body, zlib.crc32(checked)) != int.from_bytes(checksum, "little"):
        if not stream.read(1):
            raise _CutOff
        raise InputError(f"{where}: a record is damaged; what stands before it was read")
    return checked[0], body


def _take(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise _CutOff
    return data


def _zeros_follow(stream: BinaryIO) -> bool:
    while chunk := stream.read(len(_ZEROS)):
        if chunk != _ZEROS[: len(chunk)]:
            return False
    return True


def _length(size: int) -> bytes:
    groups = bytearray()
    while size >= 0x80:
        groups.append(size & 0x7F | 0x80)
        size >>= 7
    groups.append(size)
    return bytes(groups)
