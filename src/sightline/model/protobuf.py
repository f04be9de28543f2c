"""Just enough of the protobuf wire format to look into a network before anything loads it.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
# Other readers cut a longer one down to 32 bits, and so see another field than we would.
_LARGEST_KEY = (1 << 32) - 1


class Malformed(ValueError):
    """These bytes are no protobuf message."""


def fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field: an int for a varint, a view without copy for bytes.

    Fixed-width numbers come as views of 4 or 8 bytes. Raises Malformed.
    """
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        if key > _LARGEST_KEY:
            raise Malformed("a field number is too large")
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == BYTES:
            size, at = _varint(message, at)
        elif kind in (FIXED32, FIXED64):
            size = 4 if kind == FIXED32 else 8
        else:
            raise Malformed(f"wire type {kind}")
        if number == 0 or at + size > end:
            raise Malformed("a field reaches beyond its message")
        yield number, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        if at >= len(message):
            raise Malformed("a number is cut off")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise Malformed("a number is too long")
