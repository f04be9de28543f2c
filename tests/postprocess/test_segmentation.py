"""Masks: semantic ones by class, and those that a YOLO puts together from prototypes."""

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
from sightline.results.masks import resized
from sightline.results.voc import VOC
from sightline.sensor.engines.onnx import OnnxEngine
from sightline.sensor.isp import Isp

SIDE, CELLS = 64, 84
NAMES = {"names": "{0: 'cup', 1: 'fork'}"}


def decode(signature, *tensors: NDArray[np.float32], classes: tuple[str, ...] = ()) -> Detections:
    recipe = recognise(signature)
    labels = labels_of(recipe, signature, None)
    return build_decoder(recipe, signature, labels, DecodeConfig(classes=classes))(tensors)


def rendered(found: Detections, row: int, size: tuple[int, int]) -> NDArray[np.bool_]:
    """One mask on a whole picture of `size` (width, height)."""
    assert found.masks is not None
    x1, y1, x2, y2 = np.rint(found.boxes[row] * [*size, *size]).astype(int).tolist()
    whole = np.zeros(size[::-1], np.bool_)
    whole[y1:y2, x1:x2] = resized(found.masks[row], (y2 - y1, x2 - x1))
    return whole


def planes() -> NDArray[np.float32]:
    """A bird in a corner, a train on the other side, two pixels of a cat."""
    logits = np.zeros((SIDE, SIDE, len(VOC)), np.float32)
    logits[:, :, 0] = 4
    logits[:20, :30, VOC.index("bird")] = 9
    logits[5, 5, VOC.index("bird")] = 0  # a hole
    logits[32:, 40:50, VOC.index("train")] = 6
    logits[60, :2, VOC.index("cat")] = 9
    return logits


@pytest.mark.parametrize("last", [True, False], ids=["nhwc", "nchw"])
def test_one_object_for_each_class_that_is_there(make_signature, last: bool) -> None:
    tensor = planes()[None] if last else planes().transpose(2, 0, 1)[None]
    picture = (1, SIDE, SIDE, 3) if last else (1, 3, SIDE, SIDE)
    network = make_signature(picture, o=tensor.shape)
    assert recognise(network).task == "semantic segmentation"
    found = decode(network, tensor)
    assert [VOC[label] for label in found.labels] == ["bird", "train"]
    assert found.boxes * SIDE == pytest.approx(np.array([[0, 0, 30, 20], [40, 32, 50, 64]]))
    likely = np.exp([9, 6]) / (np.exp([9, 6]) + np.exp(4) + 19)
    assert found.scores == pytest.approx(likely, abs=1e-4)
    kinds = planes().argmax(2)
    for row, name in enumerate(("bird", "train")):
        assert (rendered(found, row, (SIDE, SIDE)) == (kinds == VOC.index(name))).all()


def test_only_wanted_classes(make_signature) -> None:
    network = make_signature((1, SIDE, SIDE, 3), o=(1, SIDE, SIDE, 21))
    found = decode(network, planes()[None], classes=("train",))
    assert [VOC[label] for label in found.labels] == ["train"]
    assert found.masks is not None
    assert found.masks.all()


def test_nothing_but_background(make_signature) -> None:
    network = make_signature((1, SIDE, SIDE, 3), o=(1, SIDE, SIDE, 21))
    found = decode(network, np.zeros((1, SIDE, SIDE, 21), np.float32))
    assert len(found) == 0


def test_networks_without_a_background_show_every_class(make_signature) -> None:
    network = make_signature((1, 3, SIDE, SIDE), NAMES, o=(1, 2, SIDE, SIDE))
    logits = np.zeros((1, 2, SIDE, SIDE), np.float32)
    logits[0, 0], logits[0, 1, :32] = 1, 5
    assert sorted(decode(network, logits).labels.tolist()) == [0, 1]


def test_likelihoods_are_taken_as_they_are(make_signature) -> None:
    network = make_signature((1, 3, SIDE, SIDE), NAMES, o=(1, 2, SIDE, SIDE))
    likely = np.full((1, 2, SIDE, SIDE), 0.2, np.float32)
    likely[0, 1] = 0.8
    assert decode(network, likely).scores == pytest.approx([0.8])


def test_a_smaller_plane_has_to_be_named(make_signature) -> None:
    network = make_signature((1, 3, SIDE, SIDE), NAMES, o=(1, 2, 8, 8))
    with pytest.raises(DecoderError, match="segmentation"):
        recognise(network)
    assert recognise(network, "segmentation").parameters["classes"] == 2


def test_a_network_that_puts_out_pictures_is_none(make_signature) -> None:
    with pytest.raises(DecoderError, match="does not say how to read it"):
        recognise(make_signature((1, 3, SIDE, SIDE), o=(1, 3, SIDE, SIDE)))


def objects() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Two boxes; the first prototype is above 0 on the left, the second in the upper half."""
    output = np.zeros((CELLS, 4 + 2 + 32), np.float32)
    output[[3, 4], :4] = 32, 32, 32, 32
    output[9, :4] = 8, 52, 8, 8
    output[3, 4:6], output[4, 4:6], output[9, 4:6] = (0.9, 0), (0.8, 0), (0.1, 0.5)
    output[3, 6], output[4, 6], output[9, 7] = 1, -1, -2
    prototypes = np.zeros((32, SIDE // 4, SIDE // 4), np.float32)
    prototypes[0, :, :8], prototypes[0, :, 8:] = 3, -3
    prototypes[1, :8], prototypes[1, 8:] = 3, -3
    return output, prototypes


def check(found: Detections) -> None:
    assert found.labels.tolist() == [0, 1]
    assert found.scores == pytest.approx([0.9, 0.5])
    assert found.masks is not None
    half = found.masks.shape[2] // 2
    assert found.masks[0, :, :half].all()
    assert not found.masks[0, :, half:].any()
    assert found.masks[1].all()


def test_yolo_masks_are_each_object_s_own(make_signature) -> None:
    output, prototypes = objects()
    shapes = {"output0": (1, 38, CELLS), "output1": (1, 32, 16, 16)}
    network = make_signature((1, 3, SIDE, SIDE), {**NAMES, "task": "segment"}, **shapes)
    assert recognise(network).task == "instance segmentation"
    check(decode(network, output.T[None], prototypes[None]))
    bare = make_signature((1, 3, SIDE, SIDE), **shapes)
    assert recognise(bare).decoder == "yolo_seg"
    check(decode(bare, output.T[None], prototypes[None]))


def test_yolo_masks_as_tflite(make_signature) -> None:
    output, prototypes = objects()
    output[:, :4] /= SIDE
    shapes = {"a": (1, 16, 16, 32), "b": (1, 38, CELLS)}
    network = make_signature((1, SIDE, SIDE, 3), NAMES, **shapes)
    check(decode(network, prototypes.transpose(1, 2, 0)[None], output.T[None]))


def test_yolo_masks_of_what_suppresses_itself(make_signature) -> None:
    output, prototypes = objects()
    tensor = np.zeros((1, 300, 38), np.float32)
    for at, cell in enumerate((9, 3)):
        x, y, width, height = output[cell, :4]
        tensor[0, at, :4] = x - width / 2, y - height / 2, x + width / 2, y + height / 2
        tensor[0, at, 4], tensor[0, at, 5] = output[cell, 4:6].max(), output[cell, 4:6].argmax()
        tensor[0, at, 6:] = output[cell, 6:]
    shapes = {"output0": tensor.shape, "output1": (1, 32, 16, 16)}
    check(decode(make_signature((1, 3, SIDE, SIDE), NAMES, **shapes), tensor, prototypes[None]))


def test_no_object_no_mask(make_signature) -> None:
    shapes = {"output0": (1, 38, CELLS), "output1": (1, 32, 16, 16)}
    network = make_signature((1, 3, SIDE, SIDE), NAMES, **shapes)
    found = decode(network, *(np.zeros(shape, np.float32) for shape in shapes.values()))
    assert found.masks is not None
    assert found.masks.shape == (0, 64, 64)


@pytest.mark.parametrize("family", ["segmentation", "yolo_seg"])
def test_a_network_that_is_none_of_them(make_signature, family: str) -> None:
    with pytest.raises(DecoderError, match=r"puts out .*this one has o 1x10"):
        recognise(make_signature((1, 3, 64, 64), o=(1, 10)), family)


@pytest.mark.data
def test_the_bird(data: Path) -> None:
    """The network itself stays below 0.9 however its logits are resampled."""
    import cv2

    images = data / "models" / "images"
    rgb = np.ascontiguousarray(cv2.imread(str(images / "bird_segmentation.bmp"))[:, :, ::-1])
    truth = cv2.imread(str(images / "bird_segmentation_mask.bmp"), cv2.IMREAD_UNCHANGED)
    engine = OnnxEngine(load_model(str(data / "models" / "seg_deeplab_v3_pascal.onnx")))
    recipe = recognise(engine.signature)
    tensor, plan = Isp(recipe.input, "float32", (0, 0, 1, 1))(RgbPicture(rgb))
    decoder = fitted_decoder("d", recipe, engine.signature, recipe.labels, DecodeConfig())
    found = decoder(engine.run([tensor])).placed(plan.placement)
    assert [VOC[label] for label in found.labels] == ["bird"]
    seen, bird = rendered(found, 0, (truth.shape[1], truth.shape[0])), truth == VOC.index("bird")
    sure = bird | (truth == 0)  # 1 and 2 are the edge, which belongs to neither
    ious = [
        (a & b & sure).sum() / ((a | b) & sure).sum() for a, b in ((seen, bird), (~seen, ~bird))
    ]
    assert ious[0] > 0.88
    assert np.mean(ious) > 0.92
