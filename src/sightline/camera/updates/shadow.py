"""A candidate that looks at the same pictures as the course that runs, and is compared with it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from sightline.camera.agent.mailbox import Tried
from sightline.camera.course import Course
from sightline.camera.machine import temperature_c
from sightline.camera.readout import Readout
from sightline.camera.updates.trial import Trial
from sightline.picture import Frame
from sightline.results import Detections
from sightline.sensor.base import Capture


class Shadow:
    """Lives in the thread of the camera. A candidate that fails ends the trial, nothing else.

    The trial begins with the first picture; both begin to count there.
    """

    def __init__(self, candidate: Course, seconds: float) -> None:
        self._candidate, self._seconds = candidate, seconds
        self._trial: Trial | None = None
        self._begun = 0.0
        self._frame: Frame | None = None
        self._old_begin: dict[str, dict[str, dict[str, float]]] = {}
        self._captures = iter(candidate.assembly.open(self._frames()).captures())

    def saw(
        self, frame: Frame, readouts: list[Readout], old_ns: int, running: Course
    ) -> Tried | None:
        """One more picture. What came of the trial, where it is over."""
        now = time.monotonic()
        if self._trial is None:
            self._trial, self._begun = Trial(running.source_fps, temperature_c()), now
            self._old_begin = running.counts()
        try:
            self._frame = frame
            begun = time.perf_counter_ns()
            capture = next(self._captures)
            assert isinstance(capture, Capture)
            new = self._candidate.step(capture)
            new_ms = (time.perf_counter_ns() - begun) / 1e6
            if readouts and new:
                old, other = _objects(readouts, running), _objects(new, self._candidate)
                names = (running.labels, self._candidate.labels)
                self._trial.saw(old, names[0], other, names[1], old_ns / 1e6, new_ms)
        except Exception as error:
            return Tried({}, f"it fails beside the one that runs: {type(error).__name__}: {error}")
        if now - self._begun < self._seconds:
            return None
        old_counts = _since(self._old_begin, running.counts())
        counts = self._candidate.counts()
        return Tried(self._trial.result(old_counts, counts, temperature_c()))

    def _frames(self) -> Iterator[Frame]:
        while True:
            assert self._frame is not None
            yield self._frame


def _objects(readouts: list[Readout], course: Course) -> Detections:
    """What the network itself is sure of. Tracks would not do: the candidate's are the younger."""
    seen = readouts[-1].seen
    return seen[seen.scores >= course.config.detect.score]


def _since(
    before: dict[str, dict[str, dict[str, float]]], now: dict[str, dict[str, dict[str, float]]]
) -> dict[str, dict[str, dict[str, float]]]:
    return {
        kind: {
            name: {
                key: value - before.get(kind, {}).get(name, {}).get(key, 0)
                for key, value in numbers.items()
                if isinstance(value, int | float)
            }
            for name, numbers in by_name.items()
        }
        for kind, by_name in now.items()
    }
