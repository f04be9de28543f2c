"""Network and tracker together, against tracks that people drew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from sightline.errors import InputError
from sightline.plugins import load
from sightline.postprocess.base import DecodeConfig
from sightline.results import Detections
from sightline.source import SourceConfig, open_source
from sightline.track.base import TABLE, TrackConfig, Tracker
from sightline.tuning.evaluation import Evaluation
from sightline.tuning.scores.tracking import tracking
from sightline.tuning.subject import Subject, look
from sightline.tuning.truth.matching import index_of
from sightline.wire.formats.mot import MotTable, read_mot


def evaluate_tracks(
    subject: Subject,
    data: Path,
    pictures: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Evaluation:
    """HOTA, MOTA and IDF1 of all classes that the truth holds, each for itself in time.

    data      ground truth of MOTChallenge
    pictures  the video, or the folder of its pictures, one for each frame of the truth
    """
    config = TrackConfig()
    found: list[Detections] = []
    with open_source(SourceConfig(uri=str(pictures), idle="off")) as source:
        aspect = source.info.width / source.info.height
        tracker: Tracker = load("tracker", "sightline", TABLE)(config, aspect)
        table = read_mot(data, source.info.width, source.info.height)
        index = index_of(subject.labels, table.labels)
        truth = _frames(table, source.info.frames)
        for sight in look(subject, source.frames(), DecodeConfig(score=config.low_score)):
            labels = index[sight.detections.labels]
            wanted = np.isin(labels, np.unique(table.objects.labels))
            found.append(tracker.update(sight.detections[wanted], sight.time_ns))
            progress(len(found), len(truth))
    if len(truth) != len(found):
        raise InputError(
            f"{data}: has {len(truth)} frames, but {pictures} has {len(found)} pictures"
        )
    return Evaluation(
        name=subject.name, data=data.stem, pictures=len(found), metrics=tracking(truth, found)
    )


def _frames(table: MotTable, last: int) -> list[Detections]:
    return [detections for _, detections in table.frames(last)]
