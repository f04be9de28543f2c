"""What a network says of itself: the names, shapes and types of its inputs and outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output. A dimension that is only known at run time is None."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str  # NumPy's name: "float32", "uint8", "int64"
    scale: float = 0.0  # of a quantised tensor: real = scale * (stored - zero_point)
    zero_point: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """Everything that can be known of a network without running it."""

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
