"""FastestDet: one coarse grid, objectness first. https://github.com/dog-qiuqiu/FastestDet"""

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

_STRIDE = 16


class _FastestDet:
    name = "fastestdet"

    def recognise(self, signature: Signature) -> Recipe | None:
        width, height, layout = picture_size(signature)
        if len(signature.outputs) != 1 or len(signature.outputs[0].shape) != 4:
            return None
        _, deep, rows, columns = signature.outputs[0].shape
        if deep is None or deep < 6 or (rows, columns) != (height // _STRIDE, width // _STRIDE):
            return None
        return Recipe(
            decoder=self.name,
            labels=noted_labels(signature),
            input=InputRecipe(
                width=width, height=height, layout=layout, colour="bgr", std=(255.0, 255.0, 255.0)
            ),
            parameters={"classes": deep - 5},
        )

    def recipe(self, signature: Signature) -> Recipe:
        found = self.recognise(signature)
        if found is None:
            raise DecoderError(
                "a FastestDet network puts out one tensor 1 x (5 + classes) x rows x columns; "
                f"this one has {shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(selection)


FAMILY = _FastestDet()


class _Decoder:
    def __init__(self, selection: Selection) -> None:
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        output = tensors[0][0]
        _, rows, columns = output.shape
        flat = output.reshape(len(output), -1)
        worth = flat[0] ** 0.6
        # Powers are dear: class scores are at most 1, so few cells need one, and fewer all.
        near = np.flatnonzero(worth >= self._selection.score)
        peaks = worth[near] * self._selection.peaks(flat[5:, near]) ** 0.4
        near = near[peaks >= self._selection.score]
        kept, found = self._selection.best((worth[near] * flat[5:, near] ** 0.4).T)
        cell = near[kept]
        y, x = np.divmod(cell, columns)
        offset = np.tanh(flat[1:3, cell])
        half = _sigmoid(flat[3:5, cell]) * 0.5
        centre = np.stack([(x + offset[0]) / columns, (y + offset[1]) / rows])
        boxes = np.concatenate([centre - half, centre + half]).T.astype(np.float32)
        return self._selection.finish(boxes, found)


def _sigmoid(value: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = 0.5 * (1 + np.tanh(0.5 * value))
    return result
