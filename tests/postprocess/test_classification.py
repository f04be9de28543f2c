"""One answer for the whole picture."""

import numpy as np
import pytest

from sightline.model.signature import Signature, TensorSpec
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.recognise import build_decoder, recognise
from sightline.results import Detections

LABELS = ("cup", "fork", "knife")


def decode(make_signature, values: list[float], **config) -> Detections:
    network = make_signature((1, 3, 32, 32), scores=(1, 3))
    decoder = build_decoder(recognise(network), network, LABELS, DecodeConfig(**config))
    return decoder([np.array([values], np.float32)])


def test_probabilities_are_taken_as_they_are(make_signature) -> None:
    found = decode(make_signature, [0.1, 0.85, 0.05])
    assert found.boxes.tolist() == [[0, 0, 1, 1]]
    assert (found.labels.tolist(), found.scores.tolist()) == ([1], [pytest.approx(0.85)])


def test_logits_become_probabilities(make_signature) -> None:
    found = decode(make_signature, list(np.log([2.0, 6.0, 2.0])))
    assert (found.labels.tolist(), found.scores.tolist()) == ([1], [pytest.approx(0.6)])


def test_a_quantised_softmax_may_miss_one_by_much() -> None:
    output = TensorSpec("scores", (1, 3), "uint8", 1 / 256)
    network = Signature((TensorSpec("data", (1, 32, 32, 3), "uint8"),), (output,))
    decoder = build_decoder(recognise(network), network, LABELS, DecodeConfig())
    found = decoder([np.array([[0.0, 0.4, 0.2]], np.float32)])
    assert (found.labels.tolist(), found.scores.tolist()) == ([1], [pytest.approx(0.4)])


def test_the_best_few(make_signature) -> None:
    found = decode(make_signature, [0.3, 0.1, 0.6], score=0.0, limit=2)
    assert found.labels.tolist() == [2, 0]


def test_wanted_classes(make_signature) -> None:
    found = decode(make_signature, [0.4, 0.1, 0.5], classes=("cup", "fork"))
    assert found.labels.tolist() == [0]


def test_how_the_picture_is_normalised(make_signature) -> None:
    """Floats are normalised as ImageNet's networks want; bytes go in as they are."""
    floats = recognise(make_signature((1, 3, 32, 32), scores=(1, 3)))
    assert floats.input.mean == (123.675, 116.28, 103.53)
    whole = recognise(make_signature((1, 32, 32, 3), None, "uint8", scores=(1, 3)))
    assert (whole.input.mean, whole.input.std) == ((0, 0, 0), (1, 1, 1))
    assert whole.input.fit == "crop"
