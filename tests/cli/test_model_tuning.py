"""Networks measured and remade from the command line: results, and mistakes as one sentence."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from sightline.camera.networks import Networks
from sightline.cli.model import app
from sightline.errors import ConfigError, InputError, ModelError, OutputError, SightlineError
from sightline.model.importing import import_network
from sightline.model.manifest import Target
from sightline.model.package import make_package, open_package

run = CliRunner().invoke
MakeOnnx = Callable[..., bytes]


@pytest.fixture
def pets(make_onnx: MakeOnnx, tmp_path: Path) -> Path:
    """Sees a cat at 8..24 in every picture of 64x64."""
    output = np.zeros((1, 6, 84), np.float32)
    output[0, :, 0] = (16, 16, 16, 16, 0.9, 0.0)
    metadata = {"task": "detect", "names": "{0: 'cat', 1: 'dog'}", "imgsz": "[64, 64]"}
    path = tmp_path / "pets.onnx"
    path.write_bytes(make_onnx([1, 3, 64, 64], {"output0": output}, metadata))
    return path


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    cv2.imwrite(str(tmp_path / "a.png"), np.full((64, 64, 3), 90, np.uint8))
    page = {
        "images": [{"id": 1, "file_name": "a.png"}],
        "annotations": [{"image_id": 1, "category_id": 1, "bbox": [8, 8, 16, 16]}],
        "categories": [{"id": 1, "name": "cat"}],
    }
    path = tmp_path / "truth.json"
    path.write_text(json.dumps(page))
    return path


def test_evaluate_writes_figures_and_a_page(pets: Path, truth: Path, tmp_path: Path) -> None:
    page, figures = tmp_path / "out.html", tmp_path / "out.json"
    arguments = ["evaluate", str(pets), "--data", str(truth), "--images", str(tmp_path)]
    done = run(app, [*arguments, "--against", str(pets), "--report", str(page),
                     "--json", str(figures)], catch_exceptions=False)  # fmt: skip
    assert done.exit_code == 0
    assert "+0.0000" in done.stdout
    read = json.loads(figures.read_text())
    assert read["AP"] == read["against"]["AP"] == pytest.approx(1)
    html = page.read_text()
    assert html.count("<svg") == 4
    for outside in ("<script", "<link", "<img", 'src="http', "url(http"):
        assert outside not in html


def test_figures_on_standard_output(pets: Path, truth: Path, tmp_path: Path) -> None:
    arguments = ["evaluate", str(pets), "--data", str(truth), "--images", str(tmp_path)]
    done = run(app, [*arguments, "--json", "-"], catch_exceptions=False)
    assert json.loads(done.stdout)["AP50"] == pytest.approx(1)


def test_both_networks_of_a_package(
    pets: Path, make_onnx: MakeOnnx, truth: Path, tmp_path: Path
) -> None:
    """The one that is asked for is measured, and the two are told apart by name."""
    blind = make_onnx([1, 3, 64, 64], {"output0": np.zeros((1, 6, 84), np.float32)})
    one = import_network(pets, Networks())
    held = {name: Target(file=f"networks/{name}.onnx") for name in ("onnx-float", "onnx-int8")}
    manifest = one.manifest.model_copy(update={"targets": held})
    files = dict(zip((t.file for t in held.values()), (one.network(), blind), strict=True))
    path = tmp_path / "both.slm"
    make_package(manifest, files).write(path)
    arguments = ["evaluate", str(path), "--data", str(truth), "--images", str(tmp_path),
                 "--json", "-"]  # fmt: skip
    done = run(app, [*arguments, "--target", "onnx-int8", "--against", str(path)])
    read = json.loads(done.stdout)
    assert (read["AP"], read["model"]) == (0, "both.slm onnx-int8")
    assert (read["against"]["AP"], read["against"]["model"]) == (pytest.approx(1), "both.slm")
    with pytest.raises(ModelError, match="holds no network for tflite"):
        run(app, [*arguments, "--target", "tflite"], catch_exceptions=False)


def test_bench_measures_each_stage(pets: Path) -> None:
    done = run(app, ["bench", str(pets), "--runs", "3", "--json"], catch_exceptions=False)
    rows = json.loads(done.stdout)["rows"]
    assert {"cpu"} <= {row["engine"] for row in rows}
    first = rows[0]
    assert first["threads"] == 1
    assert first["total"] == pytest.approx(
        first["preprocess"] + first["network"] + first["postprocess"], abs=0.002
    )
    assert "preprocess" in run(app, ["bench", str(pets), "--runs", "2"]).stdout


def test_check_says_that_it_is_an_estimate(pets: Path, tmp_path: Path) -> None:
    done = run(app, ["check", str(pets), "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    page = json.loads(done.stdout)
    assert (page["fits"], page["estimate"], page["input"]) == (True, True, [64, 64])
    report = tmp_path / "MemoryReport.json"
    report.write_text(json.dumps({"Memory Report": {
        "Memory Usage": "19.80MB", "Memory Utilization": "248%", "Fit In Chip": False,
        "Model Memory Physical Size": "14.03MB",
    }}))  # fmt: skip
    done = run(app, ["check", str(pets), "--report", str(report)])
    assert done.exit_code == 1
    assert done.stdout.startswith("does not fit on the imx500, by the converter's report")


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        (["evaluate", "{pets}", "--data", "{dir}/none.json"], InputError, "no such file"),
        (["evaluate", "{pets}", "--data", "{truth}"], ConfigError, "--images"),
        (["evaluate", "{pets}", "--data", "{truth}", "--target", "onnx-int8"],
         ModelError, "only a package"),
        (["evaluate", "{pets}", "--data", "{truth}", "--images", "{dir}", "--report",
          "{dir}/no/x.html"], OutputError, "cannot be written"),
        (["quantize", "{pets}", "--calibrate", "{dir}/empty", "-o", "{dir}/x.slm"],
         InputError, "holds no image"),
        (["quantize", "{pets}", "--calibrate", "{dir}", "-o", "{dir}/x.slm"],
         ModelError, "no layer with weights"),
        (["quantize", "{pets}", "--calibrate", "{dir}", "-o", "{dir}/x.zip"],
         ConfigError, "ends with .slm or .onnx"),
        (["quantize", "{pets}", "--calibrate", "{dir}", "-o", "{dir}/no/x.slm"],
         OutputError, "its folder is missing"),
        (["quantize", "{dir}/junk.onnx", "--calibrate", "{dir}", "-o", "{dir}/x.slm"],
         ModelError, "junk.onnx"),
        (["quantize", "{pets}", "--calibrate", "{dir}", "-o", "{dir}/x.slm",
          "--labels", "{dir}/three.txt"], ConfigError, "2 classes, but 3 labels"),
        (["check", "{dir}/junk.onnx"], ModelError, "junk.onnx"),
        (["compile", "{pets}"], ConfigError, "--calibrate"),
        (["compile", "{pets}", "--calibrate", "{dir}", "-o", "{dir}/x.slm",
          "--tools-python", "{dir}/none"], ConfigError, "no such program"),
        (["bench", "{dir}/junk.onnx"], ModelError, "junk.onnx"),
    ],
)  # fmt: skip
def test_mistakes_are_one_sentence_and_leave_nothing(
    pets: Path,
    truth: Path,
    tmp_path: Path,
    arguments: list[str],
    error: type[SightlineError],
    told: str,
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "junk.onnx").write_bytes(b"\x08\x08junk")
    (tmp_path / "three.txt").write_text("a\nb\nc\n")
    before = sorted(tmp_path.iterdir())
    filled = [item.format(pets=pets, truth=truth, dir=tmp_path) for item in arguments]
    with pytest.raises(error) as caught:
        run(app, filled, catch_exceptions=False)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.data
def test_a_network_becomes_a_signed_off_int8_package(data: Path, tmp_path: Path) -> None:
    source = data / "models" / "light_person_detector.onnx"
    out = tmp_path / "person.slm"
    (tmp_path / "person.txt").write_text("person\n")
    images = data / "coco" / "rep100" / "images"
    done = run(app, ["quantize", str(source), "--calibrate", str(images), "--pictures", "8",
                     "--labels", str(tmp_path / "person.txt"), "--max-loss", "0.5",
                     "-o", str(out)], catch_exceptions=False)  # fmt: skip
    assert done.exit_code == 0
    package = open_package(out)
    assert "onnx-int8" in package.manifest.targets
    assert len(package.network("onnx-int8")) < 0.5 * source.stat().st_size


def test_help_stays_light() -> None:
    program = (
        "import sys; from sightline.cli.model import app\n"
        "heavy = {'onnx', 'onnxruntime', 'matplotlib', 'faster_coco_eval', 'cv2', 'jinja2'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
