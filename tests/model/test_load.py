"""From a name or a file to a network that is safe to hand to a runtime."""

import hashlib
import json
from pathlib import Path

import pytest

from sightline.errors import InputError, ModelError, SightlineError
from sightline.model import load
from sightline.model.load import builtin, builtin_names, load_model, recipe_of

RECIPE = {"decoder": "yolox", "input": {"width": 64, "height": 32}, "labels": ["cup"]}


@pytest.fixture
def network(make_onnx, tmp_path: Path) -> Path:
    import numpy as np

    file = tmp_path / "small.onnx"
    file.write_bytes(make_onnx((1, 3, 8, 8), {"out": np.zeros(1, np.float32)}))
    return file


def test_a_file(network: Path) -> None:
    model = load_model(str(network))
    assert (model.name, model.format, model.recipe) == ("small", "onnx", None)
    assert model.data == network.read_bytes()
    assert model.digest == hashlib.sha256(model.data).hexdigest()


def test_the_ending_may_be_written_large(network: Path) -> None:
    assert load_model(str(network.rename(network.with_name("A.ONNX")))).name == "A"


@pytest.mark.parametrize(
    ("name", "content", "kind", "words"),
    [
        ("a.onnx", b"", InputError, "is empty"),
        ("a.onnx", b"not a network", ModelError, "damaged"),
        ("a.onnx", b"PK\x03\x04", ModelError, "zip archive"),
        ("a.tflite", b"\x00" * 20, ModelError, "not a TFLite network"),
        ("a.tflite", b"TFL3", ModelError, "not a TFLite network"),
        ("a.pt", b"PK\x03\x04", ModelError, r"ends with \.onnx or \.tflite"),
        ("a.mp4", b"1", ModelError, r"ends with \.onnx or \.tflite"),
    ],
)
def test_what_is_no_network(
    tmp_path: Path, name: str, content: bytes, kind: type[SightlineError], words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(kind, match=rf"{name}.*{words}"):
        load_model(str(tmp_path / name))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.onnx: cannot be read: no such file"):
        load_model(str(tmp_path / "gone.onnx"))


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"ends with \.onnx"):
        load_model(str(tmp_path))
    (tmp_path / "folder.onnx").mkdir()
    with pytest.raises(InputError, match="is a directory"):
        load_model(str(tmp_path / "folder.onnx"))


def test_too_large(network: Path, monkeypatch) -> None:
    monkeypatch.setattr(load, "_MOST_BYTES", 10)
    with pytest.raises(ModelError, match="can be loaded"):
        load_model(str(network))


def test_an_unknown_name() -> None:
    with pytest.raises(InputError, match="'zebrafinder': there is no such file, and no network"):
        load_model("zebrafinder")


def test_a_file_is_not_taken_where_only_signed_packages_are(network: Path) -> None:
    with pytest.raises(ModelError, match="only signed packages"):
        load_model(str(network), require_signature=True)


def test_every_builtin_network_has_its_recipe() -> None:
    for name in builtin_names():
        model = builtin(name)
        assert model is not None
        assert model.recipe is not None
        assert model.recipe.labels
        assert len(model.data) < 2_000_000


def test_a_card(tmp_path: Path) -> None:
    found = recipe_of(json.dumps({"recipe": RECIPE, "licence": "Apache-2.0"}).encode(), "net")
    assert (found.decoder, found.labels, found.input.height) == ("yolox", ("cup",), 32)


@pytest.mark.parametrize(
    "card", [b"", b"{", b"[]", b"{}", b'{"recipe": 3}', b'{"recipe": {"decoder": "x"}}', b"\xff"]
)
def test_a_card_without_a_sound_recipe(card: bytes) -> None:
    with pytest.raises(ModelError, match=r"^net: its card holds no sound recipe: [^\n]+$"):
        recipe_of(card, "net")
