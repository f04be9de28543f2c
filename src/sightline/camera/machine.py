"""How the machine is doing that a camera runs on."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

_THERMAL = Path("/sys/class/thermal")


def temperature_c(folder: Path = _THERMAL) -> float | None:
    """The warmest sensor of the processor; None where the machine has none."""
    found = []
    for zone in folder.glob("thermal_zone*/temp"):
        with suppress(OSError, ValueError):
            found.append(int(zone.read_text()) / 1000)
    return max(found, default=None)


def memory_mb() -> float:
    """What this process holds in memory."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
    return 0.0


def disk_free_mb(folder: Path) -> float:
    """Room on the disk of a folder."""
    with suppress(OSError):
        return round(shutil.disk_usage(folder).free / 1e6, 1)
    return 0.0
