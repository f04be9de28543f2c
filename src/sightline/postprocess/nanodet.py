"""NanoDet and NanoDet-Plus: sides of the box as distributions over distances.

https://github.com/RangiLyu/nanodet; the head is that of Li et al., "Generalized Focal Loss",
arXiv:2006.04388. NanoDet puts out two tensors a stride and measures from the middle of a
cell, NanoDet-Plus one tensor for all and measures from its corner.
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
from sightline.postprocess.grid import grid, strides_of
from sightline.postprocess.image_input import noted_labels, picture_size, shapes
from sightline.postprocess.selection import Selection
from sightline.results import Detections

_BINS = 8  # distances 0..7 in strides
_SIDES = 4 * _BINS


class _NanoDet:
    name = "nanodet"

    def recognise(self, signature: Signature) -> Recipe | None:
        width, height, layout = picture_size(signature)
        outputs = signature.outputs
        if any(len(spec.shape) != 3 or None in spec.shape[1:] for spec in outputs):
            return None
        last = [spec.shape[2] or 0 for spec in outputs]
        rows = [spec.shape[1] or 0 for spec in outputs]
        if len(outputs) == 1:
            plus, classes, total = True, last[0] - _SIDES, rows[0]
            named = strides_of(width, height, total) == (8, 16, 32, 64)
        else:
            half = len(outputs) // 2
            plus, classes, total = False, last[0], sum(rows[:half])
            named = (
                len(outputs) % 2 == 0
                and last == [classes] * half + [_SIDES] * half
                and rows[:half] == rows[half:]
            )
        if not named or classes < 1 or strides_of(width, height, total) is None:
            return None
        return Recipe(
            decoder=self.name,
            labels=noted_labels(signature),
            input=InputRecipe(
                width=width,
                height=height,
                layout=layout,
                colour="bgr",
                fit="stretch" if plus else "letterbox",
                pad=0,
                mean=(103.53, 116.28, 123.675),
                std=(57.375, 57.12, 58.395),
            ),
            parameters={"plus": plus, "classes": classes},
        )

    def recipe(self, signature: Signature) -> Recipe:
        found = self.recognise(signature)
        if found is None:
            raise DecoderError(
                "a NanoDet network puts out class scores and distances (…x32) for each stride, "
                f"or both in one tensor; this one has {shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(recipe, signature, selection)


FAMILY = _NanoDet()


class _Decoder:
    def __init__(self, recipe: Recipe, signature: Signature, selection: Selection) -> None:
        width, height = recipe.input.width, recipe.input.height
        self._plus = bool(recipe.parameters.get("plus"))
        half = 1 if self._plus else len(signature.outputs) // 2
        total = sum(spec.shape[1] or 0 for spec in signature.outputs[:half])
        strides = strides_of(width, height, total)
        assert strides is not None
        self._places, self._strides = grid(width, height, strides)
        if not self._plus:
            self._places += 0.5
        self._size = np.array([width, height] * 2, np.float32)
        self._selection = selection
        self._bins = np.arange(_BINS, dtype=np.float32)

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        if self._plus:
            pairs = [(tensors[0][0][:, :-_SIDES], tensors[0][0][:, -_SIDES:])]
        else:
            half = len(tensors) // 2
            pairs = [(s[0], d[0]) for s, d in zip(tensors[:half], tensors[half:], strict=True)]
        first = 0
        boxes, founds = [], []
        for scores, sides in pairs:
            rows, found = self._selection.best(scores)
            boxes.append(self._boxes(sides[rows], rows + first))
            founds.append(found)
            first += len(scores)
        whole = Detections(
            np.concatenate(boxes),
            np.concatenate([found.scores for found in founds]),
            np.concatenate([found.labels for found in founds]),
        )
        return self._selection.finish(whole.boxes, whole)

    def _boxes(self, sides: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
        logits = sides.reshape(-1, 4, _BINS).astype(np.float32)
        weights = np.exp(logits - logits.max(2, keepdims=True))
        reach = (weights @ self._bins) / weights.sum(2)
        places = self._places[rows]
        corners = np.concatenate([places - reach[:, :2], places + reach[:, 2:]], 1)
        boxes: NDArray[np.float32] = corners * self._strides[rows] / self._size
        return boxes
