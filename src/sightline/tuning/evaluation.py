"""What came out of measuring one network on one set of data."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sightline.tuning.scores.confusion import Confusion


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Scores are 0..1, as the field writes them.

    name       of the network
    data       of the set of data
    metrics    by name, the one that counts first: AP, top1, HOTA
    classes    the same for each class, as far as there is one
    precision  (101,) each, over recall 0, 0.01, ..., 1, by class; "all" is their mean
    notes      what a reader has to know to judge the figures
    """

    name: str
    data: str
    pictures: int
    metrics: dict[str, float]
    classes: dict[str, float] = field(default_factory=dict)
    precision: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    confusion: Confusion | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Plain JSON values: the metrics at the top, and what they were measured on."""
        return {
            **self.metrics,
            "model": self.name,
            "data": self.data,
            "pictures": self.pictures,
            "classes": self.classes,
            "notes": list(self.notes),
        }
