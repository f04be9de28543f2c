"""Builds TFLite networks that look at a picture and answer what they were told to."""

from collections.abc import Mapping, Sequence
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

_TYPES = {"float32": schema.TensorType.FLOAT32, "int64": schema.TensorType.INT64}


def make_tflite(shape: Sequence[int], outputs: Mapping[str, NDArray[Any]]) -> bytes:
    """One float input of that shape; each output is a constant that a Reshape hands on."""
    graph, model = schema.SubGraphT(), schema.ModelT()
    graph.tensors, graph.operators, graph.outputs = [], [], []
    reshape = schema.OperatorCodeT()
    reshape.builtinCode = reshape.deprecatedBuiltinCode = schema.BuiltinOperator.RESHAPE
    reshape.version = 1
    model.version, model.operatorCodes, model.subgraphs = 3, [reshape], [graph]
    model.buffers = [schema.BufferT()]  # the first is empty by agreement

    def tensor(name: str, shape: Sequence[int], dtype: str, buffer: int = 0) -> int:
        one = schema.TensorT()
        one.name, one.shape, one.type, one.buffer = name, list(shape), _TYPES[dtype], buffer
        graph.tensors.append(one)
        return len(graph.tensors) - 1

    graph.inputs = [tensor("data", shape, "float32")]
    for name, array in outputs.items():
        held, dtype = schema.BufferT(), str(array.dtype)
        held.data = np.frombuffer(array.tobytes(), np.uint8)
        model.buffers.append(held)
        step, options = schema.OperatorT(), schema.ReshapeOptionsT()
        options.newShape = list(array.shape)
        step.builtinOptionsType = schema.BuiltinOptions.ReshapeOptions
        step.builtinOptions = options
        step.inputs = [tensor(f"{name}_", array.shape, dtype, len(model.buffers) - 1)]
        step.outputs = [tensor(name, array.shape, dtype)]
        graph.operators.append(step)
        graph.outputs += step.outputs
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
