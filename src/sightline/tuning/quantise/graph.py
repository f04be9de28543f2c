"""A float network made ready to be quantised, and cut into the blocks that can be left float."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sightline.errors import MissingExtra, ModelError

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto

_OPSET = 17  # per-channel quantisation needs 13; 17 is what every runtime of today knows
_WEIGHTED = ("Conv", "ConvTranspose", "Gemm", "MatMul")
# Others are left alone: they are cheap, or the runtime has no integer kernel for them.
QUANTISED = (
    *_WEIGHTED,
    *("Add", "AveragePool", "Concat", "GlobalAveragePool", "LeakyRelu", "MaxPool", "Mul"),
    *("Relu", "Clip", "Resize", "Sigmoid", "Slice", "Split", "Pad"),
)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Names of nodes.

    blocks  one for each layer with weights, in the order of the network: the layer and what
            follows it up to the next one
    tail    what comes after the last weights: scores and offsets of unlike ranges are put
            into one tensor there, so it stays float
    """

    blocks: tuple[tuple[str, ...], ...]
    tail: frozenset[str]


def prepared(network: bytes, name: str) -> ModelProto:
    """The network in a form that can be quantised: recent operators, every node with a name.

    Raises MissingExtra, and ModelError for one that is quantised already or cannot be brought
    to recent operators.
    """
    try:
        import onnx
        from onnx import version_converter
    except ImportError:
        raise MissingExtra("quantising", "quantize") from None
    proto = onnx.load_model_from_string(network)
    _take_weights_from_inputs(proto.graph)
    kinds = {node.op_type for node in proto.graph.node}
    if kinds & {"QuantizeLinear", "DequantizeLinear", "QLinearConv", "ConvInteger"}:
        raise ModelError(
            f"{name}: is quantised already; give the float network that it was made from"
        )
    if not kinds & set(_WEIGHTED):
        raise ModelError(f"{name}: holds no layer with weights that could be quantised")
    if _opset(proto) < _OPSET:
        try:
            proto = version_converter.convert_version(proto, _OPSET)
        except Exception as error:  # the converter raises whatever it meets
            reason = " ".join(str(error).split())[:160]
            raise ModelError(
                f"{name}: cannot be brought from opset {_opset(proto)} to {_OPSET}: {reason}; "
                "export it again with a newer opset"
            ) from None
    for number, node in enumerate(proto.graph.node):
        node.name = f"{node.op_type.lower()}_{number}"
    return proto


def _take_weights_from_inputs(graph: GraphProto) -> None:
    """Old exporters list weights among the inputs, where nobody may fold or quantise them."""
    weights = {tensor.name for tensor in graph.initializer}
    kept = [item for item in graph.input if item.name not in weights]
    del graph.input[:]
    graph.input.extend(kept)


def original_names(network: bytes, proto: ModelProto) -> dict[str, str]:
    """For each node of the prepared network its name in the float one, as far as it has one.

    Bringing a network to newer operators keeps the order of its layers with weights.
    """
    import onnx

    before, after = (
        [node for node in graph.node if node.op_type in _WEIGHTED]
        for graph in (onnx.load_model_from_string(network).graph, proto.graph)
    )
    names = {node.name: node.name for node in after}
    if len(before) == len(after):
        names |= {new.name: old.name or new.name for old, new in zip(before, after, strict=True)}
    return names


def split(graph: GraphProto) -> Blocks:
    """The blocks of a network whose nodes are in order and have names."""
    blocks: list[list[str]] = [[]]
    tail = _tail(graph)
    for node in graph.node:
        if node.op_type in _WEIGHTED and any(_is_weighted(graph, name) for name in blocks[-1]):
            blocks.append([])
        if node.name not in tail and node.op_type in QUANTISED:
            blocks[-1].append(node.name)
    return Blocks(tuple(map(tuple, blocks)), tail)


def _is_weighted(graph: GraphProto, name: str) -> bool:
    return name.rpartition("_")[0] in {kind.lower() for kind in _WEIGHTED}


def _tail(graph: GraphProto) -> frozenset[str]:
    """Nodes from which no layer with weights can be reached."""
    leading: set[str] = set()  # tensors that some weighted layer is made from
    tail = []
    for node in reversed(graph.node):
        if node.op_type in _WEIGHTED or leading.intersection(node.output):
            leading.update(_read(node))
        else:
            tail.append(node.name)
    return frozenset(tail)


def _read(node: NodeProto) -> list[str]:
    return list(node.input)


def _opset(proto: ModelProto) -> int:
    return max(
        (item.version for item in proto.opset_import if item.domain in ("", "ai.onnx")), default=0
    )
