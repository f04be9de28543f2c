"""What this process holds in memory."""

from __future__ import annotations

from pathlib import Path


def resident_mb() -> float:
    """Megabytes of it in main memory now."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
