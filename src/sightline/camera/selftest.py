"""A few inputs that travel with a package, and what the network found in them where it was made.

A machine that finds something else in them computes something else: a broken runtime, a
processor with other int8 arithmetic, a package put together wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sightline.errors import ModelError
from sightline.geometry.boxes import iou
from sightline.model.load import Model, model_of
from sightline.model.manifest import Expected, SelfTest
from sightline.model.package import Package, make_package
from sightline.picture import Frame, Picture
from sightline.picture.rgb import RgbPicture
from sightline.plugins import load
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.fitting import fitted_decoder
from sightline.results import Detections
from sightline.sensor.base import Capture, SensorConfig
from sightline.sensor.engines.base import TABLE, Engine
from sightline.sensor.virtual import VirtualSensor
from sightline.source import open_source
from sightline.source.base import SourceConfig

_SCORE = 0.3
_SAME_PLACE = 0.8  # intersection over union
_SAME_SCORE = 0.1


def with_selftest(package: Package, uri: str, pictures: int = 2) -> Package:
    """The package with the first pictures of a source as its self-test, unsigned.

    Raises InputError, SourceError, ModelError.
    """
    run = _Run(model_of(package, package.manifest.name))
    tests, files = [], {}
    with open_source(SourceConfig(uri=uri)) as source:
        frames = (item for item in source.frames() if isinstance(item, Frame))
        for number, frame in enumerate(islice(frames, pictures)):
            pixels, found = run(frame.picture)
            file = f"selftest/{number}.rgb"
            files[file] = pixels.tobytes()
            tests.append(SelfTest(file=file, expected=tuple(_expected(found))))
    kept = {
        target.file: bytes(package.files[target.file])
        for target in package.manifest.targets.values()
    }
    manifest = package.manifest.model_copy(update={"selftest": tuple(tests)})
    return make_package(manifest, {**kept, **files})


def run_selftest(package: Package, origin: str) -> int:
    """Run every self-test; how many there were. Raises ModelError naming one that failed."""
    manifest = package.manifest
    if not manifest.selftest:
        raise ModelError(f"{origin}: selftest: this package holds none")
    run = _Run(model_of(package, origin))
    size = (manifest.recipe.input.height, manifest.recipe.input.width, 3)
    for test in manifest.selftest:
        pixels = np.frombuffer(package.files[test.file], np.uint8).reshape(size)
        _, found = run(RgbPicture(pixels))
        fault = _difference(test.expected, found)
        if fault:
            raise ModelError(f"{origin}: {test.file}: {fault}")
    return len(manifest.selftest)


class _Run:
    """One picture after the other through the network as a camera would."""

    def __init__(self, model: Model) -> None:
        assert model.recipe is not None
        self._recipe = model.recipe
        self._engine: Engine = load("engine", model.format, TABLE)(model)
        self._decoder = fitted_decoder(
            model.name,
            model.recipe,
            self._engine.signature,
            model.recipe.labels,
            DecodeConfig(score=_SCORE),
        )

    def __call__(self, picture: Picture) -> tuple[NDArray[np.uint8], Detections]:
        config = SensorConfig(output="input_tensor")
        frames = [Frame(picture, 0, 0)]
        for capture in VirtualSensor(frames, self._engine, self._recipe, config).captures():
            if isinstance(capture, Capture) and capture.input_tensor is not None:
                return capture.input_tensor, self._decoder(capture.tensors)
        raise ModelError("the sensor gave nothing back")


def _expected(found: Detections) -> Iterator[Expected]:
    for box, score, label in zip(found.boxes, found.scores, found.labels, strict=True):
        x1, y1, x2, y2 = (round(float(value), 4) for value in box)
        rounded = round(min(1.0, float(score)), 4)
        yield Expected(label=int(label), score=rounded, box=(x1, y1, x2, y2))


def _difference(expected: tuple[Expected, ...], found: Detections) -> str:
    """What is missing or too much, in words; nothing where both agree."""
    wanted = np.array([item.box for item in expected], np.float32).reshape(-1, 4)
    labels = np.array([item.label for item in expected], np.int64)
    scores = np.array([item.score for item in expected], np.float32)
    same = (
        (iou(wanted, found.boxes) >= _SAME_PLACE)
        & (labels[:, None] == found.labels)
        & (np.abs(scores[:, None] - found.scores) <= _SAME_SCORE)
    )
    # Close to the threshold an object may well be found here and not there.
    lost = ~same.any(1) & (scores >= _SCORE + _SAME_SCORE)
    new = ~same.any(0) & (found.scores >= _SCORE + _SAME_SCORE)
    if lost.any():
        return f"{int(lost.sum())} of {len(expected)} expected objects are not found here"
    return f"{int(new.sum())} objects more than expected are found here" if new.any() else ""
