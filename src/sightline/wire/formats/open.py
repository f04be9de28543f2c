"""Metadata files by path: which format it is, and who writes or reads it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import IO

from sightline.errors import ConfigError, InputError, SightlineError
from sightline.plugins import load, names
from sightline.wire.formats.base import (
    OURS,
    READERS,
    SUFFIXES,
    WRITERS,
    MetadataReader,
    MetadataWriter,
)
from sightline.wire.formats.sink import Sink
from sightline.wire.formats.spatial_wishes import Wishes

_LOOKED_AT = 8192
_OURS = re.compile(rb'\{\s*"type"\s*:\s*"(header|frame|event|measure)"')
_MARKS = {  # words that no other format has, and the format that has all of them
    "aitrios": (b'"Inferences"',),
    "azure_lva": (b'"inferences"',),
    "axis_scene": (b'"frame"', b'"observations"'),
    "deepstream": (b'"@timestamp"', b'"sensor'),
    "frigate": (b'"frame_time"', b'"camera"'),
    "dlstreamer": (b'"detection"', b'"bounding_box"'),
}

_AZURE_EVENTS = re.compile(rb'"(person\w+Event|cameraCalibrationEvent)"')


def open_writer(
    path: str | Path, format: str | None = None, wishes: Wishes | None = None
) -> MetadataWriter:
    """Begin a metadata file; "-" is standard output. The suffix decides where `format` is None.

    wishes  what is told of each line and zone, by the formats of Spatial Analysis
    Raises ConfigError for an unknown format and where the file cannot be made.
    """
    chosen = format or guess(path)
    writer = load("format", chosen, WRITERS)
    needs = (wishes,) if chosen.startswith("spatial-analysis") else ()
    opened: MetadataWriter = writer(Sink.open(path), *needs)
    return opened


def guess(path: str | Path) -> str:
    """The format that a file name stands for: JSON Lines on standard output."""
    if str(path) == "-":
        return "jsonl"
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise ConfigError(
            f"the name {str(path)!r} does not say what to write: end it with one of "
            f"{', '.join(SUFFIXES)} or name the format ({', '.join(names('format', WRITERS))})"
        )
    return SUFFIXES[suffix]


def open_reader(
    path: str | Path,
    format: str | None = None,
    size: tuple[int, int] | None = None,
    fps: float | None = None,
    camera: str | None = None,
) -> MetadataReader:
    """Begin to read a metadata file; "-" is standard input. Its first bytes tell the format.

    size, fps  picture size (width, height) in pixels and pictures a second, for formats that
               do not hold them (mot, most foreign ones)
    camera     whose records are read, for foreign formats that hold those of several
    Raises InputError for a file that is missing, empty or no metadata, ConfigError for an
    unknown format or a size that is needed and was not given.
    """
    stream = _open(path)
    name = "standard input" if str(path) == "-" else str(path)
    try:
        chosen = format or _sniff(stream, name)
        reader = load("metadata reader", chosen, READERS)
        needs: tuple[object, ...] = () if chosen in OURS else (size, fps)
        if chosen not in (*OURS, "mot"):
            needs += (camera,)
        opened: MetadataReader = reader(stream, name, *needs)
    except SightlineError:
        stream.close()
        raise
    return opened


def _open(path: str | Path) -> IO[bytes]:
    if str(path) == "-":
        return sys.stdin.buffer
    try:
        return Path(path).open("rb")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"cannot read {path}: {reason}") from None


def _sniff(stream: IO[bytes], name: str) -> str:
    start: bytes = stream.peek(_LOOKED_AT)[:_LOOKED_AT]  # type: ignore[attr-defined]
    if not start:
        raise InputError(f"{name} is empty; metadata was expected")
    if start.startswith(b"SL"):
        return "packed"
    text = start.lstrip(b" \t\r\n\xef\xbb\xbf")
    if text.startswith((b"{", b"[")):
        if _AZURE_EVENTS.search(text) and b'"detectionIds"' in text:
            raise InputError(
                f"{name} holds events of Azure's Spatial Analysis, which are answers; "
                "give the recording that they were made from"
            )
        return "jsonl" if _OURS.match(text) else _foreign(text)
    if text.startswith(b"<"):
        return "onvif"
    if text[:1].isdigit() and b"," in text:
        return "mot"
    raise InputError(
        f"{name} is none of the metadata formats {', '.join(READERS)}; name its format"
    )


def _foreign(text: bytes) -> str:
    found = (form for form, marks in _MARKS.items() if all(mark in text for mark in marks))
    return next(found, "jsonl")
