"""From a trained network to the file that is shipped: int8 ONNX that takes 8-bit pictures."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from network import Deployed, Network

_OPSET = 17
INPUT, OUTPUT = "picture", "objects"


def export_float(network: Network, path: Path, size: tuple[int, int]) -> None:
    """One output (1, 4 + C, N) for pictures of `size` (width, height); normalisation is folded
    into the convolutions."""
    folded = _folded(
        copy.deepcopy(network).eval().float().to(memory_format=torch.contiguous_format)
    )
    picture = torch.zeros(1, 3, *size[::-1])
    torch.onnx.export(
        Deployed(folded).eval(), (picture,), str(path), input_names=[INPUT],
        output_names=[OUTPUT], opset_version=_OPSET, dynamo=False,
    )  # fmt: skip


def export_int8(
    float_path: Path, path: Path, images: Iterable[NDArray[np.uint8]]
) -> tuple[str, ...]:
    """Weights per channel, activations by the range seen on `images`, uint8 (H, W, 3) each.

    Returns the names of the layers that stay float: the last ones, whose numbers are the
    boxes and scores themselves.
    """
    tidy = float_path.with_suffix(".tidy.onnx")
    quant_pre_process(str(float_path), str(tidy))
    kept = _last_layers(onnx.load(str(tidy)).graph)
    quantize_static(
        str(tidy), str(path), _Reader(images), quant_format=QuantFormat.QDQ,
        per_channel=True, weight_type=QuantType.QInt8, activation_type=QuantType.QUInt8,
        calibrate_method=CalibrationMethod.MinMax,
        nodes_to_exclude=list(kept), extra_options={"CalibMovingAverage": True},
    )  # fmt: skip
    _take_bytes(path)
    return kept


class _Reader(CalibrationDataReader):
    def __init__(self, images: Iterable[NDArray[np.uint8]]) -> None:
        self._images: Iterator[NDArray[np.uint8]] = iter(images)

    def get_next(self) -> dict[str, Any] | None:
        image = next(self._images, None)
        if image is None:
            return None
        tensor = image.transpose(2, 0, 1)[None].astype(np.float32)
        tensor[..., 0, :2] = 0, 255  # the whole range, so that bytes are taken as they are
        return {INPUT: tensor}


def _folded(network: Network) -> Network:
    for module in network.modules():
        if isinstance(module, nn.Sequential) and len(module) == 3:
            conv, norm, _ = module
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                module[0], module[1] = fuse_conv_bn_eval(conv, norm), nn.Identity()
    # Pictures come as 0..255; the first convolution takes them as they are.
    network.stem[0][0].weight.data /= 255
    network.scale = 1.0
    return network


def _last_layers(graph: onnx.GraphProto) -> tuple[str, ...]:
    """All that comes after the last convolution of each head, and these themselves."""
    makers = {output: node for node in graph.node for output in node.output}
    found: list[str] = []
    waiting = [OUTPUT]
    while waiting:
        node = makers.get(waiting.pop())
        if node is None or node.name in found:
            continue
        found.append(node.name)
        if node.op_type != "Conv":
            waiting += node.input
    return tuple(found)


def _take_bytes(path: Path) -> None:
    """Let the network take uint8: it begins by cutting floats to bytes, which they are."""
    model = onnx.load(str(path))
    graph = model.graph
    first = next(node for node in graph.node if INPUT in node.input)
    values = {item.name: onnx.numpy_helper.to_array(item) for item in graph.initializer}
    scale, zero = values[first.input[1]], values[first.input[2]]
    if first.op_type != "QuantizeLinear" or zero != 0 or not np.isclose(scale, 1, rtol=1e-3):
        raise ValueError(f"pictures are not taken as they are: {first.op_type} {scale} {zero}")
    for node in graph.node:
        for i, name in enumerate(node.input):
            if name == first.output[0]:
                node.input[i] = INPUT
    graph.node.remove(first)
    graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.UINT8
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
