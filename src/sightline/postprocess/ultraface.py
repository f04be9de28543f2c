"""Ultra-Light-Fast-Generic-Face-Detector: two classes an anchor, boxes decoded in the network.

https://github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB: scores 1xNx2 (nothing,
face) and boxes 1xNx4 as fractions of the tensor.
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
from sightline.postprocess.grid import cells
from sightline.postprocess.image_input import picture_size, shapes
from sightline.postprocess.selection import Selection
from sightline.results import Detections

_ANCHORS = {8: 3, 16: 2, 32: 2, 64: 3}  # a cell, by stride


class _UltraFace:
    name = "ultraface"

    def recognise(self, signature: Signature) -> Recipe | None:
        width, height, layout = picture_size(signature)
        count = sum(cells(width, height, (stride,)) * n for stride, n in _ANCHORS.items())
        outputs = [spec.shape for spec in signature.outputs]
        if len(outputs) != 2 or set(outputs) != {(1, count, 2), (1, count, 4)}:
            return None
        return Recipe(
            decoder=self.name,
            labels=("face",),
            input=InputRecipe(
                width=width, height=height, layout=layout, mean=(127.0,) * 3, std=(128.0,) * 3
            ),
            parameters={"classes": 1},
        )

    def recipe(self, signature: Signature) -> Recipe:
        found = self.recognise(signature)
        if found is None:
            raise DecoderError(
                "an Ultra-Light face network puts out scores 1xNx2 and boxes 1xNx4; this one has "
                f"{shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(signature, selection)


FAMILY = _UltraFace()


class _Decoder:
    def __init__(self, signature: Signature, selection: Selection) -> None:
        columns = [spec.shape[2] for spec in signature.outputs]
        self._scores, self._boxes = columns.index(2), columns.index(4)
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        scores = tensors[self._scores][0][:, 1:].astype(np.float32, copy=False)
        rows, found = self._selection.best(scores)
        boxes = tensors[self._boxes][0][rows].astype(np.float32)
        return self._selection.finish(boxes, found)
