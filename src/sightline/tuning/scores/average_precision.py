"""Average precision as COCO defines it, by faster-coco-eval (pycocotools' rules in C++).

Lin et al., "Microsoft COCO: Common Objects in Context", arXiv:1405.0312.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import MissingExtra
from sightline.tuning.truth.base import TrueObjects

_NAMES = (
    "AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large",
    "AR1", "AR10", "AR100", "AR_small", "AR_medium", "AR_large",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class FoundObjects:
    """What a network found in one picture; as TrueObjects, with scores."""

    boxes: NDArray[np.float32]
    labels: NDArray[np.int32]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Precision:
    """AP and its relatives, 0..1; those of which the data says nothing are left out.

    classes    AP of each class that occurs, by name
    precision  (101,) at IoU 0.5, mean of the classes, over recall 0, 0.01, ..., 1
    by_class   the same for each class
    """

    metrics: dict[str, float]
    classes: dict[str, float]
    precision: NDArray[np.float32]
    by_class: dict[str, NDArray[np.float32]]


def average_precision(
    truth: Sequence[TrueObjects],
    found: Sequence[FoundObjects],
    names: Sequence[str],
    among: Sequence[int] | None = None,
) -> Precision:
    """Scores of `found`, picture by picture against `truth`.

    among  the classes that count; None: all
    Raises MissingExtra.
    """
    counted = sorted(range(len(names)) if among is None else set(among))
    evaluation = _evaluated(_true(truth, names), _found(found), counted)
    precision = evaluation.eval["precision"][..., 0, -1]  # IoU, recall, class; all sizes, 100
    occurs = [k for k in range(len(counted)) if precision[:, :, k].max() > -1]
    metrics = zip(_NAMES, evaluation.stats, strict=False)
    return Precision(
        metrics={name: float(value) for name, value in metrics if value > -1},
        classes={names[counted[k]]: float(precision[:, :, k].mean()) for k in occurs},
        precision=(precision[0][:, occurs].mean(1) if occurs else np.zeros(101)).astype(np.float32),
        by_class={names[counted[k]]: precision[0, :, k].astype(np.float32) for k in occurs},
    )


def _evaluated(truth: dict[str, Any], found: list[dict[str, Any]], counted: list[int]) -> Any:
    try:
        from faster_coco_eval import COCO, COCOeval_faster
    except ImportError:
        raise MissingExtra("average precision", "evaluate") from None
    with contextlib.redirect_stdout(io.StringIO()):
        annotations = COCO(truth)
        evaluation = COCOeval_faster(annotations, annotations.loadRes(found), "bbox")
        evaluation.params.catIds = [number + 1 for number in counted]
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation


def _true(truth: Sequence[TrueObjects], names: Sequence[str]) -> dict[str, Any]:
    annotations = [
        {
            "image_id": image,
            "category_id": label + 1,
            "bbox": box,
            "area": area,
            "iscrowd": int(crowd),
        }
        for image, objects in enumerate(truth, 1)
        for label, box, area, crowd in zip(
            objects.labels.tolist(),
            _sides(objects.boxes),
            objects.areas.tolist(),
            objects.crowd.tolist(),
            strict=True,
        )
    ]
    return {
        "images": [{"id": image} for image in range(1, len(truth) + 1)],
        "annotations": [{"id": n, **item} for n, item in enumerate(annotations, 1)],
        "categories": [{"id": n, "name": name} for n, name in enumerate(names, 1)],
    }


def _found(found: Sequence[FoundObjects]) -> list[dict[str, Any]]:
    rows: list[Mapping[str, Any]] = [
        {"image_id": image, "category_id": label + 1, "bbox": box, "score": score}
        for image, objects in enumerate(found, 1)
        for label, box, score in zip(
            objects.labels.tolist(), _sides(objects.boxes), objects.scores.tolist(), strict=True
        )
    ]
    # The library refuses an empty list; a box without area that scores nothing is the same.
    nothing = {"image_id": 1, "category_id": 1, "bbox": [0.0, 0.0, 0.0, 0.0], "score": 0.0}
    return [dict(row) for row in rows] or [nothing]


def _sides(boxes: NDArray[np.float32]) -> list[list[float]]:
    sided = boxes.astype(np.float64)
    sided[:, 2:] -= sided[:, :2]
    rows: list[list[float]] = sided.tolist()
    return rows
