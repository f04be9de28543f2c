"""Azure Custom Vision's older detectors: the grid of YOLOv2 with five anchors a cell.

Redmon, Farhadi: YOLO9000, 2017, https://arxiv.org/abs/1612.08242. The anchors are those of
every network of the domain "General (compact)"; Microsoft's scripts carry them as constants.
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
from sightline.postprocess.image_input import picture_size, shapes
from sightline.postprocess.selection import Selection
from sightline.results import Detections

_STRIDE = 32
_ANCHORS = np.array(  # width and height in cells
    [[0.573, 0.677], [1.87, 2.06], [3.34, 5.47], [7.88, 3.53], [9.77, 9.17]], np.float32
)


class _CustomVisionGrid:
    name = "customvision_grid"

    def recognise(self, signature: Signature) -> Recipe | None:
        # Other YOLOv2 networks have the same form and other anchors.
        if not any(key.startswith("CustomVision.") for key in signature.metadata):
            return None
        return self._recipe(signature)

    def recipe(self, signature: Signature) -> Recipe:
        found = self._recipe(signature)
        if found is None:
            raise DecoderError(
                "a Custom Vision grid has 5 x (5 + classes) channels and a cell for each 32 "
                f"pixels; this network has {shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(recipe, selection)

    def _recipe(self, signature: Signature) -> Recipe | None:
        if len(signature.outputs) != 1 or len(signature.outputs[0].shape) != 4:
            return None
        width, height, layout = picture_size(signature)
        cells = (height // _STRIDE, width // _STRIDE)
        _, *shape = signature.outputs[0].shape
        channels = shape[0] if layout == "nchw" else shape[2]
        grid = shape[1:] if layout == "nchw" else shape[:2]
        fits = all(size in (None, cell) for size, cell in zip(grid, cells, strict=True))
        if not fits or channels is None or channels % 5 or channels < 30:
            return None
        return Recipe(
            decoder=self.name,
            input=InputRecipe(width=width, height=height, layout=layout, colour="bgr"),
            parameters={"classes": channels // 5 - 5},
        )


FAMILY = _CustomVisionGrid()


class _Decoder:
    def __init__(self, recipe: Recipe, selection: Selection) -> None:
        self._first = recipe.input.layout == "nchw"
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        output = tensors[0][0].astype(np.float32, copy=False)
        cells = output.transpose(1, 2, 0) if self._first else output
        rows, columns, channels = cells.shape
        cells = cells.reshape(rows * columns * 5, channels // 5)
        objectness = _sigmoid(cells[:, 4])
        near = np.flatnonzero(objectness >= self._selection.score)
        scores = _softmax(cells[near, 5:]) * objectness[near, None]
        kept, found = self._selection.best(scores)
        return self._selection.finish(_boxes(cells, near[kept], rows, columns), found)


def _boxes(
    cells: NDArray[np.float32], chosen: NDArray[np.intp], rows: int, columns: int
) -> NDArray[np.float32]:
    """Corners, in fractions of the tensor, of the chosen cells (row, column, anchor in turn)."""
    cell, anchor = np.divmod(chosen, 5)
    place = np.stack(np.divmod(cell, columns)[::-1], 1).astype(np.float32)
    size = np.array([columns, rows], np.float32)
    centre = (_sigmoid(cells[chosen, :2]) + place) / size
    half = np.exp(cells[chosen, 2:4].clip(-20, 20)) * _ANCHORS[anchor] / size / 2
    return np.concatenate([centre - half, centre + half], 1)


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = 1 / (1 + np.exp(-values.clip(-40, 40)))
    return result


def _softmax(values: NDArray[np.float32]) -> NDArray[np.float32]:
    peaks = values.max(1, keepdims=True, initial=-np.inf)
    with np.errstate(invalid="ignore"):  # a row that is not finite gives NaN, which never passes
        exponents = np.exp(values - peaks)
        result: NDArray[np.float32] = exponents / exponents.sum(1, keepdims=True)
    return result
