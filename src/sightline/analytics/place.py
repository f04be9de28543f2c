"""What configurations of places have in common: points in fractions of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from sightline.analytics.audit import AuditConfig
from sightline.errors import ConfigError
from sightline.geometry.boxes import Anchor

Unit = Literal["picture", "metres"]
Point = tuple[FiniteFloat, FiniteFloat]
Name = Annotated[str, Field(min_length=1, max_length=64)]

SLACK = 0.005  # of the picture: a corner this near to its edge is meant to lie on it


class PlaceConfig(BaseModel):
    """What every line and zone has.

    name        as events and summary call it
    unit        of its coordinates: fractions of the picture, or metres on the floor (`ground`)
    anchor      the point of a box that stands for the object
    classes     count only these class names (empty: all)
    hysteresis  how far beyond the line or boundary the anchor must get until it counts, in
                heights of its box; 0 counts every change of side
    audits      what people counted here, for the intervals of its numbers; `sightline audit`
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    unit: Unit = "picture"
    anchor: Anchor = "bottom"
    classes: tuple[str, ...] = ()
    hysteresis: float = Field(default=0.1, ge=0, le=10)
    audits: tuple[AuditConfig, ...] = ()

    def audits_of(self, what: str) -> list[AuditConfig]:
        """Those of one of its numbers."""
        return [audit for audit in self.audits if audit.of == what]


def check_inside(what: str, points: Sequence[Point], unit: Unit = "picture") -> None:
    """Raise ValueError, naming the first of `points` that lies outside the picture.

    In metres nothing is outside: a camera may see a part of it only.
    """
    if unit == "metres":
        return
    for number, (x, y) in enumerate(points, 1):
        if not (-SLACK <= x <= 1 + SLACK and -SLACK <= y <= 1 + SLACK):
            raise ValueError(
                f"{what}: point {number} ({x:g}, {y:g}) is outside the picture; "
                "coordinates are fractions from 0 to 1"
            )


class Wanted:
    """Which rows are of the classes that count. `labels` may grow while it is used.

    Raises ConfigError for a class that is not among the labels, where there are any yet.
    """

    def __init__(self, what: str, classes: tuple[str, ...], labels: Sequence[str]) -> None:
        check_classes(what, classes, labels)
        self._classes = classes
        self._labels = labels
        self._table: NDArray[np.bool_] = np.empty(0, np.bool_)

    def rows(self, of: NDArray[np.int32]) -> NDArray[np.intp] | None:
        """The rows of the class indices `of` that count; None where all classes do."""
        if not self._classes:
            return None
        if len(self._table) != len(self._labels) + 1:
            # The last row stands for every class without a name.
            named = [label in self._classes for label in self._labels]
            self._table = np.array([*named, False], np.bool_)
        return self._table.take(of, mode="clip").nonzero()[0]


def check_classes(what: str, classes: Sequence[str], labels: Sequence[str]) -> None:
    """Raise ConfigError, naming the first of `classes` that is not among the labels."""
    for name in classes:
        if labels and name not in labels:
            known = ", ".join(labels[:12]) + (", …" if len(labels) > 12 else "")
            raise ConfigError(f"{what}: there is no class {name!r} here, but {known}")


def label_name(labels: Sequence[str], index: int) -> str:
    """The name of a class; its number where the model has no name for it."""
    return labels[index] if 0 <= index < len(labels) else str(index)
