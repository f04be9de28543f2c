"""The network that looks, and the memory that it compares with, in one ONNX file.

So it runs wherever ONNX runs, on any of its providers, and is packed and signed like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sightline.tuning.normal.bank import Memory

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto

_PATCHES = "normal/patches"


def looking(proto: ModelProto, layers: list[str]) -> tuple[ModelProto, tuple[int, int]]:
    """`proto` up to `layers`, with one output (patches, channels): each patch with its neighbours.

    Also gives the rows and columns of patches.

    layers  a fine one, and maybe one of half its rows and columns
    """
    import onnx

    shaped = onnx.shape_inference.infer_shapes(proto)
    cut = onnx.utils.Extractor(shaped).extract_model([proto.graph.input[0].name], layers)
    graph = cut.graph
    shapes = [[size.dim_value for size in out.type.tensor_type.shape.dim] for out in graph.output]
    _, _, rows, columns = shapes[0]
    parts = []
    for number, (layer, (_, channels, high, wide)) in enumerate(zip(layers, shapes, strict=True)):
        part = f"normal/part{number}"
        _add(graph, "AveragePool", [layer], part, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
        if high != rows:
            apart = _reshaped(graph, part, [1, channels, high, 1, wide, 1])
            double = _constant(graph, f"{part}/double", np.array([1, 1, 1, 2, 1, 2]))
            _add(graph, "Expand", [apart, double], f"{part}/doubled")
            part = _reshaped(graph, f"{part}/doubled", [1, channels, rows, columns])
        parts.append(part)
    _add(graph, "Concat", parts, "normal/all", axis=1)
    _add(graph, "Transpose", ["normal/all"], "normal/last", perm=[0, 2, 3, 1])
    depth = sum(shape[1] for shape in shapes)
    patches = _reshaped(graph, "normal/last", [rows * columns, depth], _PATCHES)
    del graph.output[:]
    graph.output.append(_told(patches, [rows * columns, depth]))
    return cut, (rows, columns)


def comparing(looks: ModelProto, memory: Memory, size: tuple[int, int]) -> bytes:
    """`looks` with the memory behind it: output "distance" 1 x 1 x rows x columns.

    size  rows and columns of patches
    """
    from onnx import ModelProto

    whole = ModelProto()
    whole.CopyFrom(looks)
    graph = whole.graph
    bank = memory.bank
    count, held = size[0] * size[1], len(bank)
    weights = _constant(graph, "normal/weights", memory.weights)
    bias = _constant(graph, "normal/bias", memory.bias)
    _add(graph, "Gemm", [_PATCHES, weights, bias], "normal/z")
    double = _constant(graph, "normal/bank", 2 * bank.T)
    lengths = _constant(graph, "normal/lengths", -(bank**2).sum(1))
    _add(graph, "Gemm", ["normal/z", double, lengths], "normal/near")
    # The largest of 2 z·b - b·b over the bank; a pool does it in every version of ONNX.
    plane = _reshaped(graph, "normal/near", [1, 1, count, held])
    _add(graph, "MaxPool", [plane], "normal/nearest", kernel_shape=[1, held])
    _add(graph, "Mul", ["normal/z", "normal/z"], "normal/squares")
    ones = _constant(graph, "normal/ones", np.ones((bank.shape[1], 1), np.float32))
    _add(graph, "MatMul", ["normal/squares", ones], "normal/length")
    nearest = _reshaped(graph, "normal/nearest", [count, 1])
    _add(graph, "Sub", ["normal/length", nearest], "normal/square")
    _add(graph, "Relu", ["normal/square"], "normal/positive")
    _add(graph, "Sqrt", ["normal/positive"], "normal/root")
    _reshaped(graph, "normal/root", [1, 1, *size], "distance")
    del graph.output[:]
    graph.output.append(_told("distance", [1, 1, *size]))
    data: bytes = whole.SerializeToString(deterministic=True)
    return data


def _add(graph: GraphProto, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
    from onnx import helper

    graph.node.append(helper.make_node(kind, inputs, [output], name=output, **attributes))


def _constant(graph: GraphProto, name: str, value: NDArray[Any]) -> str:
    from onnx import numpy_helper

    graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
    return name


def _reshaped(graph: GraphProto, tensor: str, shape: list[int], name: str = "") -> str:
    name = name or f"{tensor}/reshaped"
    _add(graph, "Reshape", [tensor, _constant(graph, f"{name}/shape", np.array(shape))], name)
    return name


def _told(name: str, shape: list[int]) -> Any:
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
