"""One camera: a source, a sensor and a pipeline, from configuration to readouts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag
from typing import Any

from sightline.analytics.asking import measured
from sightline.analytics.speed import Speed
from sightline.camera.assembly import assembled
from sightline.camera.memory import Memory
from sightline.camera.pipeline import Pipeline, Stages
from sightline.camera.probing import probes
from sightline.camera.readout import Readout
from sightline.camera.tally import Tally
from sightline.probe.prober import Prober
from sightline.sensor.base import Capture
from sightline.source import open_source, redact
from sightline.track.finalise import Finaliser
from sightline.twin.config import CameraConfig, parse_config
from sightline.twin.questions import Counts, Question, bounds, counts, questions, restore, state_of
from sightline.wire.formats.base import SUFFIXES
from sightline.wire.messages import Clock, Event, Header, Measure
from sightline.wire.summary import Summary


class Camera:
    """Pictures in, meaning out.

        for readout in Camera("shop.mp4", "yolox_nano.onnx").run():
            print(readout.time_ns, readout.detections.track_ids, readout.events)

    source  what to look at, or a whole CameraConfig
    model   a network file or the name of a built-in one
    keys    more keys of CameraConfig: `detect={"classes": ["person"]}`, `lines=[...]`
    others  how many more cameras run in this process, so that they share the cores well

    Raises ConfigError, InputError or ModelError before the first picture is asked for.
    """

    def __init__(
        self,
        source: str | CameraConfig,
        model: str | None = None,
        *,
        others: int = 0,
        **keys: Any,
    ) -> None:
        if isinstance(source, CameraConfig):
            self.config = source
        else:
            tree = {"source": source, **keys} | ({"model": model} if model else {})
            self.config = parse_config(tree, "camera")
        self.tally = Tally()
        self.boot = uuid.uuid4().hex[:16]
        self._assembly = assembled(self.config, cameras=others + 1)
        self._source = open_source(self.config.source)
        self._questions: list[Question] = []
        self._memory = Memory(self.config.output.state) if self.config.output.state else None
        self._size = (0, 0)
        self._opened = False
        self._stopped = Flag()

    @property
    def labels(self) -> tuple[str, ...]:
        """The class names that the model knows."""
        return self._assembly.labels

    def run(self) -> Iterator[Readout]:
        """Readouts until the source ends, `stop` is called or `max_frames` have been seen."""
        self.tally.begin()
        limit = self.config.max_frames
        with self._source as source:
            self._opened = True
            frames = Prober(probes(self.config))(source.frames())
            sensor = self._assembly.open(frames)
            pipeline: Pipeline | None = None
            with sensor:
                for item in sensor.captures():
                    if isinstance(item, Event):
                        yield self._told(item)
                    else:
                        if pipeline is None:
                            pipeline = self._pipeline(item)
                            yield from self._resumed(item)
                        yield from self._seen(pipeline.step(item))
                        if self._memory and self._memory.due:
                            self._memory.save(state_of(self._questions))
                    if self._stopped.is_set() or (limit and self.tally.captures >= limit):
                        break
            if pipeline:
                yield from self._seen(pipeline.finish(pause=self._memory is not None))
                if self._memory:
                    self._memory.save(state_of(self._questions))
        self.tally.end()

    def stop(self) -> None:
        """End `run` after the picture at hand; may be called from another thread."""
        self._stopped.set()
        self._source.close()

    def header(self, readout: Readout) -> Header:
        """What a reader of this camera's metadata has to know first."""
        from importlib.metadata import version

        return Header(
            camera=self.config.name,
            source=redact(self.config.source.uri),
            width=readout.size[0],
            height=readout.size[1],
            labels=self.labels,
            model=self._assembly.model_name,
            fps=self.fps,
            clock=self.clock,
            boot=self.boot,
            version=version("sightline"),
            keypoints=self._assembly.keypoints,
        )

    def measures(self) -> list[Measure]:
        """The numbers of every analytic, from the first picture to the last."""
        return measured(self._questions)

    def counts(self) -> Counts:
        """The numbers so far: {"lines": {NAME: {"in": 3, ...}}, "zones": {NAME: {...}}}."""
        return counts(self._questions)

    def speeds(self) -> dict[int, float]:
        """Metres a second now, by track, where somebody asked for speeds."""
        asked = (one for one in self._questions if isinstance(one, Speed))
        return {track: mps for one in asked for track, mps in one.now.items()}

    def summary(self) -> Summary:
        """What the run adds up to so far."""
        tally, counters = self.tally, self._source.counters
        numbers: dict[str, Any] = self.counts()  # a field of the summary each
        return Summary(
            camera=self.config.name,
            source=redact(self.config.source.uri),
            model=self._assembly.model_name,
            frames=tally.frames,
            seconds=round(tally.seconds, 3),
            fps=round(tally.frames / tally.seconds, 2) if tally.seconds else 0.0,
            dropped=counters.dropped,
            skipped=counters.skipped,
            corrupt=counters.corrupt,
            stalls=counters.stalls,
            reconnects=counters.reconnects,
            stages_ms=tally.stages_ms(),
            tracks=tally.unique_tracks(),
            pictures=tally.pictures_with(),
            **numbers,
            bounds=bounds(self._questions),
        )

    @property
    def fps(self) -> float:
        """Nominal pictures a second that come out; 0 where nobody knows."""
        limit = self.config.source.fps
        return min(limit, self._source.info.fps) if limit else self._source.info.fps

    @property
    def _stills(self) -> bool:
        """Whether its pictures have nothing to do with one another.

        COCO's results are asked for to be compared picture by picture.
        """
        output = self.config.output
        form = output.format or SUFFIXES.get(Path(output.metadata or "").suffix.lower())
        return self._source.info.stills or form == "coco"

    @property
    def clock(self) -> Clock:
        """What the times of the readouts count from."""
        return "utc" if self._source.info.live else "media"

    @property
    def expected(self) -> int:
        """How many pictures there will be; 0 where nobody knows."""
        limit = self.config.max_frames or 0
        known = self._source.info.frames if self._opened else 0
        return min(limit, known) if limit and known else limit or known

    @property
    def dropped(self) -> int:
        """Pictures that came too fast so far."""
        return self._source.counters.dropped

    def _told(self, event: Event) -> Readout:
        """What the source says of itself, between pictures."""
        info = self._source.info
        size = self._size if self._size[0] else (info.width, info.height)
        return Readout.of_events(self.config.name, [event], self.labels, size)

    def _seen(self, readouts: list[Readout]) -> Iterator[Readout]:
        for readout in readouts:
            self.tally.saw(readout)
            self._size = readout.size
            # A person who stands still must not be taken for an idle scene.
            self._source.busy = len(readout.detections) > 0
            yield readout

    def _resumed(self, first: Capture) -> Iterator[Readout]:
        """Let the analytics go on where the run before stopped, and say so."""
        state = self._memory.load() if self._memory else None
        if state is not None:
            data = {"anew": restore(self._questions, state)}
            event = Event(kind="camera.resumed", time_ns=first.time_ns, data=data)
            yield Readout.of_events(self.config.name, [event], self.labels, first.size)

    def _pipeline(self, first: Capture) -> Pipeline:
        """Built for the size of the first picture, which live sources only know then."""
        config, aspect = self.config, first.size[0] / first.size[1]
        tracking, finaliser = self._assembly.tracking, None
        stills = self._stills
        tracker = self._assembly.tracker(aspect, stills)
        if tracking:
            delays = tracking.delay_s and not stills
            finaliser = Finaliser(tracking.delay_s, aspect) if delays else None
            self._questions = questions(config, self.labels, aspect)
        stages = Stages(self._assembly.decoder, tracker, finaliser, self._questions)
        return Pipeline(config.name, self.labels, stages, self.tally.spent)
