"""HOTA, MOTA and IDF1 of tracks that are right, and of tracks that swap."""

import numpy as np
import pytest

from sightline.results import Detections
from sightline.tuning.scores.tracking import tracking

pytest.importorskip("trackeval")


def frame(ids: list[int]) -> Detections:
    boxes = np.array([[0.1, 0.1, 0.3, 0.5], [0.6, 0.1, 0.8, 0.5]], np.float32)[: len(ids)]
    seen = Detections(boxes, np.ones(len(ids), np.float32), np.zeros(len(ids), np.int32))
    return seen.with_tracks(np.array(ids, np.int64))


def test_the_truth_scores_one() -> None:
    frames = [frame([3, 9])] * 10
    scores = tracking(frames, [frame([70, 50])] * 10)
    assert scores["HOTA"] == scores["IDF1"] == scores["MOTA"] == pytest.approx(1)
    assert scores["id_switches"] == 0


def test_a_swap_half_way_costs_identity_not_detection() -> None:
    found = [frame([1, 2])] * 5 + [frame([2, 1])] * 5
    scores = tracking([frame([1, 2])] * 10, found)
    assert scores["DetA"] == pytest.approx(1)
    assert scores["IDF1"] == pytest.approx(0.5)
    assert scores["id_switches"] == 2


def test_nothing_found() -> None:
    scores = tracking([frame([1, 2])] * 4, [Detections.empty(tracked=True)] * 4)
    assert scores["HOTA"] == scores["MOTA"] == scores["IDF1"] == 0
