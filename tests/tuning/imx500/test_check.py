"""What an estimate says of networks whose memory can be worked out by hand."""

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from sightline.errors import ModelError
from sightline.model.manifest import Manifest, Target
from sightline.model.package import Package, make_package
from sightline.model.recipe import InputRecipe, Recipe
from sightline.tuning.imx500.check import check_package
from sightline.tuning.imx500.estimate import estimate
from sightline.tuning.subject import Subject


def network(side: int, channels: int, layers: int = 2, extra: str = "Relu") -> bytes:
    held, nodes, source, depth = [], [], "picture", 3
    for number in range(layers):
        weights = np.zeros((channels, depth, 3, 3), np.float32)
        held += [
            numpy_helper.from_array(weights, f"w{number}"),
            numpy_helper.from_array(np.zeros(channels, np.float32), f"b{number}"),
        ]
        nodes.append(
            helper.make_node(
                "Conv", [source, f"w{number}", f"b{number}"], [f"c{number}"], pads=[1] * 4
            )
        )
        nodes.append(helper.make_node(extra, [f"c{number}"], [f"o{number}"]))
        source, depth = f"o{number}", channels
    shapes = [1, 3, side, side], [1, channels, side, side]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in zip(("picture", source), shapes, strict=True)
    ]
    graph = helper.make_graph(nodes, "g", ends[:1], ends[1:], held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    data: bytes = model.SerializeToString()
    return data


def package(data: bytes, side: int) -> Package:
    target = Target(file="networks/onnx-float.onnx")
    manifest = Manifest(
        name="net",
        recipe=Recipe(decoder="yolo", input=InputRecipe(width=side, height=side)),
        targets={"onnx-float": target},
        default="onnx-float",
    )
    return make_package(manifest, {target.file: data})


def test_bytes_by_hand() -> None:
    found = estimate(network(64, 8), "net")
    assert found.weights == 8 * 3 * 9 + 8 * 8 * 9 + 4 * 16  # biases have four bytes
    assert found.activations == 2 * 8 * 64 * 64  # in and out of the second layer
    assert found.operators == {"Conv": 2, "Relu": 2}


def test_a_layer_that_works_element_by_element_takes_no_memory_of_its_own() -> None:
    assert estimate(network(64, 8, layers=1), "net").activations == (3 + 8) * 64 * 64


def test_a_small_network_fits() -> None:
    verdict = check_package(package(network(64, 8), 64))
    assert verdict.fits
    assert not verdict.doubts


@pytest.mark.parametrize(
    ("data", "side", "told"),
    [
        (network(640, 16), 640, r"13\.1 MB of memory .* an input of 480 pixels a side would fit"),
        (network(64, 1024), 64, "layers with .* of their channels"),
        (network(32, 4), 32, "input of 32x32: the chip takes 64 to 640"),
        (network(64, 4, extra="Erf"), 64, r"do not know: Erf \(2\)"),
    ],
    ids=["activations", "weights", "input", "operator"],
)
def test_what_to_change(data: bytes, side: int, told: str) -> None:
    verdict = check_package(package(data, side))
    assert not verdict.fits
    with pytest.raises(AssertionError, match=told):
        raise AssertionError("; ".join(verdict.faults))


def test_a_network_without_shapes_is_named(colours: Subject) -> None:
    graph = helper.make_graph(
        [helper.make_node("Relu", ["a"], ["b"])],
        "g",
        [helper.make_tensor_value_info("a", TensorProto.FLOAT, None)],
        [helper.make_tensor_value_info("b", TensorProto.FLOAT, None)],
    )
    data = helper.make_model(graph).SerializeToString()
    with pytest.raises(ModelError, match="net: has no fixed shapes"):
        estimate(data, "net")
