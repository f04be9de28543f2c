"""What ONNX Runtime can run on, by the names that people use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sightline.errors import ConfigError, MissingExtra

PROVIDERS = {
    "cpu": ("CPUExecutionProvider", "pip install 'sightline[camera]'"),
    "cuda": ("CUDAExecutionProvider", "pip install onnxruntime-gpu"),
    "tensorrt": ("TensorrtExecutionProvider", "pip install onnxruntime-gpu tensorrt"),
    "openvino": ("OpenVINOExecutionProvider", "pip install onnxruntime-openvino"),
    "coreml": ("CoreMLExecutionProvider", "use a Mac; its onnxruntime has it"),
}


def available() -> Iterator[tuple[str, bool, str]]:
    """Each provider's name, whether this machine's ONNX Runtime has it, and how to get it."""
    held = _held()
    for name, (provider, remedy) in PROVIDERS.items():
        yield name, provider in held, "" if provider in held else remedy


def chosen(names: Sequence[str]) -> list[str]:
    """ONNX Runtime's own names, in order of choice, the CPU last.

    Raises ConfigError for a name that nobody knows or that this build does not have.
    """
    held = _held()
    found = []
    for name in names:
        if name not in PROVIDERS:
            raise ConfigError(f"provider {name!r}: choose among {', '.join(PROVIDERS)}")
        provider, remedy = PROVIDERS[name]
        if provider not in held:
            usable = ", ".join(n for n, (p, _) in PROVIDERS.items() if p in held)
            raise ConfigError(
                f"provider {name!r} is not in this build of ONNX Runtime, which has {usable}; "
                f"to get it: {remedy}"
            )
        found.append(provider)
    cpu = PROVIDERS["cpu"][0]
    return [*(provider for provider in found if provider != cpu), cpu]


def _held() -> list[str]:
    try:
        import onnxruntime
    except ImportError:
        raise MissingExtra("running ONNX networks", "camera") from None
    return list(onnxruntime.get_available_providers())
