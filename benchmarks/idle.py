"""What a 1080p25 camera costs while nothing moves, as a share of one core.

    python -m benchmarks idle

A still scene with sensor noise, a keyframe every two seconds, is read as fast as it can be,
and the CPU time is divided by the time that it shows: the same packets as from a live camera,
without the network's own few system calls. The first seconds, in which the source makes sure
that nothing moves, are left out.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.base import Findings, Row, compared
from benchmarks.decode import FPS, encode, rendered
from benchmarks.inputs import Inputs
from sightline.source import SourceConfig, open_source
from sightline.wire.messages import Event

SECONDS, ROUNDS = 36, 5


def rows(inputs: Inputs) -> Findings:
    """A core's share with and without idling, and what a second of motion costs after it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "still.mp4"
        encode(path, rendered(moving=False), SECONDS * FPS)
        spent: dict[str, list[float]] = {"on": [], "off": []}
        for _ in range(ROUNDS):
            for idle, shares in spent.items():
                shares.append(share(str(path), idle))
    yield Row("an idle 1080p25 camera", median(spent["on"]), "% of a core", target=1.2)
    yield compared("idle, beside full decoding", spent["on"], "idle: off", spent["off"], None)


def share(path: str, idle: str) -> float:
    """Percent of a core for the stretch in which the source idles (or for all of it)."""
    begun, first, last = process_time(), 0, 0
    with open_source(SourceConfig.model_validate({"uri": path, "idle": idle})) as source:
        for item in source.frames():
            last = item.time_ns
            if isinstance(item, Event) and item.kind == "source.idle":
                begun, first = process_time(), last
    return (process_time() - begun) / ((last - first) / 1e9) * 100
