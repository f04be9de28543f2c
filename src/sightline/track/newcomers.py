"""Which detections that are no track's are somebody new."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.results import Detections
from sightline.track.overlap import iou

Boxes = NDArray[np.floating[Any]]
Index = NDArray[np.intp]

# How wide the decay is, in squares of intersection over union.
DECAY = 0.25


def newcomers(boxes: Boxes, seen: Detections, taken: Index, free: Index, least: float) -> Index:
    """Those of the `free` detections that begin a track.

    Networks give one person two boxes now and then, the second at a lower score. So a score
    counts the less, the more its box overlaps one that is a track's, or a better one that is
    free, of its class: Bodla et al., "Soft-NMS: Improving Object Detection With One Line of
    Code", 2017. What is left of it must be `least`; people side by side are seen clearly enough.

    boxes  corners (4, N) of the detections `seen`; `taken` are those of tracks
    """
    rivals = np.concatenate([taken, free])
    if len(rivals) < 2:
        return free
    scores, labels = seen.scores, seen.labels
    beats = scores[rivals] > scores[free][:, None]
    beats[:, : len(taken)] = True
    beats &= labels[rivals] == labels[free][:, None]
    most = (iou(boxes[:, free], boxes[:, rivals]) * beats).max(axis=1)
    new: Index = free[scores[free] * np.exp(-most * most / DECAY) >= least]
    return new
