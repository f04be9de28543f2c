"""From float to int8: QuantizeLinear and DequantizeLinear around every layer that is quantised."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sightline.tuning.quantise.calibration import Ranges
from sightline.tuning.quantise.graph import QUANTISED

if TYPE_CHECKING:
    from onnx import ModelProto


def quantised(proto: ModelProto, ranges: Ranges, left_float: Iterable[str]) -> bytes:
    """The int8 network: weights signed and per channel, activations unsigned.

    left_float  names of the nodes that stay as they are
    """
    import onnx
    from onnxruntime.quantization import QuantType
    from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

    copy = onnx.ModelProto()
    copy.CopyFrom(proto)
    quiet = logging.getLogger()
    level = quiet.level
    quiet.setLevel(logging.ERROR)  # it warns of each node that stays float, on the root logger
    try:
        quantizer = QDQQuantizer(
            copy,
            per_channel=True,
            reduce_range=False,
            weight_qType=QuantType.QInt8,
            activation_qType=QuantType.QUInt8,
            tensors_range=ranges,
            nodes_to_quantize=[],
            nodes_to_exclude=list(left_float),
            op_types_to_quantize=list(QUANTISED),
            extra_options={"ActivationSymmetric": False, "WeightSymmetric": True},
        )
        quantizer.quantize_model()
        quantizer.model.topological_sort()
    finally:
        quiet.setLevel(level)
    data: bytes = quantizer.model.model.SerializeToString()
    return data
