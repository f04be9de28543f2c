"""Networks that would read other files, wherever they hide it, and files that are no networks."""

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import ModelProto, TensorProto, helper

from sightline.errors import ModelError
from sightline.model.onnx_check import check_onnx


def outside(name: str = "w") -> TensorProto:
    """A tensor whose values lie in another file."""
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=[2])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    return tensor


def small() -> ModelProto:
    picture = helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 8, 8])
    result = helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 3, 8, 8])
    graph = helper.make_graph(
        [helper.make_node("Relu", ["data"], ["out"])], "g", [picture], [result]
    )
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 13)])


def sparse() -> onnx.SparseTensorProto:
    return onnx.SparseTensorProto(values=outside(), dims=[4])


def initializer(model: ModelProto) -> None:
    model.graph.initializer.append(outside())


def sparse_initializer(model: ModelProto) -> None:
    model.graph.sparse_initializer.append(sparse())


def sparse_indices(model: ModelProto) -> None:
    found = onnx.SparseTensorProto(indices=outside(), dims=[4])
    model.graph.sparse_initializer.append(found)


def attribute(model: ModelProto) -> None:
    model.graph.node[0].attribute.append(helper.make_attribute("value", outside()))


def attributes(model: ModelProto) -> None:
    model.graph.node[0].attribute.append(helper.make_attribute("values", [outside()]))


def sparse_attribute(model: ModelProto) -> None:
    model.graph.node[0].attribute.append(helper.make_attribute("value", sparse()))


def subgraph(model: ModelProto) -> None:
    inner = small().graph
    inner.initializer.append(outside())
    model.graph.node[0].attribute.append(helper.make_attribute("then_branch", inner))


def subgraphs(model: ModelProto) -> None:
    inner = small().graph
    attribute(ModelProto(graph=inner))
    inner.node[0].attribute.append(helper.make_attribute("value", outside()))
    model.graph.node[0].attribute.append(helper.make_attribute("bodies", [inner]))


def function(model: ModelProto) -> None:
    node = helper.make_node("Constant", [], ["c"], value=outside())
    model.functions.append(helper.make_function("d", "F", [], ["c"], [node], []))


def default_of_a_function(model: ModelProto) -> None:
    added = model.functions.add(name="F", domain="d")
    added.attribute_proto.append(helper.make_attribute("value", outside()))


def training(model: ModelProto) -> None:
    model.training_info.add().algorithm.initializer.append(outside())


def location_alone(model: ModelProto) -> None:
    model.graph.initializer.append(TensorProto(name="w", data_location=TensorProto.EXTERNAL))


def file_alone(model: ModelProto) -> None:
    model.graph.initializer.add(name="w").external_data.add(key="location", value="w.bin")


def compiled_context(model: ModelProto) -> None:
    model.graph.node.append(
        helper.make_node("EPContext", [], ["c"], ep_cache_context="../x.bin", embed_mode=0)
    )


HIDING = [
    *(initializer, sparse_initializer, sparse_indices, attribute, attributes, sparse_attribute),
    *(subgraph, subgraphs, function, default_of_a_function, training),
    *(location_alone, file_alone, compiled_context),
]


@pytest.mark.parametrize("hide", HIDING, ids=lambda hide: hide.__name__)
def test_weights_in_another_file_are_refused(hide) -> None:
    model = small()
    check_onnx(model.SerializeToString(), "net.onnx")
    hide(model)
    with pytest.raises(ModelError, match=r"^net\.onnx: keeps weights in another file"):
        check_onnx(model.SerializeToString(), "net.onnx")


def field(number: int, payload: bytes) -> bytes:
    assert number < 16
    assert len(payload) < 128
    return bytes([number << 3 | 2, len(payload)]) + payload


@pytest.mark.parametrize(
    "tensor",
    [
        # Numbers that readers with 32 bits cut down to "external data" and to "external".
        bytes([13 << 3 | 2, 0x80, 0x80, 0x80, 0x10])[:1] + b"\x80\x80\x80\x10\x00",
        bytes([0x80 | 13 << 3 | 2, 0x80, 0x80, 0x80, 0x10]) + b"\x00",
        bytes([14 << 3, 0x81, 0x80, 0x80, 0x80, 0x10]),
        bytes([14 << 3, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]),
    ],
)
def test_numbers_that_are_too_large_hide_nothing(tensor: bytes) -> None:
    with pytest.raises(ModelError):
        check_onnx(field(7, field(5, tensor)), "net.onnx")


def test_a_tensor_within_the_file_is_none_of_that() -> None:
    model = small()
    inside = TensorProto(name="w", data_location=TensorProto.DEFAULT, raw_data=b"1234")
    model.graph.initializer.append(inside)
    check_onnx(model.SerializeToString(), "net.onnx")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04rest", "zip archive, such as a PyTorch file"),
        (b"\x80\x04\x95", "Python pickle"),
        (b"\x00\x00\x00\x00ORTM\x00", "ONNX Runtime's own format"),
        (b"\x1c\x00\x00\x00TFL3\x00", r"name it \.tflite"),
        (b"hello, I am no network\n", "not an ONNX network, or a damaged one"),
        (b"<html></html>", "not an ONNX network"),
        (b"\x08\x08", "holds no graph"),
        (b"\x3a\xff", "damaged"),
        (b"\x38\x01", "damaged"),  # a number where the graph should be
        (b"\x3a" + b"\xff" * 12, "damaged"),
    ],
)
def test_what_is_no_network(data: bytes, words: str) -> None:
    with pytest.raises(ModelError, match=rf"^net\.onnx: .*{words}"):
        check_onnx(data, "net.onnx")


def test_a_bottomless_network() -> None:
    def within(number: int, payload: bytes) -> bytes:
        length = len(payload)
        return bytes([number << 3 | 2, length & 0x7F | 0x80, length >> 7]) + payload

    attribute_of = b""
    for _ in range(30):  # a graph in an attribute of a node of a graph in ...
        attribute_of = within(5, within(6, within(1, attribute_of)))
    with pytest.raises(ModelError, match="damaged"):
        check_onnx(within(7, within(1, attribute_of)), "net.onnx")


@given(st.binary(max_size=200))
def test_any_bytes_are_checked_without_a_fault(data: bytes) -> None:
    said = ""
    try:
        check_onnx(data, "net.onnx")
    except ModelError as error:
        said = str(error)
    assert "\n" not in said


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 255)), max_size=4))
def test_damage_is_checked_without_a_fault(flips: list[tuple[int, int]]) -> None:
    data = bytearray(small().SerializeToString())
    for at, value in flips:
        data[at % len(data)] = value
    said = ""
    try:
        check_onnx(bytes(data), "net.onnx")
    except ModelError as error:
        said = str(error)
    assert "\n" not in said
