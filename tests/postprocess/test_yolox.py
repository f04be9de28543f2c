"""YOLOX: boxes written into the head by the inverse of the paper's formula come back."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.postprocess.base import DecodeConfig, Decoder
from sightline.postprocess.recognise import build_decoder, recognise

SIDE, CLASSES = 64, 3
CELLS = [(s, y, x) for s in (8, 16, 32) for y in range(SIDE // s) for x in range(SIDE // s)]


def head(*objects: tuple[int, tuple[float, ...], int, float]) -> NDArray[np.float32]:
    """One cell for each object: cell number, box in pixels (centre, size), class, score."""
    output = np.zeros((1, len(CELLS), 5 + CLASSES), np.float32)
    for cell, (cx, cy, w, h), label, score in objects:
        stride, row, column = CELLS[cell]
        output[0, cell, :4] = (
            cx / stride - column,
            cy / stride - row,
            math.log(w / stride),
            math.log(h / stride),
        )
        output[0, cell, 4] = 0.9
        output[0, cell, 5 + label] = score / 0.9
    return output


def decoder(make_signature, **config) -> Decoder:
    network = make_signature((1, 3, SIDE, SIDE), output=(1, len(CELLS), 5 + CLASSES))
    return build_decoder(recognise(network), network, ("a", "b", "c"), DecodeConfig(**config))


@pytest.mark.parametrize("cell", [0, 13, 63, 64, 79, 80, 83])
def test_a_box_of_each_stride_comes_back(make_signature, cell: int) -> None:
    found = decoder(make_signature)([head((cell, (30.5, 20.25, 12.0, 40.0), 1, 0.6))])
    corners = np.array([24.5, 0.25, 36.5, 40.25]) / SIDE
    assert found.boxes == pytest.approx(corners[None], abs=1e-6)
    assert found.scores == pytest.approx([0.6])
    assert found.labels.tolist() == [1]


def test_best_first_without_doubles(make_signature) -> None:
    box, moved, far = (20.0, 20.0, 16.0, 16.0), (21.0, 20.0, 16.0, 16.0), (50.0, 50.0, 8.0, 8.0)
    output = head((5, box, 0, 0.5), (6, moved, 0, 0.8), (7, moved, 2, 0.7), (8, far, 0, 0.4))
    found = decoder(make_signature)([output])
    assert found.scores == pytest.approx([0.8, 0.7, 0.4])
    assert found.labels.tolist() == [0, 2, 0]
    assert len(decoder(make_signature, limit=2)([output])) == 2
    assert len(decoder(make_signature, iou=1.0)([output])) == 4


def test_the_score_is_objectness_times_class(make_signature) -> None:
    output = head((5, (20.0, 20.0, 16.0, 16.0), 0, 0.5))
    assert len(decoder(make_signature, score=0.49)([output])) == 1
    assert len(decoder(make_signature, score=0.51)([output])) == 0


def test_only_the_wanted_classes_compete(make_signature) -> None:
    output = head((5, (20.0, 20.0, 16.0, 16.0), 0, 0.8))
    output[0, 5, 5 + 2] = 0.4 / 0.9
    found = decoder(make_signature, classes=("c", "b"))([output])
    assert (found.labels.tolist(), found.scores.tolist()) == ([2], [pytest.approx(0.4)])


def test_every_class_of_a_cell(make_signature) -> None:
    output = head((5, (20.0, 20.0, 16.0, 16.0), 0, 0.8))
    output[0, 5, 5 + 2] = 0.4 / 0.9
    found = decoder(make_signature, every_class=True)([output])
    assert found.labels.tolist() == [0, 2]
    assert found.scores == pytest.approx([0.8, 0.4])


def test_the_tensors_are_left_as_they_were(make_signature) -> None:
    output = head((5, (20.0, 20.0, 16.0, 16.0), 0, 0.8))
    before = output.copy()
    decoder(make_signature)([output])
    assert np.array_equal(output, before)


def test_a_tensor_that_is_not_square(make_signature) -> None:
    network = make_signature((1, 3, 32, 64), output=(1, 42, 6))
    output = np.zeros((1, 42, 6), np.float32)
    output[0, 12] = [0.5, 0.5, 0, 0, 1, 0.9]  # second row, fifth of eight columns, stride 8
    found = build_decoder(recognise(network), network, ("a",), DecodeConfig())([output])
    assert found.boxes == pytest.approx(np.array([[32 / 64, 8 / 32, 40 / 64, 16 / 32]]))
