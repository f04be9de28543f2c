"""TFLite networks behind the engine's contract."""

import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.errors import MissingExtra, ModelError
from sightline.model.load import Model, load_model
from sightline.picture.opencv import opencv
from sightline.sensor.engines.litert import LiteRtEngine

NETWORK = "cls_mobilenet_v1_0.25_128_quant.tflite"


@pytest.fixture(scope="module")
def engine(data: Path) -> LiteRtEngine:
    pytest.importorskip("ai_edge_litert", reason="LiteRT is an extra")
    return LiteRtEngine(load_model(str(data / "models" / NETWORK)), threads=1)


@pytest.fixture(scope="module")
def cat(data: Path) -> NDArray[np.uint8]:
    image = opencv().imread(str(data / "models" / "images" / "cat.bmp"))
    small: NDArray[np.uint8] = opencv().resize(image[:, :, ::-1], (128, 128))
    return small[None]


@pytest.mark.data
def test_the_signature_names_types_and_quantisation(engine: LiteRtEngine) -> None:
    [picture], [scores] = engine.signature.inputs, engine.signature.outputs
    assert (picture.shape, picture.dtype) == ((1, 128, 128, 3), "uint8")
    assert scores.shape == (1, 1001)
    assert scores.scale == pytest.approx(1 / 256)


@pytest.mark.data
def test_quantised_outputs_are_real_numbers(engine: LiteRtEngine, cat, data: Path) -> None:
    [scores] = engine.run([cat])
    assert scores.dtype == np.float32
    assert scores.sum() == pytest.approx(1, abs=0.1)
    names = (data / "models" / "imagenet_labels.txt").read_text().splitlines()
    assert "cat" in names[int(scores.argmax())].lower()


@pytest.mark.data
def test_threads_take_turns(engine: LiteRtEngine, cat) -> None:
    [expected] = engine.run([cat])
    found: list[NDArray[np.float32]] = []

    def camera(tensor: NDArray[np.uint8]) -> None:
        found.extend(engine.run([tensor])[0] for _ in range(10))

    threads = [threading.Thread(target=camera, args=(cat,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert all(np.array_equal(scores, expected) for scores in found)


@pytest.mark.data
def test_a_wrong_tensor_is_one_sentence(engine: LiteRtEngine) -> None:
    with pytest.raises(ModelError, match="failed while running"):
        engine.run([np.zeros((1, 9, 9, 3), np.uint8)])


@pytest.mark.data
def test_a_damaged_network(data: Path) -> None:
    pytest.importorskip("ai_edge_litert", reason="LiteRT is an extra")
    whole = (data / "models" / NETWORK).read_bytes()
    with pytest.raises(ModelError, match=r"^net: LiteRT refuses it: [^\n]+$"):
        LiteRtEngine(Model("net", "tflite", whole[:5000]))


def test_without_the_extra(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(MissingExtra, match=r"sightline\[litert\]"):
        LiteRtEngine(Model("net", "tflite", b""))
