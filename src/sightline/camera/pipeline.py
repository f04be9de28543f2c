"""The order of the stages of one camera; read it as the specification.

    capture -> decode -> place on the sensor image -> track -> (finalise) -> analytics

Probes have read their numbers off the picture before the sensor; these go to the analytics
beside the tracks.

Nothing in a pipeline is changed in place by configuration: a new configuration builds a
new pipeline.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter_ns

from sightline.analytics.asking import ask
from sightline.analytics.base import Analytic
from sightline.camera.readout import Readout
from sightline.postprocess.base import Decoder
from sightline.results import Detections
from sightline.sensor.base import Capture
from sightline.track.base import Tracker
from sightline.track.finalise import Finaliser
from sightline.wire.messages import Event


@dataclass(slots=True)
class Stages:
    """What a pipeline is made of. `tracker` is None where there is nothing to follow."""

    decoder: Decoder
    tracker: Tracker | None
    finaliser: Finaliser | None
    analytics: Sequence[Analytic]


class Pipeline:
    """Captures in, readouts out. `spent(stage=ns, ...)` is told what each capture cost."""

    def __init__(
        self, camera: str, labels: tuple[str, ...], stages: Stages, spent: Callable[..., None]
    ) -> None:
        self._camera = camera
        self._labels = labels
        self._stages = stages
        self._spent = spent
        self._size = (0, 0)
        self._unfinished: deque[tuple[Capture, Detections]] = deque()

    def step(self, capture: Capture) -> list[Readout]:
        """The readouts that this capture completes: one, or with delayed tracks none or more."""
        begun = perf_counter_ns()
        found = self._stages.decoder(capture.tensors)
        seen = found.placed(capture.placement)
        decoded = perf_counter_ns()
        self._unfinished.append((capture, seen))
        finished = self._track(seen, capture.time_ns)
        tracked = perf_counter_ns()
        readouts = [self._analyse(tracks) for tracks in finished]
        self._spent(
            decode=capture.decode_ns,
            probe=capture.probe_ns,
            preprocess=capture.preprocess_ns,
            network=capture.network_ns,
            postprocess=decoded - begun,
            track=tracked - decoded,
            analytics=perf_counter_ns() - tracked,
        )
        return readouts

    def finish(self, pause: bool = False) -> list[Readout]:
        """What was still undecided when the pictures ended: delayed tracks, last events.

        At a `pause` the analytics leave undecided what is; they will go on.
        """
        readouts = []
        if self._stages.finaliser is not None:
            readouts = [self._analyse(tracks) for _, tracks in self._stages.finaliser.flush()]
        if pause:
            return readouts
        last = [event for analytic in self._stages.analytics for event in analytic.finish()]
        if last:
            readouts.append(Readout.of_events(self._camera, last, self._labels, self._size))
        return readouts

    def _track(self, seen: Detections, time_ns: int) -> list[Detections]:
        if self._stages.tracker is None:
            return [seen]
        tracks = self._stages.tracker.update(seen, time_ns)
        if self._stages.finaliser is None:
            return [tracks]
        return [done for _, done in self._stages.finaliser.update(tracks, time_ns)]

    def _analyse(self, tracks: Detections) -> Readout:
        capture, seen = self._unfinished.popleft()
        if capture.probes:
            tracks = replace(tracks, probes=capture.probes)
        self._size = capture.size
        happened: list[Event] = []
        if self._stages.tracker is not None:
            happened = ask(self._stages.analytics, tracks, capture.time_ns)
        return Readout(
            camera=self._camera,
            time_ns=capture.time_ns,
            sequence=capture.sequence,
            size=capture.size,
            detections=tracks,
            labels=self._labels,
            events=tuple(replace(event, camera=self._camera) for event in happened),
            seen=seen,
            picture=capture.picture,
            truth=capture.truth,
            name=capture.name,
        )
