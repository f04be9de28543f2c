"""A whole camera whose decoding and whose network are timed apart from all the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

from numpy.typing import NDArray

from sightline.camera.camera import Camera
from sightline.camera.outputs import Outputs
from sightline.picture import Frame
from sightline.sensor.engines.base import Engine
from sightline.sensor.engines.shared import SharedEngine
from sightline.source.base import Source
from sightline.twin.config import parse_config
from sightline.wire.messages import Event

LINE = (0.5, 0.0, 0.5, 1.0)
ZONE = ((0.2, 0.2), (0.8, 0.2), (0.8, 1.0), (0.2, 1.0))


class TimedSource:
    """A source that knows how much CPU time its pictures took."""

    def __init__(self, source: Source) -> None:
        self.spent_s = 0.0
        self.counters = source.counters
        self.busy = False
        self.close = source.close
        self._source = source

    def __enter__(self) -> TimedSource:
        begun = process_time()
        self._source.__enter__()
        self.spent_s += process_time() - begun
        self.info = self._source.info
        return self

    def __exit__(self, *exc: object) -> None:
        self._source.__exit__(*exc)

    def frames(self) -> Iterator[Frame | Event]:
        items = self._source.frames()
        while True:
            begun = process_time()
            item = next(items, None)
            self.spent_s += process_time() - begun
            if item is None:
                return
            yield item


class TimedEngine:
    """An engine that knows how much CPU time its network took."""

    def __init__(self, engine: Engine) -> None:
        self.signature = engine.signature
        self.spent_s = 0.0
        self._engine = engine

    def run(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        begun = process_time()
        outputs = self._engine.run(inputs)
        self.spent_s += process_time() - begun
        return outputs


class Rehearsal(Camera):
    """Follows people, with one line and one zone, and writes JSON Lines."""

    def __init__(self, video: Path, network: Path, metadata: Path, frames: int) -> None:
        tree = {
            "source": str(video),
            "model": str(network),
            "sensor": {"threads": 1},
            "detect": {"classes": ["person"]},
            "lines": [{"name": "door", "points": [LINE[:2], LINE[2:]]}],
            "zones": [{"name": "room", "polygon": ZONE}],
            "output": {"metadata": str(metadata)},
            "max_frames": frames,
        }
        super().__init__(parse_config(tree, "benchmark"))
        shared = self._assembly.shared
        self.engine = TimedEngine(shared.engine)
        self.decoding = TimedSource(self._source)
        self._assembly = replace(self._assembly, shared=SharedEngine(self.engine, shared.gate))
        self._source = self.decoding

    def work(self) -> tuple[float, float]:
        """From the first picture to the last: CPU seconds of the network, and of the rest
        but decoding."""
        with Outputs(self) as outputs:
            begun = process_time()
            for readout in self.run():
                outputs.write(readout)
            spent = process_time() - begun
        network = self.engine.spent_s
        return network, spent - network - self.decoding.spent_s
