"""Every benchmark by name, in the order of the table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from benchmarks.base import Findings, Row, Skipped, cheapest, compared, interleaved
from benchmarks.inputs import Inputs

Benchmark: TypeAlias = Callable[[Inputs], Findings]


def _tracker(_: Inputs) -> Findings:
    from benchmarks.track_speed import FRAMES, SIZES, TRACKERS, cost

    def way(name: str, size: int) -> float:
        cost(TRACKERS[name], size)
        return FRAMES

    present = [name for name in TRACKERS if _importable(partial(way, name, SIZES[0]))]
    for size in SIZES:
        spent = interleaved({name: partial(way, name, size) for name in present}, 3)
        ours = spent.pop("sightline")
        claim = f"tracker, {size} detections"
        if not spent:
            yield Skipped(claim, "no peer is installed")
            continue
        best = cheapest(spent)
        yield compared(claim, ours, best, spent[best], {27: 1 / 3}.get(size, 1.0))
        old = "supervision ByteTrack"
        if size == 50 and old in spent:
            yield compared(claim, ours, old, spent[old], 0.1)


def _importable(way: Callable[[], object]) -> bool:
    try:
        way()
    except ImportError:
        return False
    return True


def _metadata(_: Inputs) -> Iterator[Row]:
    from benchmarks import metadata

    for count in (5, 20):
        seen = metadata.moving(count)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sizes = {}
            for form in ("jsonl", "packed"):
                metadata.ours(folder, seen, metadata.FORMATS[form])
                sizes[form] = (folder / metadata.FORMATS[form]).stat().st_size / metadata.FRAMES
            jsonl, packed = sizes["jsonl"], sizes["packed"]
            claim = f"packed metadata, {count} objects"
            most = 12 * count + 24
            limit = "12 bytes an object + 24"
            yield Row(claim, packed, "bytes", limit, most, packed / most, 1.0)
            yield Row(claim, packed, "bytes", "JSON Lines", jsonl, packed / jsonl, 0.2)
            ways = {
                "ours": partial(_written, metadata.ours, folder, seen, "out.jsonl"),
                "json.dumps(asdict())": partial(_written, metadata.by_hand, folder, seen),
            }
            spent = interleaved(ways, 3)
            ours = spent.pop("ours")
            peer = cheapest(spent)
            yield compared(f"writing JSON Lines, {count} objects", ours, peer, spent[peer], None)


def _written(write: Callable[..., None], *arguments: object) -> float:
    from benchmarks.metadata import FRAMES

    write(*arguments)
    return FRAMES


def _in(module: str) -> Benchmark:
    """A module that has the one function `rows`; imported only when it is its turn."""

    def rows(inputs: Inputs) -> Findings:
        try:
            found: Benchmark = import_module(f"benchmarks.{module}").rows
        except ImportError as error:
            return [Skipped(module, f"{error.name} is not installed")]
        return found(inputs)

    return rows


SUITE: dict[str, Benchmark] = {
    "overhead": _in("overhead"),
    "decode": _in("decode"),
    "idle": _in("idle"),
    "tracker": _tracker,
    "analytics": _in("analytics"),
    "cameras": _in("cameras"),
    "metadata": _metadata,
    "footprint": _in("footprint"),
}
