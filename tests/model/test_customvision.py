"""Azure Custom Vision exports: the real manifests, and networks of the same form."""

import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.camera.networks import Networks
from sightline.errors import InputError, ModelError, SightlineError
from sightline.model.customvision import is_export, read_export
from sightline.model.importing import import_network
from sightline.model.load import load_model
from sightline.picture import Frame
from sightline.picture.rgb import RgbPicture
from sightline.postprocess.base import DecodeConfig
from sightline.tuning.subject import look, subject_of

MakeOnnx = Callable[..., bytes]

GRID = np.zeros((1, 5 * 7, 13, 13), np.float32)
BOXES = {
    "detected_boxes": np.array([[[0.1, 0.2, 0.3, 0.4]]], np.float32),
    "detected_classes": np.array([[1]], np.int64),
    "detected_scores": np.array([[0.9]], np.float32),
}


def export(
    path: Path, network: bytes, domain: str, *, file: str = "model.onnx", **more: str
) -> Path:
    manifest = {
        "DomainType": domain,
        "Platform": "ONNX",
        "Flavor": None,
        "ExporterVersion": "2.0",
        "ExportedDate": "2024-02-19T00:38:41.880282Z",
        "ModelFileName": file,
        "LabelFileName": "labels.txt",
        "ModelFileSHA1": hashlib.sha1(network).hexdigest(),
        "SchemaVersion": "1.0",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cvexport.manifest", json.dumps(manifest | more))
        archive.writestr("labels.txt", "NRBC\r\nBlast\r\n")
        archive.writestr(file, network)
    return path


def test_a_newer_detector(make_onnx: MakeOnnx, tmp_path: Path) -> None:
    metadata = {"Image.BitmapPixelFormat": "Rgb8", "Image.NominalPixelRange": "NominalRange_0_255"}
    network = make_onnx([1, 3, 320, 320], BOXES, metadata)
    package = import_network(export(tmp_path / "a.zip", network, "ObjectDetection"), Networks())
    recipe = package.manifest.recipe
    assert (recipe.decoder, recipe.labels) == ("customvision_boxes", ("NRBC", "Blast"))
    assert (recipe.input.width, recipe.input.colour, recipe.input.std) == (320, "rgb", (1.0,) * 3)
    assert package.manifest.created is not None
    assert package.manifest.created.isoformat() == "2024-02-19T00:38:41+00:00"
    assert package.network() == network


def test_an_older_detector_of_open_size(make_onnx: MakeOnnx, tmp_path: Path) -> None:
    network = make_onnx([1, 3, None, None], {"grid": GRID}, {"Image.BitmapPixelFormat": "Bgr8"})
    package = import_network(export(tmp_path / "a.zip", network, "ObjectDetection"), Networks())
    recipe = package.manifest.recipe
    assert recipe.decoder == "customvision_grid"
    assert (recipe.input.width, recipe.input.height) == (416, 416)
    assert (recipe.input.colour, recipe.input.fit) == ("bgr", "stretch")
    assert recipe.input.std == (255.0,) * 3


def test_a_classifier(make_onnx: MakeOnnx, tmp_path: Path) -> None:
    scores = np.array([[0.25, 0.75]], np.float32)
    network = make_onnx([1, 3, 224, 224], {"model_output": scores})
    package = import_network(export(tmp_path / "a.zip", network, "Classification"), Networks())
    recipe = package.manifest.recipe
    assert (recipe.task, recipe.decoder, recipe.input.fit) == (
        "classification", "classification", "crop",
    )  # fmt: skip
    assert (recipe.input.mean, recipe.input.std) == ((0.0,) * 3, (255.0,) * 3)


def test_a_wrong_number_of_labels_is_told(make_onnx: MakeOnnx, tmp_path: Path) -> None:
    network = make_onnx([1, 3, 224, 224], {"out": np.ones((1, 5), np.float32)})
    path = export(tmp_path / "a.zip", network, "Classification")
    with pytest.raises(SightlineError, match=r"a\.zip: the network has 5 classes, but 2 labels"):
        import_network(path, Networks())


def real_export(folder: Path, path: Path, network: bytes) -> Path:
    """An export with a real manifest and labels, and this network in place of the absent one."""
    manifest = json.loads((folder / "cvexport.manifest").read_text())
    manifest["ModelFileSHA1"] = hashlib.sha1(network).hexdigest()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cvexport.manifest", json.dumps(manifest))
        archive.write(folder / "labels.txt", "labels.txt")
        archive.writestr(manifest["ModelFileName"], network)
    return path


def grid_of(classes: int) -> dict[str, NDArray[Any]]:
    """The older detectors' answer: sure of the last class in the middle cell of 13 by 13."""
    cells = np.full((13, 13, 5, 5 + classes), -9, np.float32)
    cells[6, 6, 1] = [0, 0, 0, 0, 6, *[-9] * (classes - 1), 9]
    return {"grid": cells.reshape(1, 13, 13, -1).transpose(0, 3, 1, 2)}


def boxes_of(classes: int) -> dict[str, NDArray[Any]]:
    """The newer ones' answer."""
    last = np.array([[classes - 1]], np.int64)
    return {**BOXES, "detected_classes": last}


def scores_of(classes: int) -> dict[str, NDArray[Any]]:
    return {"model_output": np.eye(classes, dtype=np.float32)[-1:]}


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "answer", "classes", "shape", "decoder"),
    [
        ("onnx_bill", scores_of, 2, (1, 3, 224, 224), "classification"),
        ("onnx_coolmaker", grid_of, 1, (1, 3, None, None), "customvision_grid"),
        ("onnx_garbage", boxes_of, 8, (1, 3, 320, 320), "customvision_boxes"),
        ("tflite_od", boxes_of, 8, (1, 320, 320, 3), "customvision_boxes"),
    ],
)
def test_networks_under_the_real_manifests(
    data: Path,
    tmp_path: Path,
    make_onnx: MakeOnnx,
    name: str,
    answer: Callable[[int], dict[str, NDArray[Any]]],
    classes: int,
    shape: tuple[int | None, ...],
    decoder: str,
) -> None:
    """Imported, written, opened again, run: it says the last of the export's labels."""
    folder = data / "models" / "customvision" / name
    if name.startswith("tflite"):
        pytest.importorskip("ai_edge_litert")
        from tinytflite import make_tflite

        network = make_tflite([size or 1 for size in shape], answer(classes))
    else:
        network = make_onnx(shape, answer(classes))
    zipped = real_export(folder, tmp_path / "export.zip", network)
    import_network(zipped, Networks()).write(tmp_path / "a.slm")
    subject = subject_of(load_model(str(tmp_path / "a.slm")))
    assert subject.recipe.decoder == decoder
    assert subject.labels == tuple((folder / "labels.txt").read_text().splitlines())
    picture = RgbPicture(np.full((48, 64, 3), 90, np.uint8))
    (seen,) = look(subject, [Frame(picture, 0, 0)], DecodeConfig(score=0.5))
    assert [subject.labels[label] for label in seen.detections.labels] == [subject.labels[-1]]


@pytest.mark.data
def test_a_real_export_for_another_runtime(data: Path, tmp_path: Path) -> None:
    folder = data / "models" / "customvision" / "tf_dog"
    path = real_export(folder, tmp_path / "export.zip", b"network")
    assert is_export(path)
    with pytest.raises(ModelError, match="export it again as ONNX"):
        read_export(path)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"DomainType": "Poetry"}, "cvexport.manifest: DomainType: "),
        ({"ModelFileName": "../../etc/passwd"}, "cvexport.manifest: ModelFileName: "),
        ({"ModelFileName": "other.onnx"}, "other.onnx: is missing"),
        ({"LabelFileName": "names.txt"}, "names.txt: is missing"),
        ({"ModelFileSHA1": "00"}, "model.onnx: is not the one that was exported"),
        ({"ModelFileName": "model.xml"}, "export it again"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, more: dict[str, str], told: str) -> None:
    path = export(tmp_path / "a.zip", b"network", "Classification", **more)
    with pytest.raises(ModelError) as caught:
        read_export(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert told in str(caught.value)


def test_a_bomb_is_not_blown_up(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    export(path, b"network", "Classification")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata_properties.json", b" " * (64 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(ModelError, match="more than 4 MB"):
        read_export(path)


def test_external_data_inside_an_export_is_refused(tmp_path: Path) -> None:
    from onnx import TensorProto, helper

    tensor = helper.make_tensor("w", TensorProto.FLOAT, [1], [1.0])
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"
    model = helper.make_model(helper.make_graph([], "g", [], [], [tensor]))
    path = export(tmp_path / "a.zip", model.SerializeToString(), "Classification")
    with pytest.raises(ModelError, match=r"a\.zip: .*another file"):
        import_network(path, Networks())


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_export(tmp_path / "none.zip")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.data())
def test_damage_is_refused_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    path = export(tmp_path / "a.zip", b"network", "Classification")
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: data.draw(st.integers(1, len(whole)))])
    is_export(path)
    with contextlib.suppress(SightlineError):
        read_export(path)


def test_other_zips_are_no_exports(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("data.pkl", b"\x80")
    path = tmp_path / "weights.onnx"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(ModelError, match="PyTorch"):
        import_network(path, Networks())
