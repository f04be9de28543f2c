"""The parts of a camera that depend on the network, chosen and checked before any picture."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.camera.config import CameraConfig
from sightline.model.recipe import Recipe
from sightline.postprocess.base import Decoder
from sightline.sensor.base import SensorConfig
from sightline.sensor.engines.base import Engine


@dataclass(frozen=True, slots=True)
class Assembly:
    """A network that is ready to run, and the decoder that reads it."""

    model_name: str
    engine: Engine
    recipe: Recipe
    decoder: Decoder
    labels: tuple[str, ...]
    sensor: SensorConfig
    tracked: bool
