"""ONNX Runtime behind the engine's contract; what it refuses is one sentence."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.errors import ConfigError, ModelError, SightlineError
from sightline.model.load import Model
from sightline.model.onnx_check import check_onnx
from sightline.sensor.engines.onnx import OnnxEngine

HELD = {"output": np.arange(6, dtype=np.float32).reshape(1, 2, 3), "count": np.array([7])}


@pytest.fixture(scope="module")
def network(make_onnx) -> bytes:
    return make_onnx((1, 3, None, 16), HELD, {"names": "{0: 'cup'}"})


def test_the_signature_is_what_the_network_says(network: bytes) -> None:
    signature = OnnxEngine(Model("net", "onnx", network)).signature
    [picture] = signature.inputs
    assert (picture.name, picture.shape, picture.dtype) == ("data", (1, 3, None, 16), "float32")
    assert [spec.shape for spec in signature.outputs] == [(1, 2, 3), (1,)]
    assert [spec.dtype for spec in signature.outputs] == ["float32", "int64"]
    assert signature.metadata["names"] == "{0: 'cup'}"


def test_outputs_come_in_the_order_of_the_signature(network: bytes) -> None:
    engine = OnnxEngine(Model("net", "onnx", network))
    found = engine.run([np.zeros((1, 3, 16, 16), np.float32)])
    for tensor, expected in zip(found, HELD.values(), strict=True):
        assert np.array_equal(tensor, expected)


@pytest.mark.parametrize(
    "tensor", [np.zeros((1, 3, 16, 9), np.float32), np.zeros((1, 3, 16, 16), np.float64)]
)
def test_a_failing_run_is_one_sentence(network: bytes, tensor, capfd) -> None:
    engine = OnnxEngine(Model("net", "onnx", network))
    with pytest.raises(ModelError, match=r"^net: failed while running: [^\n]+$"):
        engine.run([tensor])
    assert capfd.readouterr() == ("", "")


def test_a_provider_that_is_not_there(network: bytes) -> None:
    with pytest.raises(ConfigError, match="coreml"):
        OnnxEngine(Model("net", "onnx", network), ["coreml"])


def test_a_provider_that_does_not_start_is_no_silent_cpu(network: bytes, monkeypatch) -> None:
    import onnxruntime

    monkeypatch.setattr(
        "sightline.sensor.engines.onnx.chosen",
        lambda names: ["CUDAExecutionProvider", "CPUExecutionProvider"],
    )
    session = onnxruntime.InferenceSession

    def without_driver(data, options, providers, **rest):
        return session(data, options, providers=["CPUExecutionProvider"], **rest)

    monkeypatch.setattr(onnxruntime, "InferenceSession", without_driver)
    with pytest.raises(ModelError, match="could not start CUDAExecutionProvider"):
        OnnxEngine(Model("net", "onnx", network), ["cuda"])


def test_an_operator_that_the_runtime_does_not_know(capfd) -> None:
    from onnx import TensorProto, helper

    picture = helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 8, 8])
    result = helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 3, 8, 8])
    node = helper.make_node("Dream", ["data"], ["out"], domain="elsewhere")
    graph = helper.make_graph([node], "g", [picture], [result])
    data = helper.make_model(graph, ir_version=8).SerializeToString()
    with pytest.raises(ModelError, match=r"^net: ONNX Runtime refuses it: [^\n]{1,201}$"):
        OnnxEngine(Model("net", "onnx", data))
    assert capfd.readouterr() == ("", "")


def test_a_step_that_fails_prints_nothing_of_its_own(capfd) -> None:
    from onnx import TensorProto, helper

    picture = helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, None, None])
    result = helper.make_tensor_value_info("out", TensorProto.FLOAT, [7, None])
    seven = helper.make_tensor("seven", TensorProto.INT64, [2], [7, -1])
    graph = helper.make_graph(
        [helper.make_node("Reshape", ["data", "seven"], ["out"])], "g", [picture], [result], [seven]
    )
    opset = [helper.make_opsetid("", 13)]
    data = helper.make_model(graph, ir_version=8, opset_imports=opset).SerializeToString()
    engine = OnnxEngine(Model("net", "onnx", data))
    with pytest.raises(ModelError, match=r"^net: failed while running: [^\n]+$"):
        engine.run([np.zeros((1, 3, 8, 8), np.float32)])
    assert capfd.readouterr() == ("", "")


def test_names_that_are_no_text_print_nothing(network: bytes, capfd) -> None:
    with pytest.raises(ModelError, match=r"^net: ONNX Runtime refuses it: [^\n]+$"):
        OnnxEngine(Model("net", "onnx", network.replace(b"Identity", b"\xff\xfeentity")))
    assert capfd.readouterr() == ("", "")


EDITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6), st.integers(0, 12)),
    min_size=1,
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(EDITS, st.floats(0, 1))
def test_damage_is_refused_or_harmless(network: bytes, edits, cut: float) -> None:
    data = bytearray(network)
    for place, put_in, taken_out in edits:
        at = int(place * len(data))
        data[at : at + taken_out] = put_in
    damaged = bytes(data if cut > 0.2 else data[: int(cut * 5 * len(data))])
    said = ""
    try:
        check_onnx(damaged, "net")
        engine = OnnxEngine(Model("net", "onnx", damaged))
        if engine.signature.inputs:
            engine.run([np.zeros((1, 3, 16, 16), np.float32)])
    except SightlineError as error:
        said = str(error)
    assert "\n" not in said
