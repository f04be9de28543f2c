"""AP of poses by object keypoint similarity, as COCO defines it, by faster-coco-eval."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import MissingExtra
from sightline.results import Detections
from sightline.tuning.truth.base import TrueObjects

_NAMES = (
    "AP", "AP50", "AP75", "AP_medium", "AP_large",
    "AR", "AR50", "AR75", "AR_medium", "AR_large",
)  # fmt: skip
_NOBODY = {"image_id": 1, "category_id": 1, "keypoints": [0.0] * 51, "score": 0.0}


def keypoint_precision(
    truth: Sequence[TrueObjects], found: Sequence[Detections], sizes: Sequence[tuple[int, int]]
) -> dict[str, float]:
    """AP and AR of the seventeen points of people, 0..1; those without any truth are left out.

    sizes  width and height of each picture in pixels
    Raises MissingExtra.
    """
    try:
        from faster_coco_eval import COCO, COCOeval_faster
    except ImportError:
        raise MissingExtra("keypoint similarity", "evaluate") from None
    people = {
        "images": [{"id": n} for n in range(1, len(truth) + 1)],
        "annotations": _true(truth),
        "categories": [{"id": 1, "name": "person"}],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        annotations = COCO(people)
        results = annotations.loadRes(_found(found, sizes) or [_NOBODY])
        evaluation = COCOeval_faster(annotations, results, "keypoints")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    pairs = zip(_NAMES, evaluation.stats, strict=False)
    return {name: float(value) for name, value in pairs if value > -1}


def _true(truth: Sequence[TrueObjects]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for image, people in enumerate(truth, 1):
        assert people.keypoints is not None
        for box, points, area, crowd in zip(
            people.boxes, people.keypoints, people.areas, people.crowd, strict=True
        ):
            known = int((points[:, 2] > 0).sum())
            rows.append(
                {
                    "id": len(rows) + 1,
                    "image_id": image,
                    "category_id": 1,
                    "bbox": [float(n) for n in (*box[:2], *(box[2:] - box[:2]))],
                    "area": float(area),
                    "iscrowd": int(crowd),
                    "keypoints": points.reshape(-1).tolist(),
                    "num_keypoints": known,
                    "ignore": known == 0,
                }
            )
    return rows


def _found(found: Sequence[Detections], sizes: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    return [
        {"image_id": image, "category_id": 1, "keypoints": _pixels(points, size), "score": score}
        for image, (people, size) in enumerate(zip(found, sizes, strict=True), 1)
        if people.keypoints is not None
        for points, score in zip(people.keypoints, people.scores.tolist(), strict=True)
    ]


def _pixels(points: NDArray[np.float32], size: tuple[int, int]) -> list[float]:
    scaled = points.astype(np.float64) * np.array([*size, 1.0])
    flat: list[float] = scaled.reshape(-1).tolist()
    return flat
