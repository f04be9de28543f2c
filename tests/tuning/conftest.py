"""Networks and pictures that are small enough to know by heart."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.model.load import Model
from sightline.tuning.subject import Subject, subject_of

CAT, DOG = 0, 1


@pytest.fixture(scope="session")
def pets(make_onnx: Callable[..., bytes]) -> Subject:
    """Sees in every picture of 64x64 a cat at 8..24 and a dog at 32..56, both ways."""
    output = np.zeros((1, 6, 84), np.float32)
    output[0, :, 0] = (16, 16, 16, 16, 0.9, 0.0)
    output[0, :, 1] = (44, 44, 24, 24, 0.0, 0.8)
    metadata = {"task": "detect", "names": "{0: 'cat', 1: 'dog'}", "stride": "32"}
    data = make_onnx([1, 3, 64, 64], {"output0": output}, {**metadata, "imgsz": "[64, 64]"})
    return subject_of(Model("pets", "onnx", data))


@pytest.fixture(scope="session")
def colours() -> Subject:
    """A network of three layers that says which of red, green and blue is the most."""
    return subject_of(Model("colours", "onnx", _network(0.0)), labels=("red", "green", "blue"))


@pytest.fixture(scope="session")
def colour_network() -> Callable[[float], Subject]:
    """The same network, whose first layer lets a channel that nobody reads grow large."""
    return lambda spoilt: subject_of(Model("spoilt", "onnx", _network(spoilt, 8)))


def _network(spoilt: float, further: int = 0) -> bytes:
    from onnx import TensorProto, helper, numpy_helper

    def layer(name: str, weights: NDArray[np.float32], source: str) -> list[object]:
        held.append(numpy_helper.from_array(weights, f"{name}_w"))
        return [
            helper.make_node("Conv", [source, f"{name}_w"], [f"{name}_c"], name, pads=[1] * 4),
            helper.make_node("Relu", [f"{name}_c"], [name], f"{name}_relu"),
        ]

    held: list[object] = []
    rng = np.random.default_rng(5)
    first = np.zeros((4, 3, 3, 3), np.float32)
    first[range(3), range(3), 1, 1] = 1
    first[3, :, 1, 1] = spoilt
    second = rng.normal(0, 0.02, (3, 4, 3, 3)).astype(np.float32)
    second[:, 3] = 0
    second[range(3), range(3), 1, 1] = 1
    same = np.zeros((3, 3, 3, 3), np.float32)
    same[range(3), range(3), 1, 1] = 1
    nodes = [
        *layer("first", first, "picture"),
        *layer("l0", second, "first"),
        *(node for n in range(further) for node in layer(f"l{n + 1}", same, f"l{n}")),
        helper.make_node("GlobalAveragePool", [f"l{further}"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("Softmax", ["flat"], ["classes"]),
    ]
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 32, 32])
    classes = helper.make_tensor_value_info("classes", TensorProto.FLOAT, [1, 3])
    graph = helper.make_graph(nodes, "colours", [picture], [classes], held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    data: bytes = model.SerializeToString()
    return data


@pytest.fixture
def paint(tmp_path: Path) -> Callable[..., Path]:
    """Writes a picture of one colour, with some noise; gives its path."""

    def painted(name: str, rgb: tuple[int, int, int], side: int = 64) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        noise = np.random.default_rng(len(name)).integers(0, 40, (side, side, 3))
        pixels = np.clip(noise + rgb, 0, 255).astype(np.uint8)
        cv2.imwrite(str(path), pixels[:, :, ::-1])
        return path

    return painted
