"""The suppression of all boxes at once against the sequential rule, one box after another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.postprocess.nms import suppress

Boxes = NDArray[np.float32]


def overlap(one: NDArray[np.float32], other: NDArray[np.float32], iou: float) -> bool:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(width, 0) * max(height, 0)
    both = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return bool(shared > iou * (both - shared))


def greedy(boxes: Boxes, scores: Boxes, labels: NDArray[np.int32], iou: float) -> list[int]:
    kept: list[int] = []
    for i in sorted(range(len(scores)), key=lambda i: (-scores[i], i)):
        rivals = [k for k in kept if labels[k] == labels[i]]
        if not any(overlap(boxes[k], boxes[i], iou) for k in rivals):
            kept.append(i)
    return kept


# On a coarse grid, so that boxes meet, scores tie, and every product is exact.
CORNERS = st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(1, 9)] * 2)
CANDIDATES = st.lists(st.tuples(CORNERS, st.integers(1, 8), st.integers(0, 2)), max_size=40)


@given(CANDIDATES, st.sampled_from([0.0, 0.25, 0.5, 0.65, 1.0]), st.integers(1, 50))
def test_equals_the_sequential_rule(
    candidates: list[tuple[tuple[int, ...], int, int]], iou: float, limit: int
) -> None:
    boxes = np.array([(x, y, x + w, y + h) for (x, y, w, h), _, _ in candidates], np.float32)
    boxes = boxes.reshape(-1, 4)
    scores = np.array([score / 8 for _, score, _ in candidates], np.float32)
    labels = np.array([label for _, _, label in candidates], np.int32)
    # A pair exactly at the bound may fall to either side of it by rounding: step off it.
    bound = iou + 1e-4
    found = suppress(boxes, scores, labels, bound, limit)
    assert found.tolist() == greedy(boxes, scores, labels, bound)[:limit]


def test_a_chain_keeps_its_first_and_third() -> None:
    """The second goes because of the first, so it takes nothing with it."""
    boxes = np.array([[0, 0, 10, 10], [0, 3, 10, 13], [0, 6, 10, 16]], np.float32)
    scores = np.array([0.9, 0.8, 0.7], np.float32)
    assert suppress(boxes, scores, np.zeros(3, np.int32), 0.5, 9).tolist() == [0, 2]


def test_classes_do_not_suppress_each_other() -> None:
    boxes = np.array([[0, 0, 1, 1]] * 3, np.float32)
    scores = np.array([0.5, 0.9, 0.7], np.float32)
    assert suppress(boxes, scores, np.array([0, 1, 0], np.int32), 0.5, 9).tolist() == [1, 2]


@pytest.mark.parametrize("count", [0, 1, 1500])
def test_any_number(count: int) -> None:
    x = np.arange(count, dtype=np.float32)
    boxes = np.stack([x, x, x + 0.5, x + 0.5], 1)
    kept = suppress(boxes, np.linspace(0, 1, count, dtype=np.float32), x.astype(np.int32), 0.5, 300)
    assert kept.tolist() == list(range(count - 1, -1, -1))[:300]
