"""Pictures that have nothing to do with one another."""

import numpy as np
import pytest

from sightline.results import Detections
from sightline.track.apart import Apart


def seen(*scores: float) -> Detections:
    boxes = np.tile(np.array([0.1, 0.1, 0.4, 0.9], np.float32), (len(scores), 1))
    return Detections(boxes, np.array(scores, np.float32), np.zeros(len(scores), np.int32))


def test_what_is_seen_once_is_put_out_and_nobody_is_followed() -> None:
    tracker = Apart(0.3)
    first = tracker.update(seen(0.9, 0.2, 0.3), 0)
    again = tracker.update(seen(0.9), 40_000_000)
    assert first.scores.tolist() == pytest.approx([0.9, 0.3])
    assert first.track_ids is not None
    assert again.track_ids is not None
    assert [*first.track_ids, *again.track_ids] == [1, 2, 3]


def test_an_empty_picture() -> None:
    tracker = Apart(0.3)
    assert len(tracker.update(seen(), 0)) == 0
    assert len(tracker.update(seen(0.1), 1)) == 0
