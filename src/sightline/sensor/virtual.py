"""An intelligent sensor in software: the contract of the chip, on any picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from time import perf_counter_ns
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import ModelError
from sightline.model.recipe import Recipe
from sightline.model.signature import Signature
from sightline.picture import Frame, Picture
from sightline.picture.rgb import RgbPicture
from sightline.sensor.base import Capture, SensorConfig
from sightline.sensor.engines.base import Engine
from sightline.sensor.isp import Isp, Plan
from sightline.wire.messages import Event

_SIZES = ("int64", "int32", "float32")


class VirtualSensor:
    """Runs a network on every picture of a source.

    frames  pictures, and events, which pass through
    gate    held while the network runs, where cameras share an engine
    Raises ModelError where the network asks for more than a picture.
    """

    def __init__(
        self,
        frames: Iterable[Frame | Event],
        engine: Engine,
        recipe: Recipe,
        config: SensorConfig,
        gate: AbstractContextManager[None] | None = None,
    ) -> None:
        self._frames = frames
        self._engine = engine
        self._config = config
        self._gate = gate or nullcontext()
        self._isp = Isp(recipe.input, engine.signature.inputs[0].dtype, config.roi)
        self._rest = _further_inputs(engine.signature, recipe)

    def __enter__(self) -> VirtualSensor:
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    def captures(self) -> Iterator[Capture | Event]:
        """One capture a picture, in order."""
        for item in self._frames:
            yield item if isinstance(item, Event) else self._capture(item)

    def _capture(self, frame: Frame) -> Capture:
        begun = perf_counter_ns()
        tensor, plan = self._isp(frame.picture)
        prepared = perf_counter_ns()
        with self._gate:
            entered = perf_counter_ns()
            outputs = self._engine.run([tensor, *self._rest])
            left = perf_counter_ns()
        return Capture(
            tensors=outputs,
            time_ns=frame.time_ns,
            sequence=frame.sequence,
            placement=plan.placement,
            size=(frame.picture.width, frame.picture.height),
            picture=self._put_out(frame.picture, plan),
            input_tensor=self._input_tensor(),
            truth=frame.truth,
            name=frame.name,
            decode_ns=frame.decode_ns,
            probes=frame.probes,
            probe_ns=frame.probe_ns,
            preprocess_ns=prepared - begun,
            network_ns=left - entered,
        )

    def _put_out(self, picture: Picture, plan: Plan) -> Picture | None:
        if self._config.output == "full":
            return picture
        if self._config.output == "roi":
            _, _, width, height = plan.source
            cut = np.empty((height, width, 3), np.uint8)
            picture.resized(plan.source, (width, height), cut)
            return RgbPicture(cut)
        return None

    def _input_tensor(self) -> NDArray[np.uint8] | None:
        return self._isp.pixels.copy() if self._config.output == "input_tensor" else None


def _further_inputs(signature: Signature, recipe: Recipe) -> list[NDArray[Any]]:
    """DETR networks ask for the size to scale their boxes to: that of the tensor."""
    size = [recipe.input.width, recipe.input.height]
    for spec in signature.inputs[1:]:
        if len(spec.shape) != 2 or spec.shape[1] not in (None, 2) or spec.dtype not in _SIZES:
            raise ModelError(
                f"the network asks for a second input {spec.name!r}, which no picture gives; "
                "export it again with the picture as its only input"
            )
    return [np.array([size], spec.dtype) for spec in signature.inputs[1:]]
