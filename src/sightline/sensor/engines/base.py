"""One runtime that executes networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from sightline.model.signature import Signature

TABLE = {
    "onnx": "sightline.sensor.engines.onnx:OnnxEngine",
    "tflite": "sightline.sensor.engines.litert:LiteRtEngine",
}


class Engine(Protocol):
    """A loaded network. `run` may be called by several threads at once."""

    signature: Signature

    def run(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Outputs in the order of `signature.outputs`, for inputs in that of `signature.inputs`."""
        ...
