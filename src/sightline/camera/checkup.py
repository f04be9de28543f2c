"""What this machine can do, and a fix for each thing that it cannot."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_INSTRUCTION_SETS = {
    "avx2": "float networks run well",
    "avx512f": "float networks run very well",
    "avx512_vnni": "int8 networks run faster than float",
    "avx_vnni": "int8 networks run faster than float",
    "amx_int8": "int8 networks run much faster than float",
    "asimddp": "int8 networks run faster than float",
    "i8mm": "int8 networks run much faster than float",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `fix` says what to do where it is missing and wanted."""

    area: str
    name: str
    ok: bool
    detail: str
    fix: str = ""


def check_up() -> Iterator[Finding]:
    """Look at everything, in the order in which a person reads it."""
    checks: list[Callable[[], Iterator[Finding]]] = [_system, _packages, _engines, _cameras]
    for check in checks:
        yield from check()


def _system() -> Iterator[Finding]:
    yield Finding("system", "Python", True, platform.python_version())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Finding("system", "processor", True, f"{platform.machine()}, {cores} cores")
    flags = _cpu_flags()
    known = [name for name in _INSTRUCTION_SETS if name in flags]
    detail = ", ".join(f"{name} ({_INSTRUCTION_SETS[name]})" for name in known)
    fix = "int8 networks will be slow here; prefer float ones" if flags and not known else ""
    yield Finding("system", "instruction sets", bool(known), detail or "none that helps", fix)


def _cpu_flags() -> set[str]:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return set()
    lines = (line for line in text.splitlines() if line.startswith(("flags", "Features")))
    return set(next(lines, "").partition(":")[2].split())


def _packages() -> Iterator[Finding]:
    wanted = {
        "av": "decodes and encodes video",
        "opencv-python-headless": "scales and draws pictures",
        "onnxruntime": "runs ONNX networks",
    }
    for package, purpose in wanted.items():
        yield _package(package, purpose, "pip install 'sightline[camera]'")
    yield _package(
        "ai-edge-litert",
        "runs TFLite networks",
        "only for .tflite: pip install 'sightline[litert]'",
    )


def _package(name: str, purpose: str, fix: str) -> Finding:
    try:
        return Finding("packages", name, True, f"{version(name)}, {purpose}")
    except PackageNotFoundError:
        return Finding("packages", name, False, f"not installed; {purpose}", fix)


def _engines() -> Iterator[Finding]:
    try:
        from sightline.sensor.engines.providers import available
    except ImportError:
        return
    for name, found, fix in available():
        yield Finding("engines", name, found, "ready" if found else "not in this build", fix)


def _cameras() -> Iterator[Finding]:
    from sightline.source.usb import list_cameras

    found = list_cameras()
    for uri, name in found:
        yield Finding("cameras", uri, True, name)
    if not found:
        yield Finding("cameras", "USB", False, "none found", "plug one in, or use another source")
    try:
        import_module("picamera2")
        yield Finding("cameras", "Raspberry Pi", True, "picamera2 is installed")
    except ImportError:
        on_a_pi = Path("/proc/device-tree/model").exists() and shutil.which("rpicam-hello")
        fix = "sudo apt install python3-picamera2 imx500-all" if on_a_pi else ""
        yield Finding("cameras", "Raspberry Pi", False, "picamera2 is not installed", fix)
