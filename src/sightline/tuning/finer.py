"""Poses and masks against what people say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from sightline.errors import ConfigError, InputError
from sightline.postprocess.base import DecodeConfig
from sightline.tuning.evaluation import Evaluation
from sightline.tuning.scores.keypoints import keypoint_precision
from sightline.tuning.scores.overlap import Plane, mean_iou, painted
from sightline.tuning.subject import Subject, look
from sightline.tuning.truth.base import BoxTruth, TrueObjects, frames_of
from sightline.tuning.truth.masks import is_masks, read_mask, read_masks

Progress = Callable[[int, int], None]
_PIXELS = DecodeConfig(score=0.0)


def evaluate_poses(
    subject: Subject,
    truth: BoxTruth,
    name: str,
    config: DecodeConfig,
    progress: Progress = lambda done, total: None,
) -> Evaluation:
    """COCO's AP by keypoint similarity over the pictures that show people.

    Raises ConfigError where the truth holds no keypoints.
    """
    people = {
        file: _with_points(objects)
        for file, objects in truth.pictures.items()
        if objects.keypoints is not None
    }
    if not people:
        raise ConfigError(f"{name}: holds no keypoints, which a network for poses is measured by")
    sights = []
    for sight in look(subject, frames_of(people), config):
        sights.append(sight)
        progress(len(sights), len(people))
    if len(sights) != len(people):
        raise InputError(f"{name}: {len(people) - len(sights)} of its pictures cannot be decoded")
    metrics = keypoint_precision(
        list(people.values()),
        [sight.detections for sight in sights],
        [sight.size for sight in sights],
    )
    return Evaluation(subject.name, name, len(people), metrics)


def evaluate_masks(
    subject: Subject,
    data: Path,
    images: Path,
    progress: Progress = lambda done, total: None,
) -> Evaluation:
    """mIoU over the classes of the network; the numbers in the masks are its own.

    Raises InputError naming the mask that is not as it should be.
    """
    if not data.is_dir() or not is_masks(data):
        raise InputError(f"{data}: a folder of masks (.png, one class number a pixel) is needed")
    pairs = read_masks(data, images)

    def planes() -> Iterator[tuple[Plane, Plane]]:
        sights = look(subject, frames_of(pairs), _PIXELS)
        for done, (mask, sight) in enumerate(zip(pairs.values(), sights, strict=True), 1):
            yield read_mask(mask, sight.size), painted(sight.detections, sight.size)
            progress(done, len(pairs))

    metrics, classes = mean_iou(planes(), subject.labels)
    return Evaluation(subject.name, data.name, len(pairs), metrics, classes)


def _with_points(objects: TrueObjects) -> TrueObjects:
    """Only those of whom a point is known, and crowds."""
    assert objects.keypoints is not None
    kept = np.flatnonzero((objects.keypoints[:, :, 2] > 0).any(1) | objects.crowd)
    return TrueObjects(
        objects.boxes[kept],
        objects.labels[kept],
        objects.areas[kept],
        objects.crowd[kept],
        objects.keypoints[kept],
    )
