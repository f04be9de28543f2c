"""Detections as the records that are written of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from sightline.errors import InputError
from sightline.results import Detections
from sightline.wire.details import details, typed, with_details
from sightline.wire.labels import LabelIndex
from sightline.wire.messages import FrameMetadata, Object

Columns: TypeAlias = tuple[list[list[float]], list[float], list[int], list[int] | None]

_BOX_DECIMALS = 5  # 0.04 pixels of a 4K picture
_SCORE_DECIMALS = 4


def finite(detections: Detections) -> Detections:
    """Without the rows that hold a number that is none: no format can carry them."""
    if np.isfinite(detections.boxes).all() and np.isfinite(detections.scores).all():
        return detections
    return detections[np.isfinite(detections.boxes).all(1) & np.isfinite(detections.scores)]


def columns(detections: Detections) -> Columns:
    """Boxes, scores, labels and track ids as plain, rounded values, ready to be written."""
    kept = finite(detections)
    return (
        kept.boxes.astype(np.float64).round(_BOX_DECIMALS).tolist(),
        kept.scores.astype(np.float64).round(_SCORE_DECIMALS).tolist(),
        kept.labels.tolist(),
        None if kept.track_ids is None else kept.track_ids.tolist(),
    )


def frame_metadata(
    detections: Detections,
    labels: Sequence[str],
    camera: str,
    sequence: int,
    time_ns: int,
    truth: Any = None,
    name: str = "",
) -> FrameMetadata:
    """The message of one picture. `labels` are the class names that the detections index."""
    boxes, scores, indices, track_ids = columns(detections)
    tracks = [None] * len(boxes) if track_ids is None else track_ids
    rows = zip(indices, scores, boxes, tracks, details(finite(detections)), strict=True)
    objects = tuple(
        Object(labels[i], score, (box[0], box[1], box[2], box[3]), track, **typed(more))
        for i, score, box, track, more in rows
    )
    probes = {key: tuple(numbers) for key, numbers in (detections.probes or {}).items()}
    return FrameMetadata(camera, sequence, time_ns, objects, truth, name, probes)


def detections_of(frame: FrameMetadata, index: LabelIndex) -> Detections:
    """The same as arrays; `index` has learned its labels. Without objects it counts as tracked.

    Raises InputError for a track that no 64 bits can hold, and for a damaged mask.
    """
    objects = frame.objects
    tracked = all(item.track is not None for item in objects)
    try:
        ids = np.array([item.track for item in objects], np.int64) if tracked else None
    except OverflowError:
        raise InputError(f"frame {frame.sequence} holds a track id beyond 64 bits") from None
    with np.errstate(over="ignore"):
        boxes = np.array([item.box for item in objects], np.float32).reshape(-1, 4)
        scores = np.array([item.score for item in objects], np.float32)
    labels = index.numbers(item.label for item in objects)
    found = Detections(boxes, scores, labels, ids, probes=frame.probes or None)
    return finite(with_details(found, objects))
