"""Boxes, classes, scores and a count, in the orders and names that exporters give them."""

import numpy as np
import pytest

from sightline.model.signature import Signature, TensorSpec
from sightline.postprocess.base import DecodeConfig
from sightline.postprocess.recognise import build_decoder, recognise
from sightline.results import Detections

YX = np.array([[[0.1, 0.2, 0.3, 0.6], [0.5, 0.5, 0.9, 0.9], [0, 0, 1, 1]]], np.float32)
CLASSES = np.array([[2, 0, 1]], np.float32)
SCORES = np.array([[0.9, 0.6, 0.1]], np.float32)
COUNT = np.array([3], np.float32)
TFLITE = [f"TFLite_Detection_PostProcess{end}" for end in ("", ":1", ":2", ":3")]


def network(*outputs: tuple[str, tuple[int, ...], str]) -> Signature:
    specs = tuple(TensorSpec(name, shape, dtype) for name, shape, dtype in outputs)
    return Signature((TensorSpec("data", (1, 300, 300, 3), "uint8"),), specs)


def decode(signature: Signature, tensors: list, **config) -> Detections:
    recipe = recognise(signature)
    assert recipe.decoder == "ssd"
    return build_decoder(recipe, signature, ("a", "b", "c"), DecodeConfig(**config))(tensors)


def check(found: Detections) -> None:
    assert found.boxes == pytest.approx(np.array([[0.2, 0.1, 0.6, 0.3], [0.5, 0.5, 0.9, 0.9]]))
    assert found.labels.tolist() == [2, 0]
    assert found.scores == pytest.approx([0.9, 0.6])


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 0, 2, 1], [1, 3, 0, 2]])
def test_tflite_in_whatever_order_the_runtime_lists_them(order: list[int]) -> None:
    tensors = [YX, CLASSES, SCORES, COUNT]
    told = [(TFLITE[i], tensors[i].shape, "float32") for i in order]
    check(decode(network(*told), [tensors[i] for i in order]))


def test_the_chip_puts_scores_before_classes_and_x_before_y() -> None:
    xy = YX[:, :, [1, 0, 3, 2]]
    signature = network(
        ("boxes", (1, 3, 4), "float32"),
        ("scores", (1, 3), "float32"),
        ("classes", (1, 3), "float32"),
        ("count", (1, 1), "float32"),
    )
    check(decode(signature, [xy, SCORES, CLASSES, COUNT[None]]))


def test_whole_numbers_are_classes() -> None:
    signature = network(
        ("0", (1, 3, 4), "float32"),
        ("1", (1, 3), "float32"),
        ("2", (1, 3), "int64"),
        ("3", (1,), "int64"),
    )
    tensors = [YX[:, :, [1, 0, 3, 2]], SCORES, CLASSES.astype(np.int64), COUNT.astype(np.int64)]
    check(decode(signature, tensors))


def test_a_wanted_class() -> None:
    tensors = [YX, CLASSES, SCORES, COUNT]
    told = [(name, t.shape, "float32") for name, t in zip(TFLITE, tensors, strict=True)]
    assert decode(network(*told), tensors, classes=("c", "b")).labels.tolist() == [2]


def test_a_class_without_a_name_is_dropped() -> None:
    tensors = [YX, np.array([[7, 0, -1]], np.float32), SCORES, COUNT]
    told = [(name, t.shape, "float32") for name, t in zip(TFLITE, tensors, strict=True)]
    assert decode(network(*told), tensors, score=0.05).labels.tolist() == [0, 0]
