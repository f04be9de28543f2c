"""Looks at the bytes of an ONNX network before a runtime does.

A runtime follows a tensor's "external data" to any file that it names, also where the tensor
hides in a sparse initialiser, an attribute, a subgraph or a function. A node of the kind
EPContext does the same for a compiled network. A camera loads none.
Field numbers are those of onnx.proto.
"""

from __future__ import annotations

from sightline.errors import ModelError
from sightline.model.protobuf import Malformed, fields

_CHILDREN: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {
        **{5: "tensor", 10: "tensor"},
        **{6: "graph", 11: "graph"},
        **{22: "sparse", 23: "sparse"},
    },
    "sparse": {1: "tensor", 2: "tensor"},
}
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14
_OPERATOR = 4
_DEEPEST = 64


def check_onnx(data: bytes, name: str) -> None:
    """Raise ModelError where these bytes are no ONNX network, or name data outside of them."""
    _refuse_other_kinds(data, name)
    try:
        graphs = _walk(data, name)
    except (Malformed, IndexError):
        raise ModelError(f"{name}: is not an ONNX network, or a damaged one") from None
    if graphs == 0:
        raise ModelError(f"{name}: is not an ONNX network: it holds no graph")


def _refuse_other_kinds(data: bytes, name: str) -> None:
    if data[:2] == b"PK":
        what = "a zip archive, such as a PyTorch file; export the network to ONNX first"
    elif data[:1] == b"\x80":
        what = "a Python pickle, which can run code; export the network to ONNX first"
    elif data[4:8] == b"ORTM":
        what = "in ONNX Runtime's own format; give the .onnx that it was made from"
    elif data[4:8] == b"TFL3":
        what = "a TFLite network; name it .tflite"
    else:
        return
    raise ModelError(f"{name}: is {what}")


def _walk(data: bytes, name: str) -> int:
    graphs = 0
    waiting = [("model", memoryview(data), 0)]
    while waiting:
        kind, message, depth = waiting.pop()
        if depth > _DEEPEST:
            raise Malformed("nested too deep")
        children = _CHILDREN.get(kind, {})
        for number, value in fields(message):
            if _leads_outside(kind, number, value):
                raise ModelError(
                    f"{name}: keeps weights in another file, which is refused; "
                    "save it again with all data in one file"
                )
            if number in children:
                if isinstance(value, int):
                    raise Malformed("a number where a message belongs")
                graphs += children[number] == "graph"
                waiting.append((children[number], value, depth + 1))
    return graphs


def _leads_outside(kind: str, number: int, value: int | memoryview) -> bool:
    if kind == "tensor":
        return number == _EXTERNAL_DATA or (number == _DATA_LOCATION and value != 0)
    if kind != "node" or number != _OPERATOR or isinstance(value, int):
        return False
    return bytes(value[:16]) == b"EPContext"
