"""The machine and the versions that figures were measured with, in general terms."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = (
    *("sightline", "numpy", "onnxruntime", "av", "opencv-python-headless", "lap", "msgspec"),
    *("supervision", "trackers", "scipy"),
)
_SETS = {
    "avx2": "AVX2",
    "avx512f": "AVX-512",
    "avx_vnni": "AVX-VNNI",
    "avx512_vnni": "AVX-512 VNNI",
    "avx512_bf16": "BF16",
    "amx_int8": "AMX",
    "asimd": "NEON",
    "asimddp": "DotProd",
    "sve": "SVE",
}


def processor() -> str:
    """Its model, what instructions it has for networks, and how many cores we may use."""
    text = Path("/proc/cpuinfo").read_text() if os.path.exists("/proc/cpuinfo") else ""
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.M)
    flags = re.search(r"^(?:flags|Features)\s*:\s*(.+)$", text, re.M)
    held = set(flags[1].split()) if flags else set()
    sets = ", ".join(name for flag, name in _SETS.items() if flag in held)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{model[1] if model else platform.machine()} ({sets}), {cores} cores"


def memory_gb() -> float:
    """How much memory there is."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def system() -> str:
    """Operating system and Python."""
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"


def versions() -> Iterator[str]:
    """Whatever is compared, as far as it is installed."""
    for name in _PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            continue
