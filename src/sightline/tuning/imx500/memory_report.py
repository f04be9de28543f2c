"""What the converter says of the memory that a network takes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from sightline.errors import ToolError

_SIZE = re.compile(r"([\d.]+)\s*(B|KB|MB|GB)")
_UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}


@dataclass(frozen=True, slots=True)
class MemoryReport:
    """Bytes, as the report rounds them; `percent` of the chip's memory."""

    weights: int
    activations: int
    total: int
    percent: int
    fits: bool


def find_report(folder: Path) -> MemoryReport | None:
    """The report that a run of the converter left, also one that failed. Raises ToolError."""
    for path in sorted(folder.glob("*_MemoryReport.json")):
        return read_report(path)
    return None


def read_report(path: Path) -> MemoryReport:
    """Raises ToolError where the file is no memory report."""
    try:
        page = json.loads(path.read_text(encoding="utf-8"))["Memory Report"]
        return MemoryReport(
            weights=_bytes(page.get("Model Memory Physical Size", "0B")),
            activations=_bytes(page.get("Runtime Memory Physical Size", "0B")),
            total=_bytes(page["Memory Usage"]),
            percent=int(page["Memory Utilization"].rstrip("% ")),
            fits=page["Fit In Chip"] is True,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ToolError(f"{path}: is not a memory report of the converter") from None


def _bytes(text: str) -> int:
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return round(float(match[1]) * _UNITS[match[2]])
