"""Fixtures shared by every test."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from numpy.typing import NDArray


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real models, videos and ground truth; tests skip where it is absent."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SIGHTLINE_DATA", beside))
    if not (folder / "README.md").is_file():
        pytest.skip("the sample data folder is absent (set SIGHTLINE_DATA to use one)")
    return folder


MakeOnnx = Callable[..., bytes]


@pytest.fixture(scope="session")
def make_onnx() -> MakeOnnx:
    """Builds networks that look at a picture and answer what they were told to.

    make_onnx(shape, {"name": array, ...}, metadata={...}) gives the bytes of an ONNX file
    with one float input of that shape (None: open) whose outputs are these arrays.
    """

    def make(
        shape: Sequence[int | None],
        outputs: Mapping[str, NDArray[Any]],
        metadata: Mapping[str, str] = MappingProxyType({}),
    ) -> bytes:
        from onnx import TensorProto, helper, numpy_helper

        picture = helper.make_tensor_value_info("data", TensorProto.FLOAT, list(shape))
        held = [numpy_helper.from_array(array, f"{name}_") for name, array in outputs.items()]
        nodes = [helper.make_node("Identity", [f"{name}_"], [name]) for name in outputs]
        told = [
            helper.make_tensor_value_info(
                name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape
            )
            for name, array in outputs.items()
        ]
        graph = helper.make_graph(nodes, "told", [picture], told, held)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 8
        helper.set_model_props(model, dict(metadata))
        data: bytes = model.SerializeToString()
        return data

    return make
