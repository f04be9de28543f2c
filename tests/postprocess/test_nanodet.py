"""NanoDet and NanoDet-Plus: distances written as distributions come back as boxes."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.recognise import build_decoder, recognise

BINS = 8
LABELS = ("a", "b")
OFF = -30.0


def distribution(distance: float) -> NDArray[np.float32]:
    """Logits over 0..7 whose mean is `distance`: two neighbours share the weight."""
    low = min(int(distance), BINS - 2)
    share = distance - low
    logits = np.full(BINS, OFF, np.float32)
    logits[low], logits[low + 1] = np.log(max(1 - share, 1e-9)), np.log(max(share, 1e-9))
    return logits


def sides(box: tuple[float, ...], x: float, y: float, stride: int) -> NDArray[np.float32]:
    x1, y1, x2, y2 = box
    reach = [(x - x1) / stride, (y - y1) / stride, (x2 - x) / stride, (y2 - y) / stride]
    return np.concatenate([distribution(value) for value in reach])


def test_two_tensors_a_stride_from_the_middle_of_cells(make_signature) -> None:
    scores = [np.zeros((1, n, 2), np.float32) for n in (64, 16, 4)]
    distances = [np.zeros((1, n, 32), np.float32) for n in (64, 16, 4)]
    first, second = (3.0, 10.0, 30.0, 41.0), (20.0, 2.0, 60.0, 62.0)
    scores[0][0, 8 * 3 + 2, 1] = 0.7  # row 3, column 2 of stride 8
    distances[0][0, 8 * 3 + 2] = sides(first, 20.0, 28.0, 8)
    scores[2][0, 1, 0] = 0.9  # row 0, column 1 of stride 32
    distances[2][0, 1] = sides(second, 48.0, 16.0, 32)
    shapes = {f"t{i}": tensor.shape for i, tensor in enumerate(scores + distances)}
    network = make_signature((1, 3, 64, 64), **shapes)
    recipe = recognise(network)
    assert (recipe.input.fit, recipe.input.pad) == ("letterbox", 0)
    found = build_decoder(recipe, network, LABELS, DecodeConfig())(scores + distances)
    assert found.boxes == pytest.approx(np.array([second, first]) / 64, abs=1e-5)
    assert found.labels.tolist() == [0, 1]
    assert found.scores == pytest.approx([0.9, 0.7])


def test_plus_has_one_tensor_and_measures_from_corners(make_signature) -> None:
    tensor = np.zeros((1, 85, 34), np.float32)
    box = (5.0, 10.0, 40.0, 63.0)
    tensor[0, 64 + 5, 1] = 0.8  # row 1, column 1 of stride 16
    tensor[0, 64 + 5, 2:] = sides(box, 16.0, 16.0, 16)
    network = make_signature((1, 3, 64, 64), output=tensor.shape)
    recipe = recognise(network)
    assert (recipe.decoder, recipe.input.fit) == ("nanodet", "stretch")
    found = build_decoder(recipe, network, LABELS, DecodeConfig())([tensor])
    assert found.boxes == pytest.approx(np.array([box]) / 64, abs=1e-5)
    assert found.labels.tolist() == [1]
