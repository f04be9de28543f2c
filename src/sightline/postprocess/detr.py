"""Transformers that put out a set: RT-DETR, D-FINE, DETR.

Zhao et al., "DETRs Beat YOLOs on Real-time Object Detection", arXiv:2304.08069; Peng et al.,
"D-FINE", arXiv:2410.13842. Three forms:

labels, boxes, scores   for a size that is given as a second input (RT-DETR's and D-FINE's own)
logits, pred_boxes      raw, as Hugging Face exports them
1 x K x (4 + classes)   boxes and scores in one tensor, as Ultralytics exports RT-DETR
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
from sightline.postprocess.image_input import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    noted_labels,
    picture_size,
    shapes,
)
from sightline.postprocess.selection import Selection
from sightline.results import Detections
from sightline.results.coco import COCO

Parameters = dict[str, float | int | str | bool]

_READY = ("boxes", "scores", "labels")
_RAW = ("logits", "pred_boxes")
_MOST_QUERIES = 1000
_WITH_NOTHING = 92  # COCO's ids up to 90 and "nothing", which the first DETR learned as a class


class _Detr:
    name = "detr"

    def recognise(self, signature: Signature) -> Recipe | None:
        found = self._recipe(signature)
        # Of two classes it looks like the end-to-end form of a YOLO.
        two = found and "joined" in found.parameters and found.parameters["classes"] == 2
        return None if two else found

    def recipe(self, signature: Signature) -> Recipe:
        found = self._recipe(signature)
        if found is None:
            raise DecoderError(
                "a DETR network puts out labels, boxes and scores for a second input with the "
                f"size, or logits and pred_boxes; this one has {shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        if "joined" in recipe.parameters:
            return _Joined(selection)
        return (_Raw if "logits" in recipe.parameters else _Ready)(recipe, selection)

    def _recipe(self, signature: Signature) -> Recipe | None:
        parameters = _ready(signature) or _raw(signature) or _joined(signature)
        if not parameters:
            return None
        width, height, layout = picture_size(signature)
        labels = noted_labels(signature)
        first = bool(parameters.get("nothing"))
        return Recipe(
            decoder=self.name,
            labels=labels if "classes" in parameters else labels or COCO,
            input=InputRecipe(
                width=width,
                height=height,
                layout=layout,
                mean=IMAGENET_MEAN if first else (0.0,) * 3,
                std=IMAGENET_STD if first else (255.0,) * 3,
            ),
            parameters=parameters,
        )


FAMILY = _Detr()


def _at(signature: Signature, names: Sequence[str]) -> Parameters:
    """The index of each of these outputs; empty where one is missing."""
    at: Parameters = {spec.name: index for index, spec in enumerate(signature.outputs)}
    return {name: at[name] for name in names} if at.keys() >= set(names) else {}


def _ready(signature: Signature) -> Parameters:
    return _at(signature, _READY) if len(signature.inputs) == 2 else {}


def _raw(signature: Signature) -> Parameters:
    parameters = _at(signature, _RAW)
    if not parameters:
        return {}
    classes = signature.outputs[int(parameters["logits"])].shape[-1] or 0
    nothing = classes == _WITH_NOTHING
    return {**parameters, "classes": classes - nothing, "nothing": nothing}


def _joined(signature: Signature) -> Parameters:
    names = len(noted_labels(signature))
    shape = signature.outputs[0].shape if len(signature.outputs) == 1 else ()
    if not names or len(shape) != 3 or shape[2] != 4 + names:
        return {}
    queries = shape[1] is None or shape[1] <= _MOST_QUERIES
    return {"joined": True, "classes": names} if queries else {}


class _Ready:
    """Boxes come in pixels of the size that the sensor gave: that of the input tensor."""

    def __init__(self, recipe: Recipe, selection: Selection) -> None:
        self._at = [int(recipe.parameters[name]) for name in _READY]
        self._size = np.array([recipe.input.width, recipe.input.height] * 2, np.float32)
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        boxes, scores, labels = (tensors[index][0] for index in self._at)
        placed = boxes.astype(np.float32) / self._size
        found = Detections(placed, scores.astype(np.float32), labels.astype(np.int32))
        return self._selection.keep(found)


class _Raw:
    """Each query has a logit for each class; boxes are centre and size in fractions."""

    def __init__(self, recipe: Recipe, selection: Selection) -> None:
        self._at = [int(recipe.parameters[name]) for name in _RAW]
        self._nothing = bool(recipe.parameters.get("nothing"))
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        logits, boxes = (tensors[index][0].astype(np.float32) for index in self._at)
        scores = _softmax(logits)[:, :-1] if self._nothing else 0.5 * (1 + np.tanh(0.5 * logits))
        return _found(boxes, scores, self._selection)


class _Joined:
    """As raw, with scores that are ready."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        output = tensors[0][0].astype(np.float32, copy=False)
        return _found(output[:, :4], output[:, 4:], self._selection)


def _found(
    boxes: NDArray[np.float32], scores: NDArray[np.float32], selection: Selection
) -> Detections:
    rows, found = selection.best(scores)
    centre, half = boxes[rows, :2], boxes[rows, 2:] * np.float32(0.5)
    corners = np.concatenate([centre - half, centre + half], 1)
    return selection.keep(Detections(corners, found.scores, found.labels))


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    weights = np.exp(logits - logits.max(1, keepdims=True))
    result: NDArray[np.float32] = weights / weights.sum(1, keepdims=True)
    return result
