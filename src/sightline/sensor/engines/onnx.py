"""Networks on ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from sightline.errors import ModelError
from sightline.model.load import Model
from sightline.model.signature import Signature, TensorSpec
from sightline.sensor.engines.providers import chosen

_DTYPES = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(double)": "float64",
    "tensor(uint8)": "uint8",
    "tensor(int8)": "int8",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(bool)": "bool",
}
_SILENT = 4  # every failure comes as an exception too


class OnnxEngine:
    """One session. ONNX Runtime lets any number of threads run it at once.

    Raises ModelError where the network is damaged or uses what the runtime does not know.
    """

    def __init__(self, model: Model, providers: Sequence[str] = ("cpu",), threads: int = 1) -> None:
        names = chosen(providers)
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = _SILENT
        # Waiting threads sleep instead of spinning: what they burn, other cameras lack.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            # Its own fallback would print, and then run on the CPU as if that had been asked for.
            self._session = onnxruntime.InferenceSession(
                model.data, options, providers=names, enable_fallback=0
            )
            self.signature = _signature(self._session)
        except Exception as error:  # the runtime's own tree has no common root
            raise ModelError(f"{model.name}: ONNX Runtime refuses it: {_reason(error)}") from None
        lost = set(names) - set(self._session.get_providers())
        if lost:
            raise ModelError(
                f"{model.name}: ONNX Runtime could not start {', '.join(sorted(lost))} on this "
                "machine; check its driver, or choose another provider"
            )
        self._name = model.name
        self._inputs = [spec.name for spec in self.signature.inputs]

    def run(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Outputs in the order of `signature.outputs`. Raises ModelError when it breaks down."""
        try:
            outputs: list[NDArray[Any]] = self._session.run(
                None, dict(zip(self._inputs, inputs, strict=True))
            )
        except Exception as error:  # as above
            raise ModelError(f"{self._name}: failed while running: {_reason(error)}") from None
        return outputs


def _signature(session: Any) -> Signature:
    return Signature(
        inputs=tuple(_spec(item) for item in session.get_inputs()),
        outputs=tuple(_spec(item) for item in session.get_outputs()),
        metadata=dict(session.get_modelmeta().custom_metadata_map),
    )


def _spec(item: Any) -> TensorSpec:
    shape = tuple(size if isinstance(size, int) and size > 0 else None for size in item.shape)
    return TensorSpec(item.name, shape, _DTYPES.get(item.type, item.type))


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    if text.startswith("[ONNXRuntimeError]"):  # … : number : NAME : what happened
        text = text.split(" : ", 3)[-1]
    return text if len(text) <= 200 else f"{text[:200]}…"
