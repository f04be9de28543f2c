"""Detectors that suppress in the network and put out boxes, classes, scores and a count.

The form of TensorFlow's `TFLite_Detection_PostProcess` and of the IMX500 networks called
`_pp`, whose tensors come in another order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import DecoderError
from sightline.model.recipe import InputRecipe, Recipe
from sightline.model.signature import Signature
from sightline.postprocess.base import Decoder
from sightline.postprocess.image_input import noted_labels, picture_size, shapes
from sightline.postprocess.selection import Selection
from sightline.results import Detections

_TFLITE = "TFLite_Detection_PostProcess"


class _Ssd:
    name = "ssd"

    def recognise(self, signature: Signature) -> Recipe | None:
        order = _order(signature)
        if order is None:
            return None
        width, height, layout = picture_size(signature)
        floats = signature.inputs[0].dtype.startswith("float")
        scale = (127.5,) * 3 if floats else (1.0,) * 3
        boxes, classes, scores = order
        tflite = signature.outputs[boxes].name.startswith((_TFLITE, "StatefulPartitionedCall"))
        return Recipe(
            decoder=self.name,
            labels=noted_labels(signature),
            input=InputRecipe(
                width=width,
                height=height,
                layout=layout,
                mean=scale if floats else (0.0,) * 3,
                std=scale,
            ),
            parameters={
                "boxes": boxes,
                "classes_at": classes,
                "scores": scores,
                "box_order": "yx" if tflite else "xy",
            },
        )

    def recipe(self, signature: Signature) -> Recipe:
        found = self.recognise(signature)
        if found is None:
            raise DecoderError(
                "an SSD network with built-in suppression puts out boxes 1xNx4, classes 1xN, "
                f"scores 1xN and a count; this one has {shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(recipe, selection)


FAMILY = _Ssd()


def _order(signature: Signature) -> tuple[int, int, int] | None:
    """Where boxes, classes and scores are; by name where one says so, else as TFLite has them."""
    outputs = signature.outputs
    if len(outputs) != 4:
        return None
    by_name = sorted(range(4), key=lambda index: _suffix(outputs[index].name))
    boxes = [i for i in by_name if outputs[i].shape[-1:] == (4,) and len(outputs[i].shape) == 3]
    lists = [i for i in by_name if len(outputs[i].shape) == 2 and outputs[i].shape[1] != 1]
    if len(boxes) != 1 or len(lists) != 2:
        return None
    first, second = lists
    names = [outputs[index].name.lower() for index in lists]
    integers = [np.issubdtype(np.dtype(outputs[i].dtype), np.integer) for i in lists]
    if "score" in names[0] or "class" in names[1] or integers == [False, True]:
        first, second = second, first
    return boxes[0], first, second


def _suffix(name: str) -> int:
    """TensorFlow numbers its outputs ("…:2"), and the runtime may list them in any order."""
    tail = name.rpartition(":")[2]
    return int(tail) if tail.isdecimal() else 0


class _Decoder:
    def __init__(self, recipe: Recipe, selection: Selection) -> None:
        self._boxes, self._labels, self._scores = (
            int(recipe.parameters[key]) for key in ("boxes", "classes_at", "scores")
        )
        self._order = [1, 0, 3, 2] if recipe.parameters.get("box_order") == "yx" else [0, 1, 2, 3]
        in_pixels = recipe.parameters.get("in_pixels", False)
        size = [recipe.input.width, recipe.input.height] * 2 if in_pixels else [1.0] * 4
        self._size = np.array(size, np.float32)
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        labels = np.nan_to_num(tensors[self._labels][0]).clip(0, 1 << 20).astype(np.int32)
        boxes = tensors[self._boxes][0][:, self._order].astype(np.float32) / self._size
        scores = tensors[self._scores][0].astype(np.float32)
        return self._selection.keep(Detections(boxes, scores, labels))
