"""From a float network to the chip's form, step by step, each by a program of Sony's.

float ONNX -> quantised ONNX         model-compression-toolkit, in its own Python
quantised ONNX -> packerOut.zip      imx500-converter
packerOut.zip -> network.rpk         imx500-package, on Raspberry Pi OS only
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from sightline.errors import ModelError, ToolError
from sightline.picture import Frame
from sightline.tuning.imx500.focus import without_focus
from sightline.tuning.imx500.limits import MEMORY_BYTES
from sightline.tuning.imx500.memory_report import MemoryReport, find_report
from sightline.tuning.imx500.toolbox import Toolbox
from sightline.tuning.quantise.calibration import tensors
from sightline.tuning.subject import Subject

_MOST_S = 4 * 3600
_ERROR = re.compile(r"ERROR\s*:\s*(?:CODE: \[\w+\]\s*)?(.+)")
_PYTHON_ERROR = re.compile(r"^(?:[\w.]+\.)?(\w+(?:Error|Exception)): (.*)", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class Compiled:
    """The network in the chip's form.

    data    an .rpk, or where nothing here makes one the converter's packerOut.zip
    kind    which of the two
    report  what the converter says of the memory
    """

    data: bytes
    kind: str
    report: MemoryReport


def compile_network(
    subject: Subject,
    frames: Sequence[Frame],
    tools: Toolbox,
    tell: Callable[[str], None] = lambda step: None,
) -> Compiled:
    """Compile a float ONNX network.

    frames  pictures to measure ranges on, from `calibration_frames`
    Raises ModelError where the network does not fit, with the converter's figures, and
    ToolError for a step that failed, with its reason.
    """
    if subject.recipe.input.layout != "nchw":
        raise ModelError(
            f"{subject.name}: recipe.input.layout: is nhwc; Sony's PyTorch tools take nchw"
        )
    with tempfile.TemporaryDirectory(prefix="sightline-imx500-") as name:
        folder = Path(name)
        quantised = _quantise(subject, frames, tools, folder, tell)
        tell("convert for the chip")
        out = folder / "out"
        failure = _run([tools.converter, "-i", quantised, "-o", out, "--overwrite-output"])
        report = find_report(out) if out.is_dir() else None
        if report is not None and not report.fits:
            raise ModelError(f"{subject.name}: {does_not_fit(report)}")
        packed = out / "packerOut.zip"
        if failure or report is None or not packed.is_file():
            raise ToolError(f"{subject.name}: the converter failed: {failure or 'no output'}")
        if tools.packager is None:
            return Compiled(packed.read_bytes(), "packerOut", report)
        tell("pack for the camera")
        failure = _run([tools.packager, "-i", packed, "-o", out])
        made = sorted(out.glob("*.rpk"))
        if failure or not made:
            raise ToolError(f"{subject.name}: imx500-package failed: {failure or 'no .rpk'}")
        return Compiled(made[0].read_bytes(), "rpk", report)


def does_not_fit(report: MemoryReport) -> str:
    """What the converter found, and what to cut."""
    over = max(0, report.total - MEMORY_BYTES)
    biggest = "weights" if report.weights >= report.activations else "activations"
    remedy = (
        "use fewer or narrower layers"
        if biggest == "weights"
        else "make the input smaller, or the first layers narrower"
    )
    return (
        f"does not fit on the chip: it needs {report.total / 2**20:.2f} MB, {report.percent} % of "
        f"the memory (weights {report.weights / 2**20:.2f} MB, activations "
        f"{report.activations / 2**20:.2f} MB); cut about {over / 2**20:.1f} MB, most of it is "
        f"{biggest}: {remedy}"
    )


def _quantise(
    subject: Subject,
    frames: Sequence[Frame],
    tools: Toolbox,
    folder: Path,
    tell: Callable[[str], None],
) -> Path:
    tell("quantise for the chip")
    (folder / "float.onnx").write_bytes(without_focus(subject.model.data))
    stacked = np.concatenate(
        [tensor.copy() for tensor in tensors(frames, subject.recipe.input, "float32")]
    )
    np.save(folder / "pictures.npy", stacked)
    quantised = folder / f"{subject.name}.onnx"
    with as_file(files("sightline.tuning.imx500") / "driver.py") as driver:
        arguments = [folder / "float.onnx", folder / "pictures.npy", quantised]
        failure = _run([tools.python, driver, *arguments])
    if failure or not quantised.is_file():
        raise ToolError(
            f"{subject.name}: model-compression-toolkit could not quantise it: "
            f"{failure or 'it wrote nothing'}"
        )
    return quantised


def _run(command: Sequence[Path | str]) -> str:
    """Run a program to its end; empty where it succeeded, else the reason that it gives."""
    try:
        done = subprocess.run(  # noqa: S603
            [str(word) for word in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_MOST_S,
            check=False,
        )
    except OSError as error:
        return f"it cannot be started: {error.strerror}"
    except subprocess.TimeoutExpired:
        return f"it did not end within {_MOST_S // 3600} hours"
    return "" if done.returncode == 0 else _reason(done.stdout, done.returncode)


def _reason(said: str, code: int) -> str:
    """The first error of the converter, or the last exception of Python, out of all that noise."""
    told = _ERROR.search(said)
    raised = _PYTHON_ERROR.findall(said)
    if told:
        return " ".join(told[1].split())[:300]
    if raised:
        kind, text = raised[-1]
        return f"{kind}: {' '.join(text.split())}"[:300]
    return f"it ended with code {code} and said nothing of why"
