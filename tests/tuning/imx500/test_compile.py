"""Compiling with programs that behave like Sony's, and with those where they are installed."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sightline.errors import ConfigError, ModelError, ToolError
from sightline.model.manifest import Manifest, Target
from sightline.model.package import make_package, read_package
from sightline.picture import Frame
from sightline.tuning.imx500.compile import compile_network
from sightline.tuning.imx500.packing import with_chip_form
from sightline.tuning.imx500.toolbox import Toolbox, find_tools
from sightline.tuning.quantise.calibration import calibration_frames
from sightline.tuning.subject import Subject

REPORT = """{"Memory Report": {"Model Memory Physical Size": "%s",
"Runtime Memory Physical Size": "336.03KB", "Memory Usage": "%s",
"Memory Utilization": "%s", "Fit In Chip": %s}}"""

QUANTISER = """
import sys, shutil, numpy
driver, source, pictures, target = sys.argv[1:]
assert driver.endswith("driver.py") and numpy.load(pictures).shape == (2, 3, 32, 32)
shutil.copy(source, target)
"""
CONVERTER = """
import sys, pathlib
source, out = sys.argv[2], pathlib.Path(sys.argv[4])
assert sys.argv[1::2][:2] == ["-i", "-o"] and pathlib.Path(source).is_file()
out.mkdir()
(out / "colours_MemoryReport.json").write_text('''%s''')
%s
(out / "packerOut.zip").write_bytes(b"PK packed")
"""
CRASH = """
print('2026-11-24 03:28:13.164 ERROR: CODE: [ISM] ConvFe error: Not enough memory')
print('Exception in thread "main" java.lang.IllegalStateException')
print('\\tat sdsp.app.ConvMain.run(ConvMain.kt:311)', file=sys.stderr)
sys.exit(1)
"""
FITS = REPORT % ("13.59KB", "350.63KB", "5%", "true")
TOO_BIG = REPORT % ("14.03MB", "19.80MB", "248%", "false")


def program(path: Path, text: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def frames(colours: Subject, paint: Callable[..., Path]) -> list[Frame]:
    for number in (1, 2):
        folder = paint(f"seen/{number}.png", (50 * number, 90, 30)).parent
    return calibration_frames(folder, colours.recipe.input, 2)


def tools(
    folder: Path, report: str = FITS, ending: str = "", quantiser: str = QUANTISER
) -> Toolbox:
    return Toolbox(
        program(folder / "python", quantiser),
        program(folder / "imxconv-pt", CONVERTER % (report, ending)),
        None,
    )


def test_step_by_step(colours: Subject, frames: list[Frame], tmp_path: Path) -> None:
    told: list[str] = []
    done = compile_network(colours, frames, tools(tmp_path), told.append)
    assert (done.data, done.kind, done.report.percent) == (b"PK packed", "packerOut", 5)
    assert told == ["quantise for the chip", "convert for the chip"]
    target = Target(file="networks/onnx-float.onnx")
    manifest = Manifest(
        name="colours", recipe=colours.recipe, targets={"onnx-float": target}, default="onnx-float"
    )
    package = make_package(manifest, {target.file: colours.model.data})
    made = read_package(with_chip_form(package, done, "seen", 2).to_bytes(), "x.slm")
    assert made.network("imx500") == b"PK packed"
    assert made.manifest.default == "onnx-float"
    assert "imx500-package on Raspberry Pi OS" in made.manifest.provenance.steps[-1]


def test_on_a_pi_it_is_packed_too(colours: Subject, frames: list[Frame], tmp_path: Path) -> None:
    packager = "import sys, pathlib; pathlib.Path(sys.argv[4], 'network.rpk').write_bytes(b'9464')"
    box = tools(tmp_path)
    box = Toolbox(box.python, box.converter, program(tmp_path / "imx500-package", packager))
    done = compile_network(colours, frames, box)
    assert (done.data, done.kind) == (b"9464", "rpk")


def test_what_does_not_fit_is_said_with_what_to_cut(
    colours: Subject, frames: list[Frame], tmp_path: Path
) -> None:
    with pytest.raises(ModelError) as caught:
        compile_network(colours, frames, tools(tmp_path, TOO_BIG, CRASH))
    told = str(caught.value)
    assert "19.80 MB, 248 %" in told
    assert "cut about 11.8 MB, most of it is weights: use fewer or narrower layers" in told
    assert "java" not in told


def test_a_crash_is_one_sentence(colours: Subject, frames: list[Frame], tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"^colours: the converter failed: ConvFe error: Not en"):
        compile_network(colours, frames, tools(tmp_path, FITS, CRASH))


def test_an_exception_of_the_quantiser_is_one_sentence(
    colours: Subject, frames: list[Frame], tmp_path: Path
) -> None:
    broken = tools(tmp_path, quantiser="raise NotImplementedError('no such layer')")
    with pytest.raises(ToolError, match="could not quantise it: NotImplementedError: no such lay"):
        compile_network(colours, frames, broken)


def test_missing_tools_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(ConfigError, match="--install-tools"):
        find_tools()
    with pytest.raises(ConfigError, match="no such program"):
        find_tools(tmp_path / "python")
    python = program(tmp_path / "python", "print('torch')")
    with pytest.raises(ConfigError, match="imxconv-pt: there is no such program"):
        find_tools(python)
    program(tmp_path / "imxconv-pt", "")
    with pytest.raises(ConfigError, match="lacks torch; install there"):
        find_tools(python)
    with pytest.raises(ToolError, match="is no Python that runs"):
        find_tools(program(tmp_path / "python", "import sys; sys.exit(3)"))


@pytest.mark.timeout(900)
def test_the_real_tools(colours: Subject, frames: list[Frame]) -> None:
    python = os.environ.get("SIGHTLINE_IMX500_PYTHON")
    if not python:
        pytest.skip("Sony's tools are absent (SIGHTLINE_IMX500_PYTHON names their Python)")
    done = compile_network(colours, frames, find_tools(Path(python)))
    assert done.report.fits
    assert done.data[:2] == b"PK"
