"""TFLite networks on LiteRT."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import MissingExtra, ModelError
from sightline.model.load import Model
from sightline.model.signature import Signature, TensorSpec


class LiteRtEngine:
    """One interpreter; it is not made for several threads, so they take turns.

    Quantised outputs come back as float32. Raises ModelError for a damaged network.
    """

    def __init__(self, model: Model, providers: Sequence[str] = ("cpu",), threads: int = 1) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError:
            raise MissingExtra("running TFLite networks", "litert") from None
        try:
            self._interpreter = Interpreter(model_content=model.data, num_threads=threads)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            reason = " ".join(str(error).split())[:200]
            raise ModelError(f"{model.name}: LiteRT refuses it: {reason}") from None
        self._name = model.name
        self._lock = Lock()
        self._inputs = self._interpreter.get_input_details()
        self._outputs = self._interpreter.get_output_details()
        self.signature = Signature(
            tuple(map(_spec, self._inputs)), tuple(map(_spec, self._outputs))
        )

    def run(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Outputs in the order of `signature.outputs`. Raises ModelError when it breaks down."""
        with self._lock:
            try:
                for detail, value in zip(self._inputs, inputs, strict=True):
                    self._interpreter.set_tensor(detail["index"], value)
                self._interpreter.invoke()
            except (ValueError, RuntimeError) as error:
                raise ModelError(f"{self._name}: failed while running: {error}") from None
            return [self._output(detail) for detail in self._outputs]

    def _output(self, detail: dict[str, Any]) -> NDArray[Any]:
        tensor: NDArray[Any] = self._interpreter.get_tensor(detail["index"])
        scale, zero = detail["quantization"]
        if scale == 0 or not np.issubdtype(tensor.dtype, np.integer):
            return tensor
        return (tensor.astype(np.float32) - np.float32(zero)) * np.float32(scale)


def _spec(detail: dict[str, Any]) -> TensorSpec:
    shape = tuple(int(size) if size > 0 else None for size in detail["shape"])
    scale, zero = detail["quantization"]
    dtype = np.dtype(detail["dtype"]).name
    return TensorSpec(str(detail["name"]), shape, dtype, float(scale), int(zero))
