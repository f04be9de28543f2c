"""Custom Vision's two detectors, beside a plain reading of the paper and of the format."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.errors import DecoderError
from sightline.model.signature import Signature, TensorSpec
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.recognise import build_decoder, recognise
from sightline.results import Detections

ANCHORS = [(0.573, 0.677), (1.87, 2.06), (3.34, 5.47), (7.88, 3.53), (9.77, 9.17)]


def signature(picture: tuple[int, ...], **outputs: tuple[int | None, ...]) -> Signature:
    return Signature(
        (TensorSpec("data", picture, "float32"),),
        tuple(TensorSpec(name, shape, "float32") for name, shape in outputs.items()),
    )


def decode(network: Signature, decoder: str | None, *tensors: NDArray[np.float32]) -> Detections:
    recipe = recognise(network, decoder)
    return build_decoder(recipe, network, (), DecodeConfig(score=0.3))(tensors)


@pytest.mark.parametrize("first", [True, False], ids=["onnx", "tflite"])
def test_a_cell_of_the_grid_becomes_a_box(first: bool) -> None:
    rows, columns, classes = 3, 4, 2
    cells = np.full((rows, columns, 5, 5 + classes), -9.0, np.float32)
    cells[1, 2, 3] = [0.4, -0.7, 0.2, -0.3, 2.0, 1.0, 3.0]
    grid = cells.reshape(1, rows, columns, -1)
    if first:
        grid = grid.transpose(0, 3, 1, 2)
    picture = (1, 3, 96, 128) if first else (1, 96, 128, 3)
    found = decode(signature(picture, grid=grid.shape), "customvision_grid", grid)

    def sigmoid(value: float) -> float:
        return 1 / (1 + math.exp(-value))

    x, y = (2 + sigmoid(0.4)) / columns, (1 + sigmoid(-0.7)) / rows
    w = math.exp(0.2) * ANCHORS[3][0] / columns
    h = math.exp(-0.3) * ANCHORS[3][1] / rows
    assert found.boxes == pytest.approx(
        np.array([[x - w / 2, y - h / 2, x + w / 2, y + h / 2]]), abs=1e-5
    )
    assert found.labels.tolist() == [1]
    assert found.scores[0] == pytest.approx(sigmoid(2.0) / (1 + math.exp(-2.0)), abs=1e-5)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_a_grid_of_nonsense_gives_nothing_or_finite_boxes(value: float) -> None:
    grid = np.full((1, 35, 13, 13), value, np.float32)
    found = decode(signature((1, 3, 416, 416), grid=grid.shape), "customvision_grid", grid)
    assert np.isfinite(found.boxes).all()


def test_boxes_classes_and_scores_are_read_in_any_order() -> None:
    network = signature(
        (1, 3, 320, 320),
        detected_scores=(1, None),
        detected_boxes=(1, None, 4),
        detected_classes=(1, None),
    )
    boxes = np.array([[[0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 0.9, 0.9]]], np.float32)
    found = decode(
        network, None, np.array([[0.2, 0.8]], np.float32), boxes, np.array([[0, 5]], np.float32)
    )
    assert found.boxes == pytest.approx(boxes[0, 1:])
    assert (found.labels.tolist(), found.scores.tolist()) == ([5], [pytest.approx(0.8)])


def test_nothing_found_is_no_error() -> None:
    network = signature(
        (1, 3, 320, 320),
        detected_boxes=(None, 4),
        detected_classes=(None,),
        detected_scores=(None,),
    )
    none = np.empty(0, np.float32)
    assert len(decode(network, None, np.empty((0, 4), np.float32), none, none)) == 0


def test_a_grid_is_not_taken_for_certain_without_its_makers_mark() -> None:
    with pytest.raises(DecoderError):
        recognise(signature((1, 3, 416, 416), grid=(1, 35, 13, 13)))


@pytest.mark.parametrize("shape", [(1, 34, 13, 13), (1, 35, 26, 26), (1, 20, 13, 13), (1, 35)])
def test_other_forms_are_no_grid(shape: tuple[int, ...]) -> None:
    with pytest.raises(DecoderError, match="a Custom Vision grid"):
        recognise(signature((1, 3, 416, 416), grid=shape), "customvision_grid")
