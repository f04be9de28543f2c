"""YOLOX: one row a cell with box offsets, objectness and class scores.

Ge et al., "YOLOX: Exceeding YOLO Series in 2021", arXiv:2107.08430. The head's raw form, as
the project exports it: offsets from the cell and logarithms of the size, in strides.
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

_STRIDES = (8, 16, 32)  # with a fourth it may as well be NanoDet-Plus


class _Yolox:
    name = "yolox"

    def recognise(self, signature: Signature) -> Recipe | None:
        return self._recipe(signature, certain=True)

    def recipe(self, signature: Signature) -> Recipe:
        found = self._recipe(signature, certain=False)
        if found is None:
            raise DecoderError(
                "a YOLOX network puts out one tensor 1 x cells x (5 + classes); this one has "
                f"{shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(recipe, signature, selection)

    def _recipe(self, signature: Signature, *, certain: bool) -> Recipe | None:
        if len(signature.outputs) != 1 or len(signature.outputs[0].shape) != 3:
            return None
        width, height, layout = picture_size(signature)
        _, rows, columns = signature.outputs[0].shape
        if rows is None or columns is None or columns < 6:
            return None
        strides = strides_of(width, height, rows)
        if strides is None or (certain and strides != _STRIDES):
            return None
        return Recipe(
            decoder=self.name,
            labels=noted_labels(signature),
            input=InputRecipe(
                width=width, height=height, layout=layout, colour="bgr", fit="letterbox_topleft"
            ),
            parameters={"classes": columns - 5},
        )


FAMILY = _Yolox()


class _Decoder:
    def __init__(self, recipe: Recipe, signature: Signature, selection: Selection) -> None:
        width, height = recipe.input.width, recipe.input.height
        strides = strides_of(width, height, signature.outputs[0].shape[1] or 0)
        assert strides is not None
        self._places, pixels = grid(width, height, strides)
        self._units = pixels / np.array([width, height], np.float32)  # a stride as fractions
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        output = tensors[0][0].astype(np.float32, copy=False)
        # A class score is at most 1, so a cell below the bound by its objectness alone is out.
        near = (output[:, 4] >= self._selection.score).nonzero()[0]
        cells = output.take(near, 0)
        rows, found = self._selection.best(cells[:, 5:], cells[:, 4:5])
        return self._selection.finish(self._boxes(cells[rows, :4], near[rows]), found)

    def _boxes(self, sides: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
        units = self._units[rows]
        centre = (sides[:, :2] + self._places[rows]) * units
        half = np.exp(sides[:, 2:]) * units * np.float32(0.5)
        boxes: NDArray[np.float32] = np.concatenate([centre - half, centre + half], 1)
        return boxes
