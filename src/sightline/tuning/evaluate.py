"""A network against what people say: the right measure for its task and the form of the data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sightline.errors import ConfigError, InputError
from sightline.postprocess.base import DecodeConfig
from sightline.tuning.evaluation import Evaluation
from sightline.tuning.finer import evaluate_masks, evaluate_poses
from sightline.tuning.scores import confusion
from sightline.tuning.scores.average_precision import FoundObjects, average_precision
from sightline.tuning.scores.top import top
from sightline.tuning.subject import Sight, Subject, look
from sightline.tuning.tracked import evaluate_tracks
from sightline.tuning.truth.base import BoxTruth, ClassTruth, frames_of
from sightline.tuning.truth.coco import read_coco
from sightline.tuning.truth.folders import is_tree, read_tree
from sightline.tuning.truth.matching import index_of
from sightline.tuning.truth.yolo import is_yolo, read_yolo

Progress = Callable[[int, int], None]  # pictures done, pictures in all

# COCO's own way: all that has a score at all, each box for each class.
DETECTION = DecodeConfig(score=0.001, iou=0.65, limit=300, every_class=True)
RANKING = DecodeConfig(score=0.0, limit=5)


def evaluate(
    subject: Subject,
    data: Path,
    images: Path | None = None,
    *,
    config: DecodeConfig = DETECTION,
    progress: Progress = lambda done, total: None,
) -> Evaluation:
    """Measure a network.

    data    COCO's JSON; a folder of YOLO's label files; a folder with a folder of pictures a
            class; ground truth of MOTChallenge (.txt)
    images  the folder of the pictures, or the video of the tracks; not for folders of classes
    Raises InputError and ConfigError naming the file and the field, MissingExtra.
    """
    if not data.exists():
        raise InputError(f"{data}: there is no such file or folder")
    if data.is_dir() and subject.recipe.task == "classification" and is_tree(data):
        return evaluate_classes(subject, read_tree(data), data.name, progress)
    if images is None:
        raise ConfigError(f"{data}: say with --images where its pictures are")
    if data.suffix == ".txt":
        return evaluate_tracks(subject, data, images, progress)
    if subject.recipe.task == "pose":
        return evaluate_poses(subject, read_coco(data, images), data.stem, config, progress)
    if subject.recipe.task == "semantic segmentation":
        return evaluate_masks(subject, data, images, progress)
    _expect_boxes(subject, data)
    if data.is_dir():
        if not is_yolo(data):
            raise InputError(f"{data}: holds neither label files nor folders of classes")
        truth = read_yolo(data, images, subject.labels)
    else:
        truth = read_coco(data, images)
    return evaluate_boxes(subject, truth, data.stem, config, progress)


def evaluate_boxes(
    subject: Subject,
    truth: BoxTruth,
    name: str,
    config: DecodeConfig = DETECTION,
    progress: Progress = lambda done, total: None,
) -> Evaluation:
    """COCO's AP over the classes that network and truth share."""
    index = index_of(subject.labels, truth.names)
    total = len(truth.pictures)
    found = []
    for sight in look(subject, frames_of(truth.pictures), config):
        found.append(_found(sight, index))
        progress(len(found), total)
    _all_seen(len(found), total, name)
    true = list(truth.pictures.values())
    shared = sorted(set(index[index >= 0].tolist()))
    scores = average_precision(true, found, truth.names, shared)
    return Evaluation(
        name=subject.name,
        data=name,
        pictures=total,
        metrics=scores.metrics,
        classes=scores.classes,
        precision={"all": scores.precision, **scores.by_class},
        confusion=confusion.of_boxes(true, found, truth.names),
        notes=_unshared(shared, truth.names),
    )


def evaluate_classes(
    subject: Subject,
    truth: ClassTruth,
    name: str,
    progress: Progress = lambda done, total: None,
) -> Evaluation:
    """Top-1 and top-5 over the pictures of a tree."""
    index = index_of(subject.labels, truth.names)
    total = len(truth.pictures)
    ranked = []
    for sight in look(subject, frames_of(truth.pictures), RANKING):
        ranked.append(index[sight.detections.labels])
        progress(len(ranked), total)
    _all_seen(len(ranked), total, name)
    right = list(truth.pictures.values())
    of_class = {
        label: [(row, number) for row, number in zip(ranked, right, strict=True) if number == place]
        for place, label in enumerate(truth.names)
    }
    return Evaluation(
        name=subject.name,
        data=name,
        pictures=total,
        metrics=top(ranked, right),
        classes={
            label: top([row for row, _ in rows], [number for _, number in rows])["top1"]
            for label, rows in of_class.items()
        },
        confusion=confusion.of_classes(
            [int(row[0]) if len(row) else -1 for row in ranked], right, truth.names
        ),
        notes=_unshared(sorted(set(index[index >= 0].tolist())), truth.names),
    )


def _found(sight: Sight, index: NDArray[np.int32]) -> FoundObjects:
    labels = index[sight.detections.labels]
    known = labels >= 0
    boxes = sight.detections.boxes[known] * np.array(sight.size * 2, np.float32)
    return FoundObjects(boxes, labels[known], sight.detections.scores[known])


def _expect_boxes(subject: Subject, data: Path) -> None:
    if subject.recipe.task == "classification":
        raise ConfigError(
            f"{data}: holds boxes, but {subject.name} is a network for classification; give a "
            "folder with a folder of pictures for each class"
        )


def _all_seen(seen: int, pictures: int, name: str) -> None:
    if seen != pictures:
        raise InputError(f"{name}: {pictures - seen} of its pictures could not be decoded")


def _unshared(shared: list[int], names: tuple[str, ...]) -> tuple[str, ...]:
    left_out = [name for number, name in enumerate(names) if number not in shared]
    if not left_out:
        return ()
    few = ", ".join(left_out[:8]) + (", …" if len(left_out) > 8 else "")
    return (f"{len(left_out)} classes of the data are unknown to the network: {few}",)
