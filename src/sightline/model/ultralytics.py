"""What an ONNX file exported by Ultralytics says of itself besides class names and size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Export:
    """Task ("detect", "classify", ...), licence and date of the export."""

    task: str
    licence: str
    created: datetime | None


def read_export(metadata: Mapping[str, str]) -> Export | None:
    """What the metadata says, or None where it was not Ultralytics that wrote it."""
    if not {"task", "names", "stride"} <= metadata.keys():
        return None
    licence, _, _ = metadata.get("license", "").partition(" ")
    return Export(metadata["task"][:40], licence[:200], _date(metadata.get("date", "")))


def _date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        return None
