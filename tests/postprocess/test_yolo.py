"""The four forms of the YOLO heads give back what was written into them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.recognise import build_decoder, recognise
from sightline.results import Detections

SIDE, CELLS = 64, 84
BOX = np.array([16.0, 8.0, 48.0, 24.0])  # corners in pixels
CENTRE = np.array([32.0, 16.0, 32.0, 16.0])  # the same as centre and size
NOTES = {"names": "{0: 'a', 1: 'b', 2: 'c'}", "task": "detect"}


def cells(rows: int, unit: float = 1.0) -> NDArray[np.float32]:
    """Two objects and a double of the first, as rows of centre, size and three scores."""
    output = np.zeros((rows, 7), np.float32)
    output[3, :4] = output[4, :4] = CENTRE * unit
    output[9, :4] = np.array([8.0, 50.0, 4.0, 8.0]) * unit
    output[3, 4:], output[4, 4:], output[9, 4:] = (0, 0.9, 0), (0, 0.8, 0.1), (0.4, 0.2, 0.5)
    return output


def with_objectness(output: NDArray[np.float32]) -> NDArray[np.float32]:
    objectness = np.full((len(output), 1), 0.5, np.float32)
    return np.hstack([output[:, :4], objectness, output[:, 4:] / 0.5])[None]


def decode(signature, tensor: NDArray[np.float32], decoder: str | None = None) -> Detections:
    recipe = recognise(signature, decoder)
    return build_decoder(recipe, signature, ("a", "b", "c"), DecodeConfig())([tensor])


def check(found: Detections) -> None:
    expected = np.array([BOX, [6.0, 46.0, 10.0, 54.0]]) / SIDE
    assert found.boxes == pytest.approx(expected, abs=1e-6)
    assert found.scores == pytest.approx([0.9, 0.5])
    assert found.labels.tolist() == [1, 2]


def test_v8(make_signature) -> None:
    tensor = cells(CELLS).T[None]
    check(decode(make_signature((1, 3, SIDE, SIDE), output0=tensor.shape), tensor))


def test_v8_of_which_only_the_notes_tell(make_signature) -> None:
    network = make_signature((1, 3, SIDE, SIDE), NOTES, output0=(None, None, None))
    check(decode(network, cells(CELLS).T[None]))


def test_v8_as_tflite_in_fractions(make_signature) -> None:
    tensor = cells(CELLS, unit=1 / SIDE).T[None]
    check(decode(make_signature((1, SIDE, SIDE, 3), output0=tensor.shape), tensor))


def test_v8_looks_only_at_wanted_classes(make_signature) -> None:
    network = make_signature((1, 3, SIDE, SIDE), output0=(1, 7, CELLS))
    config = DecodeConfig(classes=("a",))
    decoder = build_decoder(recognise(network), network, ("a", "b", "c"), config)
    found = decoder([cells(CELLS).T[None]])
    assert (found.labels.tolist(), found.scores.tolist()) == ([0], [pytest.approx(0.4)])


def test_v5(make_signature) -> None:
    tensor = with_objectness(cells(3 * CELLS))
    check(decode(make_signature((1, 3, SIDE, SIDE), output=tensor.shape), tensor))


def test_v6(make_signature) -> None:
    tensor = with_objectness(cells(CELLS))
    check(decode(make_signature((1, 3, SIDE, SIDE), outputs=tensor.shape), tensor, "yolo"))


def test_end_to_end_without_further_suppression(make_signature) -> None:
    tensor = np.zeros((1, 300, 6), np.float32)
    tensor[0, :3] = [[*BOX, 0.9, 1], [*BOX, 0.8, 1], [0, 0, 8, 8, 0.95, 2]]
    found = decode(make_signature((1, 3, SIDE, SIDE), NOTES, output0=tensor.shape), tensor)
    assert found.labels.tolist() == [2, 1, 1]
    assert found.boxes[1] == pytest.approx(BOX / SIDE)
