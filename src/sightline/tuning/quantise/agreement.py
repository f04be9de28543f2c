"""How much of what the float network sees the int8 one sees too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sightline.picture import Frame
from sightline.postprocess.base import DecodeConfig
from sightline.results import Detections
from sightline.tuning.scores.average_precision import FoundObjects, average_precision
from sightline.tuning.subject import Subject, look
from sightline.tuning.truth.base import TrueObjects

_SURE = 0.4  # what a camera reports, and a little more
_ALL = DecodeConfig(score=0.05, iou=0.65)
_GRID = 1000.0  # boxes are compared in thousandths of the tensor


@dataclass(frozen=True, eq=False)
class Agreement:
    """Scores int8 networks against what the float network saw.

    name  of the measure
    """

    name: str
    score: Callable[[Subject], float]


def agreement_with(subject: Subject, frames: Sequence[Frame]) -> Agreement:
    """For detections AP50 against the float network's sure ones, for classes the share of
    pictures with the same best class."""
    reference = _seen(subject, frames)
    if subject.recipe.task == "classification":
        best = [_best(item) for item in reference]
        return Agreement(
            "same class",
            lambda other: float(
                np.mean([a == _best(b) for a, b in zip(best, _seen(other, frames), strict=True)])
            ),
        )
    truth = [_sure(item) for item in reference]
    return Agreement(
        "agreement AP50",
        lambda other: average_precision(
            truth, [_found(item) for item in _seen(other, frames)], subject.labels
        ).metrics.get("AP50", 1.0),
    )


def _seen(subject: Subject, frames: Sequence[Frame]) -> list[Detections]:
    return [sight.detections for sight in look(subject, frames, _ALL)]


def _best(detections: Detections) -> int:
    return int(detections.labels[0]) if len(detections) else -1


def _sure(detections: Detections) -> TrueObjects:
    sure = detections[detections.scores >= _SURE]
    return TrueObjects.of(sure.boxes * np.float32(_GRID), sure.labels)


def _found(detections: Detections) -> FoundObjects:
    boxes = detections.boxes * np.float32(_GRID)
    return FoundObjects(boxes, detections.labels, detections.scores)
