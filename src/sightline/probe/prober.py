"""The stage between source and sensor that lets probes look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from time import perf_counter_ns

from sightline.geometry.warp import STILL, Matrix
from sightline.picture import Frame
from sightline.probe.base import Probe
from sightline.probe.view import VIEW, moved_by
from sightline.wire.messages import Event

_EARLY = 0.02  # of the time between looks: so much too early is due


class Prober:
    """`for frame in Prober(probes)(source.frames())`: the same frames, some with numbers."""

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes
        self._looked_ns: dict[str, int] = {}
        self._moved: Matrix = STILL

    def __call__(self, frames: Iterable[Frame | Event]) -> Iterator[Frame | Event]:
        """Frames and events, in order."""
        for item in frames:
            yield item if isinstance(item, Event) else self._probed(item)

    def _probed(self, frame: Frame) -> Frame:
        begun, numbers = perf_counter_ns(), {}
        for probe in self._probes:
            if not self._is_due(probe, frame.time_ns):
                continue
            self._looked_ns[probe.name] = frame.time_ns
            looked = probe.look(frame.picture, self._moved)
            found = tuple(round(float(value), 5) for value in looked)
            if found:
                numbers[probe.name] = found
            if probe.name == VIEW:
                self._moved = moved_by(found)
        if not numbers:
            return frame
        return replace(frame, probes=numbers, probe_ns=perf_counter_ns() - begun)

    def _is_due(self, probe: Probe, time_ns: int) -> bool:
        looked = self._looked_ns.get(probe.name)
        # Also when the clock has been set back.
        return looked is None or not 0 <= time_ns - looked < probe.every_s * (1 - _EARLY) * 1e9
