"""A verdict on a network for a chip, in words and for programs."""

from __future__ import annotations

from collections.abc import Iterator

from sightline.tuning.imx500.check import Verdict
from sightline.tuning.imx500.compile import does_not_fit
from sightline.tuning.imx500.limits import MEMORY_BYTES
from sightline.tuning.imx500.memory_report import MemoryReport


def lines(verdict: Verdict, exact: MemoryReport | None, chip: str) -> Iterator[str]:
    """The answer first, then the figures, then what to change."""
    fits = verdict.fits and (exact is None or exact.fits)
    basis = "by the converter's report" if exact else "by an estimate"
    yield f"{'fits' if fits else 'does not fit'} on the {chip}, {basis}"
    memory = exact or verdict.memory
    yield (
        f"memory: {memory.total / 1e6:.2f} of {MEMORY_BYTES / 1e6:.2f} MB "
        f"(weights {memory.weights / 1e6:.2f}, activations {memory.activations / 1e6:.2f})"
    )
    yield f"input: {verdict.width}x{verdict.height}"
    yield f"operators: {sum(verdict.memory.operators.values())}"
    if exact and not exact.fits:
        yield f"change: {does_not_fit(exact)}"
    for fault in verdict.faults:
        yield f"change: {fault}"
    for doubt in verdict.doubts:
        yield f"note: {doubt}"
    if exact is None:
        yield "The estimate counts int8 weights and the largest live tensors; the chip pads both."


def as_json(verdict: Verdict, exact: MemoryReport | None) -> dict[str, object]:
    """Plain JSON values; `estimate` says whether the bytes are one."""
    memory = exact or verdict.memory
    return {
        "fits": verdict.fits and (exact is None or exact.fits),
        "estimate": exact is None,
        "bytes": {
            "weights": memory.weights,
            "activations": memory.activations,
            "total": memory.total,
            "chip": MEMORY_BYTES,
        },
        "input": [verdict.width, verdict.height],
        "operators": dict(verdict.memory.operators),
        "change": list(verdict.faults),
        "notes": list(verdict.doubts),
    }
