"""One configuration at work on the pictures of a source; another can take over between two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

from sightline.analytics.asking import measured
from sightline.analytics.keeping import State
from sightline.camera.assembly import Sensing, assembled
from sightline.camera.pipeline import Pipeline, Stages
from sightline.camera.probing import probes
from sightline.camera.readout import Readout
from sightline.camera.tally import Tally
from sightline.picture import Frame
from sightline.probe.prober import Prober
from sightline.sensor.base import Capture, Sensor
from sightline.source import SourceInfo, redact
from sightline.track.base import Tracker
from sightline.track.finalise import Finaliser
from sightline.twin.config import CameraConfig
from sightline.twin.questions import Counts, Question, counts, questions, restore, state_of
from sightline.wire.messages import Event, Header, Measure


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a new course goes on from: the analytics' state, and the tracker where it fits."""

    state: State | None = None
    tracker: Tracker | None = None


class Course:
    """Built, and so checked, before the first picture: `step` begins with the first capture.

    config  with the network's file in `model.name`
    Raises ConfigError, InputError, ModelError, MissingExtra.
    """

    def __init__(self, config: CameraConfig) -> None:
        self.config = config
        self.tally = Tally()
        assembly: Sensing = assembled(config, 1)
        # The sensor puts pictures out for who asks for one, where the policy allows any.
        output = "metadata" if config.privacy.policy == "none" else "full"
        sensor = assembly.sensor.model_copy(update={"output": output})
        self.assembly = replace(assembly, sensor=sensor)
        self._prober = Prober(probes(config))
        self.inherited = Inherited()
        self.anew: list[str] | None = None
        self.source_fps = 0.0
        self._questions: list[Question] = []
        self._tracker: Tracker | None = None
        self._pipeline: Pipeline | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The class names that the model knows."""
        return self.assembly.labels

    def open(self, frames: Iterable[Frame | Event]) -> Sensor:
        """Probes and sensor on these pictures."""
        return self.assembly.open(self._prober(frames))

    def step(self, capture: Capture) -> list[Readout]:
        """The readouts that this capture completes."""
        if self._pipeline is None:
            self._pipeline = self._begin(capture)
        return self._pipeline.step(capture)

    def finish(self) -> list[Readout]:
        """What was still held back; the analytics leave undecided what is, somebody goes on."""
        return self._pipeline.finish(pause=True) if self._pipeline else []

    def state(self) -> State | None:
        """All that the analytics remember; None before the first picture."""
        return state_of(self._questions) if self._pipeline else self.inherited.state

    def heritage(self, heir: CameraConfig) -> Inherited:
        """What the course of another configuration can go on from."""
        mine = self.config
        same = (heir.track, heir.detect.score, heir.model, heir.source.stills) == (
            mine.track, mine.detect.score, mine.model, mine.source.stills,
        )  # fmt: skip
        keeps = same and not self.config.track.delay_s
        return Inherited(self.state(), self._tracker if keeps else None)

    def counts(self) -> Counts:
        """The numbers so far."""
        return counts(self._questions)

    def measures(self) -> list[Measure]:
        """The numbers of every analytic, from the first picture to the last."""
        return measured(self._questions)

    def header(self, size: tuple[int, int], info: SourceInfo, boot: str) -> Header:
        """What a reader of this metadata has to know first. Times are UTC, whatever the source."""
        limit = self.config.source.fps
        self.source_fps = min(limit, info.fps) if limit else info.fps
        return Header(
            camera=self.config.name,
            source=redact(self.config.source.uri),
            width=size[0],
            height=size[1],
            labels=self.labels,
            model=self.assembly.model_name,
            fps=self.source_fps,
            clock="utc",
            boot=boot,
            version=version("sightline"),
            keypoints=self.assembly.keypoints,
        )

    def told(self, events: Sequence[Event], size: tuple[int, int]) -> Readout:
        """What the source says of itself."""
        return Readout.of_events(self.config.name, events, self.labels, size)

    def _begin(self, first: Capture) -> Pipeline:
        """Built for the size of the first picture."""
        aspect = first.size[0] / first.size[1]
        tracking, finaliser = self.assembly.tracking, None
        stills = bool(self.config.source.stills)
        fresh = self.assembly.tracker(aspect, stills)
        self._tracker = self.inherited.tracker or fresh
        if tracking and self._tracker:
            delays = tracking.delay_s and not stills
            finaliser = Finaliser(tracking.delay_s, aspect) if delays else None
            self._questions = questions(self.config, self.labels, aspect)
        if self.inherited.state is not None:
            same = self.inherited.tracker is not None
            self.anew = restore(self._questions, self.inherited.state, same_tracks=same)
        stages = Stages(self.assembly.decoder, self._tracker, finaliser, self._questions)
        return Pipeline(self.config.name, self.labels, stages, self.tally.spent)
