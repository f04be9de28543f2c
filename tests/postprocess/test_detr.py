"""The three forms of DETR networks give back what was written into them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.recognise import build_decoder, labels_of, recognise
from sightline.results.coco import COCO

BOXES = np.array([[16, 8, 48, 24], [0, 0, 64, 32], [1, 1, 2, 2]], np.float32)
CENTRES = np.array([[0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 1, 1], [0.1, 0.1, 0.1, 0.1]], np.float32)
PICTURE = (1, 3, 32, 64)
EXPECTED = [[0, 0, 1, 1], [0.25, 0.25, 0.75, 0.75]]


def logit(value: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.log(value / (1 - value)).astype(np.float32)


def test_boxes_in_pixels_of_the_size_that_was_given(make_signature) -> None:
    network = make_signature(PICTURE, sized=True, labels=(1, 3), boxes=(1, 3, 4), scores=(1, 3))
    recipe = recognise(network)
    assert labels_of(recipe, network, None) == COCO
    tensors = [np.array([[1, 0, 1]]), BOXES[None], np.array([[0.5, 0.9, 0.1]], np.float32)]
    found = build_decoder(recipe, network, ("a", "b"), DecodeConfig())(tensors)
    assert found.boxes == pytest.approx(np.array(EXPECTED))
    assert found.labels.tolist() == [0, 1]
    assert found.scores == pytest.approx([0.9, 0.5])


def test_raw_logits(make_signature) -> None:
    network = make_signature(PICTURE, logits=(1, 3, 2), pred_boxes=(1, 3, 4))
    logits = logit(np.array([[0.2, 0.5], [0.9, 0.1], [0.1, 0.1]]))
    found = build_decoder(recognise(network), network, ("a", "b"), DecodeConfig())(
        [logits[None], CENTRES[None]]
    )
    assert found.boxes == pytest.approx(np.array(EXPECTED))
    assert found.labels.tolist() == [0, 1]
    assert found.scores == pytest.approx([0.9, 0.5], abs=1e-6)


def test_nothing_as_a_class(make_signature) -> None:
    """The first DETR: a softmax over COCO's ids and "nothing"."""
    network = make_signature(PICTURE, pred_boxes=(1, 3, 4), logits=(1, 3, 92))
    logits = np.full((1, 3, 92), -9, np.float32)
    logits[0, :, 91] = 9
    logits[0, 1, [18, 91]] = np.log(0.75), np.log(0.25)
    recipe = recognise(network)
    labels = labels_of(recipe, network, None)
    found = build_decoder(recipe, network, labels, DecodeConfig())([CENTRES[None], logits])
    assert [labels[label] for label in found.labels] == ["dog"]
    assert found.scores == pytest.approx([0.75], abs=0.01)


def test_one_tensor(make_signature) -> None:
    notes = {"names": "['a', 'b', 'c']", "task": "detect"}
    network = make_signature(PICTURE, notes, output0=(1, 3, 7))
    scores = np.array([[0.2, 0.5, 0], [0.9, 0.1, 0], [0.1, 0.1, 0]], np.float32)
    tensor = np.hstack([CENTRES, scores])[None]
    found = build_decoder(recognise(network), network, ("a", "b", "c"), DecodeConfig())([tensor])
    assert found.boxes == pytest.approx(np.array(EXPECTED))
    assert found.labels.tolist() == [0, 1]


def test_equal_boxes_stay(make_signature) -> None:
    network = make_signature(PICTURE, sized=True, labels=(1, 3), boxes=(1, 3, 4), scores=(1, 3))
    tensors = [np.array([[1, 1, 1]]), BOXES[None, [0, 0, 0]], np.full((1, 3), 0.8, np.float32)]
    assert len(build_decoder(recognise(network), network, ("a", "b"), DecodeConfig())(tensors)) == 3
