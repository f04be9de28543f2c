"""Does it fit on the chip, and what to change where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from sightline.errors import ModelError
from sightline.model.manifest import TargetName
from sightline.model.package import Package
from sightline.tuning.imx500.estimate import Estimate, estimate
from sightline.tuning.imx500.limits import (
    LARGEST_SIDE,
    MEMORY_BYTES,
    OPERATORS,
    SMALLEST_SIDE,
    SOURCE,
)

_SURE = 0.9  # of the memory; the estimate is not better than that


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an estimate says; only the converter knows for certain.

    faults  what will not work, each with what to change
    doubts  what may not work
    """

    memory: Estimate
    width: int
    height: int
    faults: tuple[str, ...]
    doubts: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing is known that speaks against it."""
        return not self.faults


def check_package(package: Package) -> Verdict:
    """Judge the ONNX network of a package, the float one where it holds both.

    Raises ModelError where it holds none, MissingExtra.
    """
    manifest = package.manifest
    order: tuple[TargetName, ...] = ("onnx-float", "onnx-int8")
    target = next((name for name in order if name in manifest.targets), None)
    if target is None:
        raise ModelError(
            f"{manifest.name}: holds no ONNX network, only {', '.join(manifest.targets)}; "
            "that is what can be checked and compiled for the chip"
        )
    memory = estimate(package.network(target), manifest.name)
    width, height = manifest.recipe.input.width, manifest.recipe.input.height
    return Verdict(
        memory,
        width,
        height,
        (*_size(width, height), *_operators(memory), *_memory(memory, width, height)),
        tuple(_tight(memory)),
    )


def _size(width: int, height: int) -> Iterator[str]:
    if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (width, height)):
        yield (
            f"input of {width}x{height}: the chip takes {SMALLEST_SIDE} to {LARGEST_SIDE} pixels "
            "a side; export the network for another size"
        )


def _operators(memory: Estimate) -> Iterator[str]:
    quantised = {"QuantizeLinear", "DequantizeLinear"}
    unknown = {
        kind: count
        for kind, count in sorted(memory.operators.items())
        if kind not in OPERATORS | quantised
    }
    if unknown:
        told = ", ".join(f"{kind} ({count})" for kind, count in unknown.items())
        yield (
            f"operators that the chip's tools do not know: {told}; replace them, or cut the "
            f"network before them and leave the rest to the decoder (list: {SOURCE})"
        )


def _memory(memory: Estimate, width: int, height: int) -> Iterator[str]:
    if memory.total <= MEMORY_BYTES:
        return
    room = MEMORY_BYTES * _SURE - memory.weights
    smaller = int(sqrt(max(0.0, room / memory.activations)) * min(width, height)) // 32 * 32
    if smaller >= SMALLEST_SIDE:
        remedy = f"an input of {smaller} pixels a side would fit"
    else:
        narrower = sqrt(MEMORY_BYTES * _SURE * 0.6 / memory.weights)
        remedy = (
            f"the weights take most of it: layers with {min(narrower, 0.9):.0%} of their channels "
            "would about fit; so would fewer layers"
        )
    yield f"about {memory.total / 1e6:.1f} MB of memory where the chip has 8.4 MB: {remedy}"


def _tight(memory: Estimate) -> Iterator[str]:
    if MEMORY_BYTES * _SURE < memory.total <= MEMORY_BYTES:
        yield "it is tight: only the converter can tell (sightline model compile)"
