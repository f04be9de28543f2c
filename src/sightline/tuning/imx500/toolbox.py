"""Where Sony's tools are: in a Python environment of their own, never in ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sightline.errors import ConfigError, ToolError
from sightline.model.places import tools_folder

# What was seen to work together; the tools do not say so themselves.
VERSIONS = (
    "model-compression-toolkit~=2.5.1",
    "edge-mdt-tpc~=1.3.0",
    "imx500-converter[pt]~=3.19.0",
    "torch==2.6.0",
    "torchvision==0.21.0",
    "onnx==1.17.0",
    "onnxruntime==1.21.1",
    "onnx2torch~=1.5.15",
    "numpy<2.2",
)
_NEEDED = ("model_compression_toolkit", "edgemdt_tpc", "onnx2torch", "torch")
_INSTALL = "install them with: sightline model compile --install-tools"


@dataclass(frozen=True, slots=True)
class Toolbox:
    """An environment that holds the tools.

    python     its interpreter, which runs the quantiser
    converter  the program that turns a quantised network into the chip's form
    packager   the program that packs it for the camera; only Raspberry Pi OS has it
    """

    python: Path
    converter: Path
    packager: Path | None


def managed_python() -> Path:
    """The interpreter of the environment that `install` makes."""
    return tools_folder() / "imx500" / "bin" / "python"


def find_tools(python: Path | None = None) -> Toolbox:
    """The tools of the environment of `python`, or of the one that `install` made.

    Raises ConfigError that says what is missing, and how to get it.
    """
    chosen = python or managed_python()
    if not chosen.is_file():
        where = f"{chosen}: there is no such program" if python else "Sony's tools are not here"
        raise ConfigError(f"{where}; name their Python with --tools-python, or {_INSTALL}")
    converter = chosen.parent / "imxconv-pt"
    if not converter.is_file():
        raise ConfigError(
            f"{converter}: there is no such program; imx500-converter[pt] is not installed in the "
            f"environment of {chosen}; {_INSTALL}"
        )
    lacking = _lacking(chosen)
    if lacking:
        raise ConfigError(
            f"{chosen}: lacks {', '.join(lacking)}; install there: {' '.join(VERSIONS)}"
        )
    if shutil.which("java") is None:
        raise ConfigError("the converter needs Java 17: sudo apt install openjdk-17-jre-headless")
    packager = shutil.which("imx500-package")
    return Toolbox(chosen, converter, Path(packager) if packager else None)


def install() -> Path:
    """Make the environment, or bring it up to date; gigabytes. Raises ToolError."""
    python = managed_python()
    commands = [
        [sys.executable, "-m", "venv", str(python.parents[1])],
        [str(python), "-m", "pip", "install", "--upgrade", "pip"],
        [str(python), "-m", "pip", "install", *VERSIONS],
    ]
    for command in commands:
        try:
            subprocess.run(command, check=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError):
            raise ToolError(f"installing Sony's tools failed at: {' '.join(command)}") from None
    return python


def _lacking(python: Path) -> list[str]:
    """Modules that this interpreter cannot find; asked without loading them."""
    program = (
        "import sys, importlib.util as u; "
        "print(*(name for name in sys.argv[1:] if u.find_spec(name) is None))"
    )
    try:
        done = subprocess.run(  # noqa: S603
            [str(python), "-c", program, *_NEEDED],
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        raise ToolError(f"{python}: is no Python that runs") from None
    return done.stdout.split()
