"""Which tensors inside a network tell what a patch of the picture looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sightline.errors import ModelError

if TYPE_CHECKING:
    from onnx import ModelProto

_FEWEST_CHANNELS = 16
_STRIDES = (8, 16)  # of the middle of a network, where it knows texture and shape, not classes


def feature_layers(proto: ModelProto, height: int, name: str) -> list[str]:
    """Names of one or two tensors 1 x C x h x w: the last of stride 8, and of 16, on the way down.

    height  of the input in pixels
    Raises ModelError for a network that has none.
    """
    import onnx

    graph = onnx.shape_inference.infer_shapes(proto).graph
    rows = {}
    for info in graph.value_info:
        shape = [size.dim_value for size in info.type.tensor_type.shape.dim]
        if len(shape) == 4 and shape[0] == 1 and shape[1] >= _FEWEST_CHANNELS and min(shape) > 0:
            rows[info.name] = shape[2]
    found: dict[int, str] = {}
    for tensor in (tensor for node in graph.node for tensor in node.output if tensor in rows):
        stride = round(height / rows[tensor])
        if stride > max(_STRIDES):
            break
        if stride in _STRIDES and stride >= max(found, default=0):
            found[stride] = tensor
    if not found:
        raise ModelError(
            f"{name}: holds no layer that is an eighth or a sixteenth of the picture high; take "
            "another network to look with, such as yolox-nano"
        )
    fine, coarse = found[min(found)], found[max(found)]
    exact = rows[fine] == 2 * rows[coarse]
    return [fine, coarse] if exact else [fine]
