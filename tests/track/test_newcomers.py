"""Who is new, and who is a second box of somebody known."""

import numpy as np
import pytest

from sightline.results import Detections
from sightline.track.base import TrackConfig
from sightline.track.newcomers import newcomers
from sightline.track.tracker import Tracker

S = 1_000_000_000
WHOLE, PART = (0.40, 0.30, 0.50, 0.70), (0.41, 0.30, 0.49, 0.58)
BEHIND, BESIDE = (0.45, 0.30, 0.55, 0.70), (0.47, 0.30, 0.57, 0.70)


def seen(*rows: tuple[tuple[float, ...], float], labels: tuple[int, ...] = ()) -> Detections:
    return Detections(
        np.array([box for box, _ in rows], np.float32),
        np.array([score for _, score in rows], np.float32),
        np.array(labels or [0] * len(rows), np.int32),
    )


def new(found: Detections, taken: list[int], least: float = 0.3) -> list[int]:
    free = np.array([i for i in range(len(found)) if i not in taken], np.intp)
    corners = found.boxes.T.astype(np.float64)
    return list(newcomers(corners, found, np.array(taken, np.intp), free, least))


@pytest.mark.parametrize(
    ("box", "score", "is_new"),
    [
        pytest.param(PART, 0.4, False, id="a part of somebody, at a low score"),
        pytest.param(BEHIND, 0.4, False, id="half behind somebody, at a low score"),
        pytest.param(BEHIND, 0.9, True, id="half behind somebody, surely seen"),
        pytest.param(BESIDE, 0.4, True, id="somebody beside them"),
        pytest.param(WHOLE, 0.99, False, id="the same box again"),
    ],
)
def test_a_score_counts_less_on_top_of_a_track(
    box: tuple[float, ...], score: float, is_new: bool
) -> None:
    assert new(seen((WHOLE, 0.8), (box, score)), taken=[0]) == ([1] if is_new else [])


def test_of_two_that_are_free_the_better_one_is_new() -> None:
    assert new(seen((PART, 0.4), (WHOLE, 0.8)), taken=[]) == [1]


def test_another_class_is_no_rival() -> None:
    assert new(seen((WHOLE, 0.8), (PART, 0.4), labels=(0, 1)), taken=[0]) == [1]


def test_nobody_gets_two_tracks_for_two_boxes_and_who_steps_out_gets_one() -> None:
    tracker = Tracker(TrackConfig(high_score=0.3))
    for number in range(10):
        tracks = tracker.update(seen((WHOLE, 0.8), (PART, 0.4)), number * S // 10)
    assert len(tracks) == 1
    for number in range(10, 13):
        tracks = tracker.update(seen((WHOLE, 0.8), (BESIDE, 0.4)), number * S // 10)
    assert len(tracks) == 2
