"""What an installation weighs, how soon it answers, and the memory of a running camera."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.base import Findings, Row, Skipped
from benchmarks.inputs import HOW, Inputs

ROOT = Path(__file__).parents[1]
TIMES = 9
_IMPORT = "from time import perf_counter as t; b = t(); import sightline; print(t() - b)"


def rows(inputs: Inputs) -> Findings:
    """Measured in an environment made for it, with nothing installed but Sightline."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=False)
        binaries = folder / "venv" / "bin"
        python = binaries / "python"
        if failure := _install(python, str(ROOT)):
            yield Skipped("footprint", f"pip could not install: {failure}")
            return
        yield Row("core install", _megabytes(folder / "venv"), "MB", target=250)
        help_ = [str(binaries / "sightline"), "--help"]
        yield Row("sightline --help, wall", _median(lambda: _wall(help_)), "s", target=0.4)
        yield Row("sightline --help, CPU", _median(lambda: _cpu(help_)), "s")
        quick = [str(python), "-c", _IMPORT]
        yield Row("import sightline", _median(lambda: float(_output(quick)) * 1e3), "ms", target=50)
        _install(python, f"{ROOT}[camera]")
        yield Row("install with [camera]", _megabytes(folder / "venv"), "MB")
        yield _memory(binaries / "sightline", inputs)


def _install(python: Path, what: str) -> str:
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", what]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip().rpartition("\n")[2] if done.returncode else ""


def _megabytes(folder: Path) -> float:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


def _memory(sightline: Path, inputs: Inputs) -> Row | Skipped:
    claim = "resident memory of a running camera"
    if not inputs.network or not inputs.video:
        return Skipped(claim, f"needs YOLOX-nano and a video of people: {HOW}")
    command = [str(sightline), "run", str(inputs.video), "--model", str(inputs.network)]
    command += ["--classes", "person", "--metadata", os.devnull, "--format", "jsonl"]
    command += ["--line", "door:0.5,0,0.5,1", "--max-frames", "300", "--quiet"]
    peak = 0
    with subprocess.Popen(command) as process:
        status = Path(f"/proc/{process.pid}/status")
        while process.poll() is None:
            found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
            peak = max(peak, int(found[1]) if found else 0)
            time.sleep(0.02)
    if process.returncode:
        return Skipped(claim, "the run failed")
    return Row(f"{claim}, peak", peak * 1024 / 1e6, "MB", target=200)


def _median(measure: Callable[[], float]) -> float:
    measure()
    return median(measure() for _ in range(TIMES))


def _wall(command: list[str]) -> float:
    begun = time.perf_counter()
    _output(command)
    return time.perf_counter() - begun


def _cpu(command: list[str]) -> float:
    before = _children()
    _output(command)
    return _children() - before


def _children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
