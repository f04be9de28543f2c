"""What a package's network found where it was made, it finds here."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sightline.camera.networks import Networks
from sightline.camera.selftest import run_selftest, with_selftest
from sightline.errors import ModelError
from sightline.model.importing import import_network
from sightline.model.package import Package, make_package, read_package
from sightline.picture.opencv import opencv

MakeOnnx = Callable[..., bytes]


def detector(make_onnx: MakeOnnx, path: Path, score: float, right: float) -> Package:
    outputs = {
        "detected_boxes": np.array([[[0.1, 0.1, right, 0.9]]], np.float32),
        "detected_classes": np.array([[1]], np.int64),
        "detected_scores": np.array([[score]], np.float32),
    }
    path.write_bytes(make_onnx([1, 3, 24, 32], outputs))
    return import_network(path, Networks())


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "picture.png"
    pixels = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
    opencv().imwrite(str(path), pixels)
    return str(path)


@pytest.fixture
def tested(make_onnx: MakeOnnx, tmp_path: Path, picture: str) -> Package:
    return with_selftest(detector(make_onnx, tmp_path / "net.onnx", 0.8, 0.6), picture)


def test_a_package_that_carries_its_own_proof(tested: Package) -> None:
    [test] = tested.manifest.selftest
    assert [item.label for item in test.expected] == [1]
    assert len(tested.files[test.file]) == 32 * 24 * 3
    assert run_selftest(read_package(tested.to_bytes(), "net.slm"), "net.slm") == 1


@pytest.mark.parametrize(
    ("score", "right", "told"),
    [(0.85, 0.62, None), (0.6, 0.6, "not found"), (0.8, 0.9, "not found"), (0.1, 0.6, "not found")],
)
def test_another_network_in_its_place(
    make_onnx: MakeOnnx, tmp_path: Path, tested: Package, score: float, right: float, told: str
) -> None:
    other = detector(make_onnx, tmp_path / "other.onnx", score, right)
    files = {name: bytes(data) for name, data in tested.files.items()}
    swapped = make_package(tested.manifest, files | dict(other.files))  # type: ignore[arg-type]
    if told is None:
        assert run_selftest(swapped, "net.slm") == 1
        return
    with pytest.raises(ModelError, match=rf"net\.slm: selftest/0\.rgb: .*{told}"):
        run_selftest(swapped, "net.slm")


def test_more_objects_than_expected(tested: Package) -> None:
    tree = json.loads(tested.manifest.to_json())
    tree["selftest"][0]["expected"] = []
    manifest = type(tested.manifest).model_validate(tree)
    bare = make_package(manifest, {name: bytes(data) for name, data in tested.files.items()})
    with pytest.raises(ModelError, match="1 objects more than expected"):
        run_selftest(bare, "net.slm")


def test_a_package_without_one(make_onnx: MakeOnnx, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds none"):
        run_selftest(detector(make_onnx, tmp_path / "net.onnx", 0.8, 0.6), "net.slm")


@pytest.mark.data
def test_a_real_network_on_real_pictures(data: Path) -> None:
    bare = import_network(data / "models" / "yolox_nano_416.onnx", Networks())
    tested = with_selftest(bare, str(data / "models" / "images"))
    assert run_selftest(tested, "yolox.slm") == 2
    assert "bird" in {
        bare.manifest.recipe.labels[item.label]
        for test in tested.manifest.selftest
        for item in test.expected
    }
