"""Distances to the picture's score and to boxes around what is not normal."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.errors import DecoderError
from sightline.model.recipe import InputRecipe, Recipe
from sightline.postprocess.anomaly import AT_THRESHOLD, LABELS
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.fitting import fitted_decoder
from sightline.postprocess.recognise import recognise
from sightline.results import Detections

THRESHOLD = 5.0


def decode(make_signature, distances: NDArray[np.float32], score: float = 0.3) -> Detections:
    signature = make_signature((1, 3, 64, 64), distance=(1, 1, *distances.shape))
    recipe = Recipe(
        task="anomaly",
        decoder="anomaly",
        input=InputRecipe(width=64, height=64),
        labels=LABELS,
        parameters={"threshold": THRESHOLD},
    )
    decoder = fitted_decoder("n", recipe, signature, LABELS, DecodeConfig(score=score))
    return decoder([distances[None, None]])


def test_normal_ends_at_the_threshold(make_signature) -> None:
    distances = np.ones((8, 16), np.float32)
    distances[2, 3] = THRESHOLD * 0.99
    assert len(decode(make_signature, distances)) == 0
    distances[2, 3] = THRESHOLD * 1.01
    found = decode(make_signature, distances)
    assert found.labels.tolist() == [0, 1]
    assert found.scores == pytest.approx(AT_THRESHOLD, abs=0.01)
    assert found.boxes == pytest.approx(np.array([[0, 0, 1, 1], [3 / 16, 2 / 8, 4 / 16, 3 / 8]]))


def test_each_part_has_its_own_box_score_and_mask(make_signature) -> None:
    distances = np.ones((8, 8), np.float32)
    distances[1, 1:4] = distances[2, 1] = 10
    distances[5:7, 6] = 20
    found = decode(make_signature, distances)
    assert found.labels.tolist() == [0, 1, 1]
    assert found.scores[0] == found.scores[1] > found.scores[2] > AT_THRESHOLD
    assert found.boxes[1:] * 8 == pytest.approx(np.array([[6, 5, 7, 7], [1, 1, 4, 3]]))
    assert found.masks is not None
    assert not found.masks[0].any()
    assert found.masks[1].all()
    assert found.masks[2].tolist() == [[True, True, True], [True, False, False]]


def test_at_score_0_the_picture_is_always_told(make_signature) -> None:
    found = decode(make_signature, np.ones((8, 8), np.float32), score=0)
    assert found.labels.tolist() == [0]
    assert 0 < found.scores[0] < AT_THRESHOLD


def test_what_is_no_number_is_no_anomaly(make_signature) -> None:
    distances = np.full((8, 8), np.nan, np.float32)
    assert len(decode(make_signature, distances)) == 0


def test_it_is_never_guessed(make_signature) -> None:
    with pytest.raises(DecoderError, match="learn-normal"):
        recognise(make_signature((1, 3, 64, 64), distance=(1, 1, 8, 8)), "anomaly")
