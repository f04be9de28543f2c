"""The parts of a camera that depend on the network, chosen and checked before any picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from numpy.typing import NDArray

from sightline.model.labels import chosen, read_labels
from sightline.model.load import load_model
from sightline.model.recipe import Recipe
from sightline.picture import Frame
from sightline.postprocess.base import Decoder
from sightline.postprocess.fitting import fitted_decoder
from sightline.postprocess.recognise import labels_of, recognise
from sightline.results import Detections
from sightline.results.keypoints import keypoint_names
from sightline.sensor.base import Sensor, SensorConfig
from sightline.sensor.engines.shared import SharedEngine, shared_engine
from sightline.sensor.motion import LABELS as MOVING_LABELS
from sightline.sensor.motion import MotionSensor
from sightline.sensor.truth import LABELS as TRUE_LABELS
from sightline.sensor.truth import TruthConfig, TruthSensor, parse_truth
from sightline.sensor.virtual import VirtualSensor
from sightline.track.apart import Apart
from sightline.track.base import TrackConfig, Tracker
from sightline.track.given import GivenTracks
from sightline.track.tracker import Tracker as OurTracker
from sightline.twin.config import CameraConfig, ModelConfig
from sightline.wire.messages import Event

_FOLLOWED = ("detection", "pose", "instance segmentation")  # tasks that find single objects


@dataclass(frozen=True, slots=True)
class Assembly:
    """A network that is ready to run, and the decoder that reads it.

    tracking  how its objects are followed; None where there is nothing to follow
    """

    model_name: str
    shared: SharedEngine
    recipe: Recipe
    decoder: Decoder
    labels: tuple[str, ...]
    sensor: SensorConfig
    tracking: TrackConfig | None

    @property
    def keypoints(self) -> tuple[str, ...]:
        """Names of the keypoints of its objects; none where it finds none."""
        count = int(self.recipe.parameters.get("keypoints", 0))
        return keypoint_names(count) if count else ()

    def open(self, frames: Iterable[Frame | Event]) -> Sensor:
        """The sensor on these pictures."""
        shared = self.shared
        return VirtualSensor(frames, shared.engine, self.recipe, self.sensor, shared.gate)

    def tracker(self, aspect: float, stills: bool = False) -> Tracker | None:
        """What follows its objects on pictures of that shape; of `stills`, each for itself."""
        if self.tracking is None:
            return None
        return Apart(self.tracking.high_score) if stills else OurTracker(self.tracking, aspect)


@dataclass(frozen=True, slots=True)
class Known:
    """No network: what a rendered scene knows, as `Assembly` would find it."""

    truth: TruthConfig
    sensor: SensorConfig
    tracking: TrackConfig
    model_name: str = "truth"
    labels: tuple[str, ...] = TRUE_LABELS
    keypoints: tuple[str, ...] = ()

    def open(self, frames: Iterable[Frame | Event]) -> Sensor:
        """The sensor on these pictures."""
        return TruthSensor(frames, self.truth, self.sensor.output == "full")

    def decoder(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        """Boxes, scores and labels, and identities unless the tracker gives them."""
        boxes, scores, labels, tracks = tensors
        return Detections(boxes, scores, labels, None if self.truth.track else tracks)

    def tracker(self, aspect: float, stills: bool = False) -> Tracker:
        """Our tracker where it is asked for, and of `stills` each for itself."""
        if not self.truth.track:
            return GivenTracks()
        return Apart(self.tracking.high_score) if stills else OurTracker(self.tracking, aspect)


@dataclass(frozen=True, slots=True)
class Moving:
    """No network: whatever moves, as `Assembly` would find it."""

    sensor: SensorConfig
    tracking: TrackConfig
    model_name: str = "motion"
    labels: tuple[str, ...] = MOVING_LABELS
    keypoints: tuple[str, ...] = ()

    def open(self, frames: Iterable[Frame | Event]) -> Sensor:
        """The sensor on these pictures."""
        return MotionSensor(frames, self.sensor.output == "full")

    def decoder(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        """Boxes, scores and labels."""
        boxes, scores, labels = tensors
        return Detections(boxes, scores, labels)

    def tracker(self, aspect: float, stills: bool = False) -> Tracker:
        """Our tracker; what moves is seen in a film only."""
        return OurTracker(self.tracking, aspect)


Sensing: TypeAlias = Assembly | Known | Moving


def assembled(config: CameraConfig, cameras: int) -> Sensing:
    """What `config` names: a network, the truth of a rendered scene, or motion.

    cameras  how many share this process
    Raises ConfigError, InputError, ModelError or MissingExtra.
    """
    name = config.model.name
    kind = name.partition("?")[0]
    if kind not in ("truth", "motion"):
        return assemble(config, cameras)
    sensor = config.sensor.model_copy(update={"output": _output(config)})
    found: Known | Moving = Moving(sensor, _tracking(config))
    if kind == "truth":
        found = Known(parse_truth(name), sensor, _tracking(config))
    for place in (*config.lines, *config.zones):
        chosen(place.classes, found.labels)
    return found


def assemble(config: CameraConfig, cameras: int) -> Assembly:
    """Load the network that `config` names. `cameras` is how many share this process.

    Raises ConfigError, InputError, ModelError or MissingExtra.
    """
    model = load_model(config.model.name, require_signature=config.model.require_signature)
    shared = shared_engine(model, config.sensor, cameras)
    signature = shared.engine.signature
    known = model.recipe if config.model.decoder is None else None
    recipe = known or recognise(signature, config.model.decoder)
    labels = labels_of(recipe, signature, _given_labels(config.model))
    tracking = _tracking(config) if recipe.task in _FOLLOWED else None
    detect = config.detect
    if tracking:
        # The tracker sorts strong detections from weak ones itself, and uses both.
        detect = detect.model_copy(update={"score": min(detect.score, tracking.low_score)})
    for place in (*config.lines, *config.zones):
        chosen(place.classes, labels)
    return Assembly(
        model_name=model.name,
        shared=shared,
        recipe=recipe,
        decoder=fitted_decoder(model.name, recipe, signature, labels, detect),
        labels=labels,
        sensor=config.sensor.model_copy(update={"output": _output(config)}),
        tracking=tracking,
    )


def _tracking(config: CameraConfig) -> TrackConfig:
    """`detect.score` is what is reported, so it is what begins a track, unless `track` says."""
    score, track = config.detect.score, config.track
    high = track.high_score if "high_score" in track.model_fields_set else score
    return track.model_copy(update={"high_score": high, "low_score": min(track.low_score, score)})


def _output(config: CameraConfig) -> str:
    """Pictures pass the sensor only where something may look at them."""
    if config.privacy.policy == "none":
        return "metadata"
    drawn = config.output.video or config.output.preview
    return "full" if drawn else config.sensor.output


def _given_labels(config: ModelConfig) -> tuple[str, ...] | None:
    if isinstance(config.labels, str):
        return read_labels(config.labels)
    return config.labels
