"""Bare networks become packages, the same ones every time."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from sightline.camera.networks import Networks
from sightline.errors import DecoderError, InputError, ModelError, SightlineError
from sightline.model.importing import About, import_network, made_on
from sightline.model.load import load_model
from sightline.model.package import open_package

MakeOnnx = Callable[..., bytes]

YOLO = np.zeros((1, 6, 84), np.float32)  # 64x64: 8x8 + 4x4 + 2x2 cells, two classes
EXPORT = {
    "task": "detect",
    "names": "{0: 'cat', 1: 'dog'}",
    "stride": "32",
    "imgsz": "[64, 64]",
    "license": "AGPL-3.0 License (https://ultralytics.com/license)",
    "date": "2024-05-06T07:08:09.123456",
}


@pytest.fixture
def yolo(make_onnx: MakeOnnx, tmp_path: Path) -> Path:
    path = tmp_path / "My Cats v2.onnx"
    path.write_bytes(make_onnx([1, 3, 64, 64], {"output0": YOLO}, EXPORT))
    return path


def test_what_ultralytics_wrote_into_the_file(yolo: Path) -> None:
    manifest = import_network(yolo, Networks()).manifest
    assert manifest.name == "my-cats-v2"
    assert manifest.recipe.labels == ("cat", "dog")
    assert manifest.recipe.decoder == "yolo"
    assert manifest.licence == "AGPL-3.0"
    assert manifest.created is not None
    assert manifest.created.year == 2024
    assert manifest.provenance.source == "My Cats v2.onnx"
    assert manifest.default == "onnx-float"


def test_what_a_person_says_goes_first(yolo: Path) -> None:
    about = About(
        name="pets", version="2.1.0", labels=("a", "b"), licence="MIT", source="https://x"
    )
    manifest = import_network(yolo, Networks(), about).manifest
    assert (manifest.name, manifest.version, manifest.licence) == ("pets", "2.1.0", "MIT")
    assert (manifest.recipe.labels, manifest.provenance.source) == (("a", "b"), "https://x")


def test_the_same_file_gives_the_same_bytes(yolo: Path) -> None:
    one = import_network(yolo, Networks(), About(created=made_on(yolo)))
    two = import_network(yolo, Networks(), About(created=made_on(yolo)))
    assert one.to_bytes() == two.to_bytes()


def test_when_a_network_was_made(yolo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(yolo, (1e9, 1e9))
    assert made_on(yolo) == datetime.fromtimestamp(1e9, UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert made_on(yolo) == datetime(1970, 1, 2, tzinfo=UTC)


def test_a_package_is_run_as_its_recipe_says(yolo: Path, tmp_path: Path) -> None:
    path = tmp_path / "pets.slm"
    import_network(yolo, Networks()).write(path)
    model = load_model(str(path))
    assert (model.name, model.format, model.data) == ("my-cats-v2", "onnx", yolo.read_bytes())
    assert model.recipe == open_package(path).manifest.recipe


@pytest.mark.parametrize("task", ["obb", "track"])
def test_other_tasks_of_ultralytics_are_named(
    make_onnx: MakeOnnx, tmp_path: Path, task: str
) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(make_onnx([1, 3, 64, 64], {"o": YOLO}, EXPORT | {"task": task}))
    with pytest.raises(DecoderError, match=rf"net\.onnx: metadata: task: .*{task}"):
        import_network(path, Networks())


@pytest.mark.parametrize("names", ["{0: 'a', 5: 'b'}", "__import__('os')", "[" * 9999, "7", ""])
def test_names_that_are_no_literal_are_not_run(
    make_onnx: MakeOnnx, tmp_path: Path, names: str
) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(make_onnx([1, 3, 64, 64], {"o": YOLO}, EXPORT | {"names": names}))
    assert import_network(path, Networks()).manifest.recipe.labels == ("class 0", "class 1")


def test_a_wrong_number_of_labels_is_told(yolo: Path) -> None:
    with pytest.raises(SightlineError, match=r"v2\.onnx: the network has 2 classes, but 3 labels"):
        import_network(yolo, Networks(), About(labels=("a", "b", "c")))


def test_a_network_that_nobody_claims(make_onnx: MakeOnnx, tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(make_onnx([1, 3, 64, 64], {"o": np.zeros((3, 3, 3), np.float32)}))
    with pytest.raises(DecoderError, match=r"net\.onnx: .*--decoder"):
        import_network(path, Networks())
    with pytest.raises(DecoderError, match=r"net\.onnx: "):
        import_network(path, Networks(), About(decoder="ssd"))


def test_an_operator_that_the_runtime_lacks(tmp_path: Path) -> None:
    from onnx import TensorProto, helper

    picture = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 8, 8])
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3, 8, 8])
    node = helper.make_node("Teleport", ["x"], ["y"], domain="elsewhere")
    graph = helper.make_graph([node], "g", [picture], [out])
    path = tmp_path / "net.onnx"
    path.write_bytes(helper.make_model(graph).SerializeToString())
    with pytest.raises(ModelError, match=r"net\.onnx: .*ONNX Runtime refuses it"):
        import_network(path, Networks())


def test_a_package_and_a_missing_file_are_no_networks(yolo: Path, tmp_path: Path) -> None:
    path = tmp_path / "pets.slm"
    import_network(yolo, Networks()).write(path)
    with pytest.raises(InputError, match="package already"):
        import_network(path, Networks())
    with pytest.raises(InputError, match="No such file"):
        import_network(tmp_path / "none.onnx", Networks())


@pytest.mark.data
def test_a_network_for_the_chip(data: Path, tmp_path: Path) -> None:
    path = data / "models" / "rpk" / "imx500_network_nanodet_plus_416x416_pp.rpk"
    manifest = import_network(path, Networks()).manifest
    assert list(manifest.targets) == ["imx500"]
    assert (manifest.recipe.decoder, manifest.recipe.input.colour) == ("ssd", "bgr")
    assert (manifest.recipe.labels[0], manifest.recipe.labels[11]) == ("person", "unused 11")
    packed = tmp_path / "chip.slm"
    import_network(path, Networks()).write(packed)
    with pytest.raises(ModelError, match="IMX500 alone"):
        load_model(str(packed))


@pytest.mark.data
def test_classes_of_a_network_for_the_chip(data: Path) -> None:
    path = data / "models" / "rpk" / "imx500_network_mobilenet_v2.rpk"
    labels = import_network(path, Networks()).manifest.recipe.labels
    assert (len(labels), labels[0]) == (1000, "tench, Tinca tinca")
    silent = data / "models" / "rpk" / "imx500_network_inputtensoronly.rpk"
    with pytest.raises(DecoderError, match="none is named"):
        import_network(silent, Networks())
