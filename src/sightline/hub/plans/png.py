"""PNG (ISO/IEC 15948): every chunk checked, only those kept that make the picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from sightline.hub.refused import Refused

MAGIC = b"\x89PNG\r\n\x1a\n"
_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_WHOLE = ((0, 0, 1, 1),)
_INTERLACED = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
)  # fmt: skip
_STEP = 1 << 20


def size(data: bytes) -> tuple[int, int]:
    """Width and height by its header. Raises Refused."""
    header = next(_chunks(data), None)
    if header is None or header[0] != b"IHDR" or len(header[1]) != 13:
        raise Refused("this PNG has no header; save it anew")
    width, height = struct.unpack_from(">II", header[1])
    return width, height


def cleaned(data: bytes) -> bytes:
    """The same picture and nothing else. Raises Refused where it is none."""
    kept = [chunk for chunk in _chunks(data) if chunk[0] in _KEPT]
    names = [name for name, _ in kept]
    if names[-1:] != [b"IEND"] or names.count(b"IHDR") != 1 or b"IDAT" not in names:
        raise Refused("this PNG is not whole; save it anew")
    _check_pixels(kept[0][1], [body for name, body in kept if name == b"IDAT"])
    return MAGIC + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in kept
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(MAGIC)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        told = data[at + 8 + length : at + 12 + length]
        if len(told) < 4 or struct.unpack(">I", told)[0] != zlib.crc32(name + body):
            raise Refused("this PNG is damaged; save it anew")
        yield name, body
        if name == b"IEND":
            return
        at += 12 + length


def _check_pixels(header: bytes, parts: list[bytes]) -> None:
    """What is packed has to be as many bytes as the header says; it is never held at once."""
    expected = _expected(header)
    unpacker, found = zlib.decompressobj(), 0
    try:
        for part in parts:
            waiting = part
            while waiting and found <= expected and not unpacker.eof:
                found += len(unpacker.decompress(waiting, _STEP))
                waiting = unpacker.unconsumed_tail
            if found > expected or unpacker.unused_data or (unpacker.eof and waiting):
                raise Refused("this PNG holds more than its header says; save it anew")
        found += len(unpacker.flush())
    except zlib.error:
        raise Refused("this PNG is damaged; save it anew") from None
    if found != expected or not unpacker.eof:
        raise Refused("this PNG is not whole; save it anew")


def _expected(header: bytes) -> int:
    width, height, depth, colour, packing, filtering, interlace = struct.unpack(">IIBBBBB", header)
    if depth not in _DEPTHS.get(colour, ()) or packing or filtering or interlace > 1:
        raise Refused("this PNG is of a kind that nobody knows; save it anew")
    total = 0
    for x, y, across, down in _INTERLACED if interlace else _WHOLE:
        columns, rows = -((x - width) // across), -((y - height) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * depth * _CHANNELS[colour] + 7) // 8)
    return total
