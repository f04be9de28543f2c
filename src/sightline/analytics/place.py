"""What configurations of places have in common: points in fractions of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from sightline.geometry.boxes import Anchor

Point = tuple[FiniteFloat, FiniteFloat]
Name = Annotated[str, Field(min_length=1, max_length=64)]

SLACK = 0.005  # of the picture: a corner this near to its edge is meant to lie on it


class PlaceConfig(BaseModel):
    """What every line and zone has.

    name        as events and summary call it
    anchor      the point of a box that stands for the object
    classes     count only these class names (empty: all)
    hysteresis  how far beyond the line or boundary the anchor must get until it counts, in
                heights of its box; 0 counts every change of side
    memory_s    how long an object that is not seen is expected back, with the same or a new
                identity
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    anchor: Anchor = "bottom"
    classes: tuple[str, ...] = ()
    hysteresis: float = Field(default=0.1, ge=0, le=10)
    memory_s: float = Field(default=2.0, ge=0, le=3600)


def check_inside(what: str, points: Sequence[Point]) -> None:
    """Raise ValueError, naming the first of `points` that lies outside the picture."""
    for number, (x, y) in enumerate(points, 1):
        if not (-SLACK <= x <= 1 + SLACK and -SLACK <= y <= 1 + SLACK):
            raise ValueError(
                f"{what}: point {number} ({x:g}, {y:g}) is outside the picture; "
                "coordinates are fractions from 0 to 1"
            )


def wanted_labels(classes: tuple[str, ...], labels: Sequence[str]) -> NDArray[np.bool_] | None:
    """Which class indices count; None where all do."""
    if not classes:
        return None
    return np.array([label in classes for label in labels], np.bool_)


def label_name(labels: Sequence[str], index: int) -> str:
    """The name of a class; its number where the model has no name for it."""
    return labels[index] if 0 <= index < len(labels) else str(index)
