"""JPEG (ITU-T T.81): every segment walked, only those kept that make the picture."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sightline.hub.refused import Refused

MAGIC = b"\xff\xd8\xff"
_FRAMES = (0xC0, 0xC1, 0xC2)  # those that browsers show
_KEPT = {*_FRAMES, 0xC4, 0xDA, 0xDB, 0xDD}
_OTHER_FRAMES = {*range(0xC3, 0xD0)} - {0xC4, 0xC8, 0xCC}
_END, _SCAN, _ADOBE = 0xD9, 0xDA, 0xEE
_COLOURS = b"Adobe"  # says how three channels are colours; nothing else is in it


def size(data: bytes) -> tuple[int, int]:
    """Width and height by its frame. Raises Refused."""
    for marker, body, _ in _segments(data):
        if marker in _OTHER_FRAMES:
            break
        if marker in _FRAMES and len(body) >= 6:
            height, width = struct.unpack_from(">HH", body, 1)
            return width, height
    raise Refused("this JPEG is of a kind that browsers do not show")


def cleaned(data: bytes) -> bytes:
    """The same picture and nothing else. Raises Refused where it is none."""
    parts, frames, scans, ended = [b"\xff\xd8"], 0, 0, False
    for marker, body, scan in _segments(data):
        ended = marker == _END
        if marker in _KEPT or (marker == _ADOBE and len(body) == 12 and body.startswith(_COLOURS)):
            parts += [struct.pack(">BBH", 0xFF, marker, len(body) + 2), body, scan]
            frames += marker in _FRAMES
            scans += marker == _SCAN
    if not ended or frames != 1 or not scans:
        raise Refused("this JPEG is not whole; save it anew")
    return b"".join((*parts, b"\xff\xd9"))


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, what it says, and the packed pixels behind it; ends with the picture."""
    at = 2
    while at + 2 <= len(data):
        if data[at] != 0xFF:
            raise Refused("this JPEG is damaged; save it anew")
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
            continue
        if marker == _END:
            yield marker, b"", b""
            return
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if length < 2 or len(body) != length - 2:
            raise Refused("this JPEG is damaged; save it anew")
        at += 2 + length
        end = _pixels_end(data, at) if marker == _SCAN else at
        yield marker, body, data[at:end]
        at = end


def _pixels_end(data: bytes, at: int) -> int:
    """Where packed pixels end: at the first marker that is no restart and no stuffed byte."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Refused("this JPEG is not whole; save it anew")
        following = data[at + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at
