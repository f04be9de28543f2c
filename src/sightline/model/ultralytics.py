"""What an ONNX file exported by Ultralytics says of itself in its metadata.

The values are written as Python literals: "{0: 'person', 1: 'car'}", "[640, 640]".
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sightline.errors import ModelError

_MAX_LITERAL = 1 << 20


@dataclass(frozen=True, slots=True)
class Export:
    """Task ("detect", "classify", ...), class names in order, and the strides of the head."""

    task: str
    labels: tuple[str, ...]
    stride: int
    licence: str
    created: datetime | None


def read_export(metadata: Mapping[str, str], origin: str) -> Export | None:
    """What the metadata says, or None where it was not Ultralytics that wrote it.

    Raises ModelError naming the file and the field where it is not what Ultralytics writes.
    """
    if not {"task", "names", "stride"} <= metadata.keys():
        return None
    stride = _literal(metadata["stride"])
    if not isinstance(stride, int) or not 0 < stride <= 1024:
        raise ModelError(f"{origin}: metadata: stride: {metadata['stride'][:40]!r} is no stride")
    return Export(
        metadata["task"][:40],
        _names(_literal(metadata["names"]), origin),
        stride,
        metadata.get("license", "").partition(" ")[0][:200],
        _date(metadata.get("date", "")),
    )


def _names(value: Any, origin: str) -> tuple[str, ...]:
    names = list(value.values()) if isinstance(value, dict) else value
    in_order = not isinstance(value, dict) or list(value) == list(range(len(value)))
    if not isinstance(names, list) or not in_order or not all(isinstance(n, str) for n in names):
        raise ModelError(f"{origin}: metadata: names: are not class names in order")
    return tuple(names)


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text.strip()) if len(text) <= _MAX_LITERAL else None
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None


def _date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        return None
