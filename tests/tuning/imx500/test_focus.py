"""Slices at the entrance of a network, as a convolution."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from sightline.tuning.imx500.focus import without_focus

LAST = 2**63 - 1


def focus(*, step: int = 2, end: int = LAST) -> bytes:
    """Rows and columns of a picture of three channels, in YOLOX's order."""
    values = {"end": [end], "rows": [2], "columns": [3], "step": [step], "0": [0], "1": [1]}
    nodes = []
    parts = [("0", "0"), ("1", "0"), ("0", "1"), ("1", "1")]
    for row, column in parts:
        name = f"part{row}{column}"
        nodes += [
            helper.make_node("Slice", ["picture", row, "end", "rows", "step"], [f"{name}_rows"]),
            helper.make_node("Slice", [f"{name}_rows", column, "end", "columns", "step"], [name]),
        ]
    names = [f"part{row}{column}" for row, column in parts]
    nodes.append(helper.make_node("Concat", names, ["focus"], axis=1))
    graph = helper.make_graph(
        nodes, "g",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 8, 12])],
        [helper.make_tensor_value_info("focus", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.array(v, np.int64), name) for name, v in values.items()],
    )  # fmt: skip
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    written: bytes = proto.SerializeToString()
    return written


def run(data: bytes, picture: np.ndarray) -> np.ndarray:
    found: np.ndarray = onnxruntime.InferenceSession(data).run(None, {"picture": picture})[0]
    return found


def test_the_same_numbers_without_slices() -> None:
    data = focus()
    changed = without_focus(data)
    kinds = [node.op_type for node in onnx.load_model_from_string(changed).graph.node]
    assert kinds == ["Conv"]
    picture = np.random.default_rng(0).uniform(0, 255, (1, 3, 8, 12)).astype(np.float32)
    np.testing.assert_array_equal(run(changed, picture), run(data, picture))


@pytest.mark.parametrize("data", [focus(step=4), focus(end=6)], ids=["step", "end"])
def test_other_slices_are_left_as_they_are(data: bytes) -> None:
    assert without_focus(data) == data


@pytest.mark.data
def test_yolox(data: Path) -> None:
    whole = (data / "models" / "yolox_nano_416.onnx").read_bytes()
    changed = without_focus(whole)
    assert "Slice" not in {n.op_type for n in onnx.load_model_from_string(changed).graph.node}
    picture = np.random.default_rng(0).uniform(0, 255, (1, 3, 416, 416)).astype(np.float32)
    before, after = (
        onnxruntime.InferenceSession(one).run(None, {"images": picture})[0]
        for one in (whole, changed)
    )
    np.testing.assert_allclose(after, before, rtol=1e-3, atol=1e-3)
