"""How a picture becomes a network's input, and which decoder reads its output."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Fit = Literal["stretch", "letterbox", "letterbox_topleft", "crop"]
Task = Literal[
    "detection",
    "classification",
    "pose",
    "semantic segmentation",
    "instance segmentation",
    "anomaly",
]


class InputRecipe(BaseModel):
    """Geometry and normalisation of the input tensor.

    The sensor always makes an 8-bit tensor first (that is what the chip has); a network
    that wants floats gets `(value - mean) / std` per channel, in the order of `colour`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    width: int = Field(gt=0)
    height: int = Field(gt=0)
    layout: Literal["nchw", "nhwc"] = "nchw"
    colour: Literal["rgb", "bgr", "y"] = "rgb"
    fit: Fit = "stretch"
    pad: int = Field(default=114, ge=0, le=255)
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)


class Recipe(BaseModel):
    """All that stands between a bare network and detections."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: Task = "detection"
    decoder: str
    input: InputRecipe
    labels: tuple[str, ...] = ()
    parameters: dict[str, float | int | str | bool] = Field(default_factory=dict)
