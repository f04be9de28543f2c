"""What turns pictures into tensors: the contract of an intelligent sensor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sightline.geometry.fit import Placement
from sightline.picture import Picture
from sightline.wire.messages import Event

TABLE = {
    "virtual": "sightline.sensor.virtual:VirtualSensor",
    "truth": "sightline.sensor.truth:TruthSensor",
    "motion": "sightline.sensor.motion:MotionSensor",
}

Roi = tuple[float, float, float, float]  # x, y, width, height, fractions of the sensor image


class SensorConfig(BaseModel):
    """What the sensor looks at, what it runs on, and what it may put out.

    roi        the part of the sensor image that the network sees: x, y, width, height (0..1)
    output     the chip's choice: only metadata, or with it the input tensor, the picture of
               the roi, or the full picture. Privacy policy and outputs decide it, not people.
    providers  what ONNX Runtime runs on, in order of choice: cpu, cuda, tensorrt, openvino, coreml
    threads    of one run of the network (0: by cores and number of cameras)
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    roi: Roi = (0.0, 0.0, 1.0, 1.0)
    output: Literal["metadata", "input_tensor", "roi", "full"] = "metadata"
    providers: tuple[str, ...] = ("cpu",)
    threads: int = Field(default=0, ge=0)

    @field_validator("roi")
    @classmethod
    def _within_the_picture(cls, roi: Roi) -> Roi:
        x, y, width, height = roi
        if min(x, y) < 0 or min(width, height) <= 0 or max(x + width, y + height) > 1 + 1e-6:
            raise ValueError(
                "x, y, width and height are fractions, and the part that they name "
                f"must have an area within the picture (0..1), unlike {list(roi)}"
            )
        return roi


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """What a sensor yields for one picture.

    tensors       the network's outputs, in the network's order
    placement     where the input tensor lies on the full sensor image (for the decoder's boxes)
    size          width and height of the full sensor image in pixels
    picture       the full picture or that of the roi, only where `output` says so
    input_tensor  uint8 (h, w, 3) RGB, only where `output` says so
    truth, name, probes   as the frame carries them
    *_ns          time spent before this stage handed over
    """

    tensors: Sequence[NDArray[Any]]
    time_ns: int
    sequence: int
    placement: Placement
    size: tuple[int, int]
    picture: Picture | None = None
    input_tensor: NDArray[np.uint8] | None = None
    truth: object | None = None
    name: str = ""
    decode_ns: int = 0
    preprocess_ns: int = 0
    network_ns: int = 0
    probes: Mapping[str, tuple[float, ...]] | None = None
    probe_ns: int = 0


class Sensor(Protocol):
    """`with sensor: for item in sensor.captures(): ...`; events of the source pass through."""

    def __enter__(self) -> Sensor: ...
    def __exit__(self, *exc: object) -> None: ...
    def captures(self) -> Iterator[Capture | Event]: ...
