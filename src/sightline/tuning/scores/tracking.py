"""HOTA, MOTA and IDF1, by TrackEval.

Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking",
arXiv:2009.07736; Bernardin and Stiefelhagen, "CLEAR MOT", 2008; Ristani et al.,
arXiv:1609.01775.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import ConfigError
from sightline.geometry.boxes import iou
from sightline.results import Detections


def tracking(truth: Sequence[Detections], found: Sequence[Detections]) -> dict[str, float]:
    """HOTA, DetA, AssA, MOTA, IDF1 (0..1; MOTA may be less) and id_switches.

    Both hold one value a picture, with `track_ids`. Raises ConfigError without TrackEval.
    """
    try:
        from trackeval.metrics import CLEAR, HOTA, Identity
    except ImportError:
        raise ConfigError(
            "tracking scores need TrackEval: pip install --no-deps 'trackeval>=1.3', and "
            "pip install scipy tabulate (its other dependencies would replace OpenCV)"
        ) from None
    data = _sequence(truth, found)
    quiet = {"PRINT_CONFIG": False}
    hota = HOTA().eval_sequence(data)
    clear = CLEAR(quiet).eval_sequence(data)
    identity = Identity(quiet).eval_sequence(data)
    return {
        "HOTA": float(np.mean(hota["HOTA"])),
        "DetA": float(np.mean(hota["DetA"])),
        "AssA": float(np.mean(hota["AssA"])),
        "MOTA": float(clear["MOTA"]),
        "IDF1": float(identity["IDF1"]),
        "id_switches": float(clear["IDSW"]),
    }


def _sequence(truth: Sequence[Detections], found: Sequence[Detections]) -> dict[str, Any]:
    """The form in which TrackEval's metrics take one sequence: identities counted from 0."""
    true_ids, true_count = _counted(truth)
    found_ids, found_count = _counted(found)
    return {
        "num_timesteps": len(true_ids),
        "num_gt_ids": true_count,
        "num_tracker_ids": found_count,
        "num_gt_dets": sum(map(len, true_ids)),
        "num_tracker_dets": sum(map(len, found_ids)),
        "gt_ids": true_ids,
        "tracker_ids": found_ids,
        "similarity_scores": [
            iou(a.boxes, b.boxes).astype(np.float64) for a, b in zip(truth, found, strict=True)
        ],
    }


def _counted(frames: Sequence[Detections]) -> tuple[list[NDArray[np.intp]], int]:
    ids = [
        np.empty(0, np.int64) if frame.track_ids is None else frame.track_ids for frame in frames
    ]
    known = np.unique(np.concatenate(ids)) if ids else np.empty(0, np.int64)
    return [np.searchsorted(known, row) for row in ids], len(known)
