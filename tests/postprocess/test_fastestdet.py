"""FastestDet: what its own formula puts into a cell comes back."""

import math

import numpy as np
import pytest

from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.recognise import build_decoder, recognise


def logit(value: float) -> float:
    return math.log(value / (1 - value))


def test_a_box_comes_back(make_signature) -> None:
    tensor = np.zeros((1, 7, 4, 6), np.float32)  # 96 x 64 pixels
    tensor[0, :, 2, 3] = [0.8, math.atanh(0.25), math.atanh(-0.5), logit(0.4), logit(0.6), 0.1, 0.7]
    tensor[0, :, 0, 0] = [0.9, 0, 0, 0, 0, 0.01, 0.02]  # sure that there is something, not what
    network = make_signature((1, 3, 64, 96), output=tensor.shape)
    found = build_decoder(recognise(network), network, ("a", "b"), DecodeConfig())([tensor])
    x, y = (3 + 0.25) / 6, (2 - 0.5) / 4
    assert found.boxes == pytest.approx(np.array([[x - 0.2, y - 0.3, x + 0.2, y + 0.3]]), abs=1e-5)
    assert found.scores == pytest.approx([0.8**0.6 * 0.7**0.4])
    assert found.labels.tolist() == [1]


def test_only_the_wanted_class_counts(make_signature) -> None:
    tensor = np.zeros((1, 7, 4, 4), np.float32)
    tensor[0, :, 1, 1] = [0.8, 0, 0, 0, 0, 0.6, 0.7]
    tensor[0, :, 2, 2] = [0.8, 0, 0, 0, 0, 0.001, 0.7]
    network = make_signature((1, 3, 64, 64), output=tensor.shape)
    config = DecodeConfig(classes=("a",))
    found = build_decoder(recognise(network), network, ("a", "b"), config)([tensor])
    assert found.labels.tolist() == [0]
    assert found.scores == pytest.approx([0.8**0.6 * 0.6**0.4])
