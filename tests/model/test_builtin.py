"""The network that comes with Sightline: small, as its card says, and good at what it is for."""

import hashlib
import importlib.util
import json
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from sightline.model.load import builtin_names, load_model
from sightline.picture import Frame
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.fitting import fitted_decoder
from sightline.sensor.base import Capture, SensorConfig
from sightline.sensor.engines.onnx import OnnxEngine
from sightline.sensor.virtual import VirtualSensor
from sightline.source.base import SourceConfig
from sightline.source.scene import SceneSource

ROOT = Path(__file__).parents[2]
FOLDER = files("sightline.model") / "builtin"
CARD = json.loads((FOLDER / "scene.json").read_text())


def training(name: str) -> ModuleType:
    """A module of the training scripts, which are no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "training" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_built_in_and_its_card_is_its_own() -> None:
    model = load_model("scene")
    assert builtin_names() == ["scene"]
    assert hashlib.sha256(model.data).hexdigest() == CARD["sha256"]
    assert len(model.data) == CARD["bytes"] < 2_000_000
    assert model.recipe
    assert model.recipe.labels == ("person", "trolley")


def test_it_takes_bytes_and_computes_with_bytes() -> None:
    onnx = pytest.importorskip("onnx")
    graph = onnx.load_from_string(load_model("scene").data).graph
    assert graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.UINT8
    weights = {item.name: item.data_type for item in graph.initializer}
    makers = {node.output[0]: node for node in graph.node}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    quantised = [
        node
        for node in convolutions
        if (maker := makers.get(node.input[1]))
        and maker.op_type == "DequantizeLinear"
        and weights[maker.input[0]] == onnx.TensorProto.INT8
    ]
    assert len(quantised) > 0.85 * len(convolutions)


def test_the_page_says_what_the_card_says() -> None:
    page = (ROOT / "docs" / "models" / "scene.md").read_text()
    for label in ("person", "trolley"):
        for light, result in CARD["metrics"]["int8"][label].items():
            row = f"| {label} | {light} | {result['AP50']:.3f} | {result['AP']:.3f} |"
            assert row in page
    assert "no photograph" in page


def captures(uri: str) -> tuple[list[Capture], Any]:
    model = load_model("scene")
    engine = OnnxEngine(model)
    assert model.recipe
    pictures = [item for item in SceneSource(SourceConfig(uri=uri)).frames()
                if isinstance(item, Frame)]  # fmt: skip
    with VirtualSensor(pictures, engine, model.recipe, SensorConfig()) as sensor:
        found = [item for item in sensor.captures() if isinstance(item, Capture)]
    config = DecodeConfig(score=0.01, iou=0.6)
    return found, fitted_decoder(
        "scene", model.recipe, engine.signature, model.recipe.labels, config
    )


@pytest.mark.parametrize(("light", "floor"), [("day", 0.9), ("night", 0.9)])
def test_it_finds_people_in_a_world_that_it_has_not_seen(light: str, floor: float) -> None:
    score = training("average_precision").AveragePrecision((0.5,))
    found, decode = captures(f"scene:?seed=9500&size=640x360&fps=0.7&seconds=20&light={light}")
    for capture in found:
        detections = decode(capture.tensors)
        boxes = capture.placement.to_sensor(detections.boxes)
        people = detections.labels == 0
        objects = [item for item in capture.truth["objects"] if item["label"] == "person"]  # type: ignore[index]
        true = np.array([item["box"] for item in objects]).reshape(-1, 4)
        hidden = np.array([item["visible"] < 0.3 for item in objects], bool)
        score.add(boxes[people], detections.scores[people], true, hidden)
    result = score.result()
    assert result["objects"] > 30
    assert result["AP50"] > floor


def test_average_precision_is_right_where_it_can_be_worked_out() -> None:
    boxes = np.array([[0, 0, 1, 1], [2, 2, 3, 3.0]])
    score = training("average_precision").AveragePrecision((0.5,))
    score.add(boxes, np.array([0.9, 0.8]), boxes[1:], np.zeros(1, bool))
    assert score.result()["AP50"] == pytest.approx(0.5)
    score = training("average_precision").AveragePrecision((0.5,))
    score.add(boxes, np.array([0.9, 0.8]), boxes, np.array([True, False]))
    assert score.result()["AP50"] == pytest.approx(1.0)
    score = training("average_precision").AveragePrecision((0.5,))
    score.add(boxes[:1], np.array([0.9]), boxes, np.zeros(2, bool))
    assert score.result()["AP50"] == pytest.approx(51 / 101)
