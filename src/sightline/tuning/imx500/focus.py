"""The entrance of YOLOX and YOLOv5, "Focus", as the convolution that it is.

There every second pixel of every second row becomes a channel of its own: four slices of the
picture, laid one behind the other. Sony's tools cannot trace slices with steps; a convolution of
two by two pixels, whose weights are 0 and 1, does exactly the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

_WHOLE = 1 << 31  # an end that lies beyond every picture
_ROWS, _COLUMNS = 2, 3


def without_focus(data: bytes) -> bytes:
    """The same network with convolutions in place of such slices; the same bytes without any."""
    import onnx

    proto = onnx.load_model_from_string(data)
    changed = [_convolved(proto, node) for node in proto.graph.node if node.op_type == "Concat"]
    if not any(changed):
        return data
    _drop_unread(proto)
    written: bytes = proto.SerializeToString()
    return written


def _convolved(proto: ModelProto, concat: NodeProto) -> bool:
    """Turn one Concat of slices into a Conv, where it is one."""
    from onnx import helper, numpy_helper

    makers = {name: node for node in proto.graph.node for name in node.output}
    values = {item.name: numpy_helper.to_array(item) for item in proto.graph.initializer}
    picks = [_pick(makers, values, name) for name in concat.input]
    origins = {pick[0] for pick in picks if pick}
    channels = _channels(proto, next(iter(origins), ""))
    if None in picks or len(origins) != 1 or not channels or _axis(concat) != 1:
        return False
    weights = np.zeros((len(picks) * channels, channels, 2, 2), np.float32)
    for place, pick in enumerate(picks):
        assert pick is not None
        _, row, column = pick
        for channel in range(channels):
            weights[place * channels + channel, channel, row, column] = 1
    name = f"{concat.output[0]}_weights"
    proto.graph.initializer.append(numpy_helper.from_array(weights, name))
    concat.CopyFrom(
        helper.make_node(
            "Conv", [origins.pop(), name], list(concat.output), concat.name,
            kernel_shape=[2, 2], strides=[2, 2],
        )
    )  # fmt: skip
    return True


def _pick(
    makers: dict[str, NodeProto], values: dict[str, Any], name: str
) -> tuple[str, int, int] | None:
    """Of what a tensor is every second row and column, and from which on; None where it is not."""
    starts: dict[int, int] = {}
    while len(starts) < 2:
        node = makers.get(name)
        step = _step(node, values) if node is not None and node.op_type == "Slice" else None
        if node is None or step is None or step[0] in starts:
            return None
        starts[step[0]] = step[1]
        name = node.input[0]
    return name, starts[_ROWS], starts[_COLUMNS]


def _step(node: NodeProto, values: dict[str, Any]) -> tuple[int, int] | None:
    """Axis and start of a slice that takes every second of the rows or columns, to the end."""
    given = [values.get(name) for name in node.input[1:]]
    if len(given) != 4 or any(one is None or one.size != 1 for one in given):
        return None
    start, end, axis, step = (int(one.reshape(-1)[0]) for one in given if one is not None)
    fits = axis in (_ROWS, _COLUMNS) and step == 2 and start in (0, 1) and end >= _WHOLE - 1
    return (axis, start) if fits else None


def _channels(proto: ModelProto, name: str) -> int:
    """Of an input of the network; 0 where it is none or does not say."""
    for value in proto.graph.input:
        if value.name == name and len(value.type.tensor_type.shape.dim) == 4:
            return int(value.type.tensor_type.shape.dim[1].dim_value)
    return 0


def _axis(concat: NodeProto) -> int:
    return next((int(item.i) for item in concat.attribute if item.name == "axis"), 0)


def _drop_unread(proto: ModelProto) -> None:
    """Slices that nobody reads any more."""
    results = {value.name for value in proto.graph.output}
    while True:
        read = results | {name for node in proto.graph.node for name in node.input}
        idle = [node for node in proto.graph.node if not read.intersection(node.output)]
        if not idle:
            return
        for node in idle:
            proto.graph.node.remove(node)
