"""Ranked classes against the right one."""

import numpy as np
import pytest

from sightline.tuning.scores.top import top


def ranks(*labels: int) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
    return np.array(labels, np.int32)


def test_first_and_among_five() -> None:
    ranked = [ranks(3, 1, 2), ranks(1, 2, 3, 4, 5), ranks(0, 1, 2, 3, 4, 9), ranks()]
    assert top(ranked, [3, 5, 9, 0]) == {"top1": 0.25, "top5": 0.5}


def test_no_pictures_score_nothing() -> None:
    assert top([], []) == {"top1": pytest.approx(0), "top5": pytest.approx(0)}
