"""A network that is looked into: loaded as a camera loads it, and asked what it sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sightline.errors import ModelError
from sightline.model.load import Format, Model
from sightline.model.manifest import TargetName
from sightline.model.onnx_check import check_onnx
from sightline.model.package import Package
from sightline.model.recipe import Recipe
from sightline.picture import Frame
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.fitting import fitted_decoder
from sightline.postprocess.recognise import labels_of, recognise
from sightline.results import Detections
from sightline.sensor.base import Capture, SensorConfig
from sightline.sensor.engines.base import Engine
from sightline.sensor.virtual import VirtualSensor
from sightline.tuning.timing import engine_of
from sightline.wire.messages import Event


@dataclass(frozen=True)
class Subject:
    """One network on one engine, and how it is fed and read."""

    model: Model
    engine: Engine
    recipe: Recipe
    labels: tuple[str, ...]

    @property
    def name(self) -> str:
        """For people."""
        return self.model.name


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What a network saw in one picture.

    size        width and height of the picture in pixels
    detections  boxes in fractions of the whole picture, inside of it
    """

    name: str
    time_ns: int
    size: tuple[int, int]
    detections: Detections


def subject_of(
    model: Model,
    *,
    decoder: str | None = None,
    labels: tuple[str, ...] | None = None,
    providers: Sequence[str] = ("cpu",),
    threads: int = 0,
) -> Subject:
    """`model` ready to run, on all cores with 0 threads.

    Raises ModelError, DecoderError and ConfigError as a camera would.
    """
    engine = engine_of(model, providers, threads)
    known = model.recipe if decoder is None else None
    recipe = known or recognise(engine.signature, decoder)
    return Subject(model, engine, recipe, labels_of(recipe, engine.signature, labels))


def of_package(package: Package, target: TargetName | None = None) -> Subject:
    """The network of a package for `target`, the default one without it.

    Raises ModelError where the package does not hold it, or only the chip runs it.
    """
    manifest = package.manifest
    chosen = target or manifest.default
    if chosen == "imx500":
        raise ModelError(f"{manifest.name}: holds a network for the IMX500 alone")
    form: Format = "tflite" if chosen == "tflite" else "onnx"
    model = Model(manifest.name, form, package.network(chosen), manifest.recipe)
    if form == "onnx":
        check_onnx(model.data, manifest.name)
    return subject_of(model)


def captures(subject: Subject, frames: Iterable[Frame | Event]) -> Iterator[Capture]:
    """The network's output for each picture, by the way that a camera goes."""
    sensor = VirtualSensor(frames, subject.engine, subject.recipe, SensorConfig())
    return (item for item in sensor.captures() if isinstance(item, Capture))


def look(
    subject: Subject, frames: Iterable[Frame | Event], config: DecodeConfig
) -> Iterator[Sight]:
    """What the network sees in each picture, in order."""
    decoder = fitted_decoder(
        subject.name, subject.recipe, subject.engine.signature, subject.labels, config
    )
    for item in captures(subject, frames):
        seen = decoder(item.tensors)
        placed = seen.placed(item.placement)
        whole = replace(placed, boxes=placed.boxes.clip(0, 1).astype(np.float32))
        yield Sight(item.name, item.time_ns, item.size, whole)
