"""Transformers that put out a set: RT-DETR, D-FINE, DETR.

Zhao et al., "DETRs Beat YOLOs on Real-time Object Detection", arXiv:2304.08069; Peng et al.,
"D-FINE", arXiv:2410.13842. Either `labels, boxes, scores` for a size that is given as a
second input, or the raw `logits` and `pred_boxes`.
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


class _Detr:
    name = "detr"

    def recognise(self, signature: Signature) -> Recipe | None:
        names = [spec.name for spec in signature.outputs]
        ready = {"labels", "boxes", "scores"} <= set(names) and len(signature.inputs) == 2
        raw = {"logits", "pred_boxes"} <= set(names)
        if not (ready or raw):
            return None
        width, height, layout = picture_size(signature)
        at: dict[str, float | int | str | bool] = {name: i for i, name in enumerate(names)}
        return Recipe(
            decoder=self.name,
            labels=noted_labels(signature),
            input=InputRecipe(width=width, height=height, layout=layout, std=(255.0, 255.0, 255.0)),
            parameters={k: v for k, v in at.items() if k in _NAMES},
        )

    def recipe(self, signature: Signature) -> Recipe:
        found = self.recognise(signature)
        if found is None:
            raise DecoderError(
                "a DETR network puts out labels, boxes and scores for a second input with the "
                f"size, or logits and pred_boxes; this one has {shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        if "logits" in recipe.parameters:
            return _Raw(recipe, selection)
        return _Ready(recipe, selection)


FAMILY = _Detr()
_NAMES = {"labels", "boxes", "scores", "logits", "pred_boxes"}


class _Ready:
    """Boxes come in pixels of the size that the sensor gave: that of the input tensor."""

    def __init__(self, recipe: Recipe, selection: Selection) -> None:
        self._at = [int(recipe.parameters[name]) for name in ("boxes", "scores", "labels")]
        self._size = np.array([recipe.input.width, recipe.input.height] * 2, np.float32)
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        boxes, scores, labels = (tensors[index][0] for index in self._at)
        placed = boxes.astype(np.float32) / self._size
        found = Detections(placed, scores.astype(np.float32), labels.astype(np.int32))
        return self._selection.keep(found)


class _Raw:
    """Each query has a score for each class; boxes are centre and size in fractions."""

    def __init__(self, recipe: Recipe, selection: Selection) -> None:
        self._at = [int(recipe.parameters[name]) for name in ("logits", "pred_boxes")]
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        logits, boxes = (tensors[index][0].astype(np.float32) for index in self._at)
        rows, found = self._selection.best(0.5 * (1 + np.tanh(0.5 * logits)))
        centre, half = boxes[rows, :2], boxes[rows, 2:] * np.float32(0.5)
        corners = np.concatenate([centre - half, centre + half], 1)
        return self._selection.tidy(Detections(corners, found.scores, found.labels))
