"""MoveNet and YOLO for poses: keypoints come back, written ones and those of a picture."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.errors import DecoderError
from sightline.model.load import load_model
from sightline.picture.rgb import RgbPicture
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.fitting import fitted_decoder
from sightline.postprocess.recognise import build_decoder, labels_of, recognise
from sightline.results import Detections
from sightline.sensor.isp import Isp

SIDE, CELLS = 64, 84
NOTES = {"task": "pose", "kpt_shape": "[3, 3]", "names": "{0: 'person', 1: 'dog'}"}


def decode(signature, *tensors: NDArray[np.float32], decoder: str | None = None) -> Detections:
    recipe = recognise(signature, decoder)
    labels = labels_of(recipe, signature, None)
    return build_decoder(recipe, signature, labels, DecodeConfig())(tensors)


def points(*scores: float) -> NDArray[np.float32]:
    """MoveNet's: y, x, score, on a diagonal."""
    tensor = np.zeros((1, 1, 17, 3), np.float32)
    tensor[0, 0, :, 0], tensor[0, 0, :, 1] = np.linspace(0.1, 0.9, 17), np.linspace(0.2, 0.6, 17)
    tensor[0, 0, : len(scores), 2] = scores
    return tensor


def test_movenet_s_box_is_the_extent_of_what_it_is_sure_of(make_signature) -> None:
    network = make_signature((1, SIDE, SIDE, 3), dtype="int32", o=(1, 1, 17, 3))
    found = decode(network, points(0.9, 0.1, 0.5, 0.4, 0.6, 0.1))
    assert found.scores == pytest.approx([0.6])
    assert found.boxes[0] == pytest.approx([0.2, 0.1, 0.3, 0.3])
    assert found.keypoints is not None
    assert found.keypoints.shape == (1, 17, 3)
    assert found.keypoints[0, 4] == pytest.approx([0.3, 0.3, 0.6])


@pytest.mark.parametrize("scores", [(), (0.9, 0.9), (0.19,) * 17, (np.nan,) * 17])
def test_nobody_is_there(make_signature, scores: tuple[float, ...]) -> None:
    network = make_signature((1, SIDE, SIDE, 3), dtype="uint8", o=(1, 1, 17, 3))
    assert len(decode(network, points(*scores))) == 0


def rows(count: int, unit: float = 1.0) -> NDArray[np.float32]:
    """Two objects and a double of the first: centre, size, two scores, three keypoints."""
    output = np.zeros((count, 6 + 9), np.float32)
    output[[3, 4], :4] = np.array([32, 16, 32, 16]) * unit
    output[9, :4] = np.array([8, 50, 4, 8]) * unit
    output[3, 4:6], output[4, 4:6], output[9, 4:6] = (0.9, 0), (0.8, 0), (0.4, 0.5)
    for cell in (3, 4, 9):
        output[cell, 6:] = (np.arange(9) + cell) * np.tile([unit, unit, 0], 3)
        output[cell, 8::3] = 0.1 * np.arange(1, 4)
    return output


def check(found: Detections) -> None:
    assert found.scores == pytest.approx([0.9, 0.5])
    assert found.labels.tolist() == [0, 1]
    assert found.boxes[0] == pytest.approx(np.array([16, 8, 48, 24]) / SIDE)
    assert found.keypoints is not None
    for at, cell in enumerate((3, 9)):
        expected = (np.arange(9).reshape(3, 3)[:, :2] + cell) / SIDE
        assert found.keypoints[at, :, :2] == pytest.approx(expected, abs=1e-6)
        assert found.keypoints[at, :, 2] == pytest.approx([0.1, 0.2, 0.3])


def test_yolo_gives_back_each_object_s_own_points(make_signature) -> None:
    tensor = rows(CELLS).T[None]
    check(decode(make_signature((1, 3, SIDE, SIDE), NOTES, output0=tensor.shape), tensor))
    check(decode(make_signature((1, 3, SIDE, SIDE), NOTES, output0=(1, None, None)), tensor))


def test_yolo_as_tflite_in_fractions(make_signature) -> None:
    tensor = rows(CELLS, 1 / SIDE).T[None]
    check(decode(make_signature((1, SIDE, SIDE, 3), NOTES, output0=tensor.shape), tensor))


def test_yolo_that_suppresses_itself(make_signature) -> None:
    tensor = np.zeros((1, 300, 6 + 9), np.float32)
    output = rows(CELLS)
    for at, cell in enumerate((9, 3)):
        x, y, width, height = output[cell, :4]
        tensor[0, at, :4] = x - width / 2, y - height / 2, x + width / 2, y + height / 2
        tensor[0, at, 4], tensor[0, at, 5] = output[cell, 4:6].max(), output[cell, 4:6].argmax()
        tensor[0, at, 6:] = output[cell, 6:]
    check(decode(make_signature((1, 3, SIDE, SIDE), NOTES, output0=tensor.shape), tensor))


def test_points_without_scores_are_as_sure_as_their_object(make_signature) -> None:
    notes = {**NOTES, "kpt_shape": "[4, 2]"}
    tensor = np.zeros((1, 6 + 8, CELLS), np.float32)
    tensor[0, :5, 7] = 32, 32, 16, 16, 0.7
    found = decode(make_signature((1, 3, SIDE, SIDE), notes, output0=tensor.shape), tensor)
    assert found.keypoints is not None
    assert found.keypoints[0, :, 2] == pytest.approx(0.7)


def test_without_notes_it_has_to_be_named(make_signature) -> None:
    network = make_signature((1, 3, SIDE, SIDE), output0=(1, 56, CELLS))
    assert recognise(network).decoder == "yolo"
    found = recognise(network, "yolo_pose")
    assert (found.task, found.labels) == ("pose", ("person",))
    assert found.parameters["keypoints"] == 17


@pytest.mark.parametrize("family", ["movenet", "yolo_pose"])
def test_a_network_that_is_none_of_them(make_signature, family: str) -> None:
    with pytest.raises(DecoderError, match=r"puts out .*this one has o 1x10"):
        recognise(make_signature((1, 3, 64, 64), o=(1, 10)), family)


@pytest.mark.parametrize("noted", ["[0, 3]", "[17, 9]", "['a', 3]", "17", "[99999999, 3]", "[["])
def test_notes_that_are_no_number_of_points(make_signature, noted: str) -> None:
    notes = {"task": "pose", "kpt_shape": noted}
    network = make_signature((1, 3, SIDE, SIDE), notes, output0=(1, 56, CELLS))
    assert recognise(network).parameters["keypoints"] == 17


@pytest.mark.data
def test_the_squat(data: Path) -> None:
    pytest.importorskip("ai_edge_litert")
    import cv2

    from sightline.sensor.engines.litert import LiteRtEngine

    model = load_model(str(data / "models" / "pose_movenet_lightning_int8.tflite"))
    engine = LiteRtEngine(model)
    recipe = recognise(engine.signature)
    assert (recipe.decoder, recipe.task) == ("movenet", "pose")
    images = data / "models" / "images"
    rgb = np.ascontiguousarray(cv2.imread(str(images / "squat.bmp"))[:, :, ::-1])
    tensor, plan = Isp(recipe.input, "uint8", (0, 0, 1, 1))(RgbPicture(rgb))
    decoder = fitted_decoder("m", recipe, engine.signature, recipe.labels, DecodeConfig())
    found = decoder(engine.run([tensor])).placed(plan.placement)
    reference = np.loadtxt(
        images / "pose_movenet_lightning_ptq_reference.csv", delimiter=",", skiprows=1
    )
    assert len(found) == 1
    assert found.keypoints is not None
    assert np.abs(found.keypoints[0, :, :2] - reference[:, 4:6]).max() < 0.03
