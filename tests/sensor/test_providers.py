"""What ONNX Runtime runs on, by the names that people use."""

import sys
from types import SimpleNamespace

import pytest

from sightline.errors import ConfigError, MissingExtra
from sightline.sensor.engines.providers import available, chosen


@pytest.fixture
def built(monkeypatch):
    """An ONNX Runtime that was built with these providers."""

    def build(*names: str) -> None:
        held = [f"{name}ExecutionProvider" for name in names]
        runtime = SimpleNamespace(get_available_providers=lambda: held)
        monkeypatch.setitem(sys.modules, "onnxruntime", runtime)

    return build


def test_the_cpu_stands_behind_every_choice(built) -> None:
    built("Tensorrt", "CUDA", "CPU")
    assert chosen(["cuda"]) == ["CUDAExecutionProvider", "CPUExecutionProvider"]
    assert chosen(["cpu"]) == ["CPUExecutionProvider"]
    assert chosen(["tensorrt", "cpu", "cuda"]) == [
        "TensorrtExecutionProvider",
        "CUDAExecutionProvider",
        "CPUExecutionProvider",
    ]


def test_a_provider_that_is_not_there_says_what_is(built) -> None:
    built("CPU", "OpenVINO")
    with pytest.raises(ConfigError, match=r"'cuda' is not .* has cpu, openvino; .*onnxruntime-gpu"):
        chosen(["cuda"])


def test_a_provider_that_nobody_knows(built) -> None:
    built("CPU")
    with pytest.raises(ConfigError, match="'quantum': choose among cpu, cuda, tensorrt"):
        chosen(["quantum"])


def test_what_a_machine_has(built) -> None:
    built("CPU", "CUDA")
    held = {name: (there, remedy) for name, there, remedy in available()}
    assert held["cuda"] == (True, "")
    assert held["openvino"] == (False, "pip install onnxruntime-openvino")


def test_without_onnx_runtime(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(MissingExtra, match=r"sightline\[camera\]"):
        chosen(["cpu"])
