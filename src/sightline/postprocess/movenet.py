"""MoveNet: the seventeen keypoints of the one person that the picture is about.

https://www.tensorflow.org/hub/tutorials/movenet: 1 x 1 x 17 x 3, y, x and score of each point as
fractions of the tensor, which keeps the picture's shape and takes 8-bit values of any type.
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
from sightline.postprocess.pose import extents
from sightline.postprocess.selection import Selection
from sightline.results import Detections

_POINTS = 17


class _MoveNet:
    name = "movenet"

    def recognise(self, signature: Signature) -> Recipe | None:
        if [spec.shape for spec in signature.outputs] != [(1, 1, _POINTS, 3)]:
            return None
        width, height, layout = picture_size(signature)
        return Recipe(
            task="pose",
            decoder=self.name,
            labels=("person",),
            input=InputRecipe(width=width, height=height, layout=layout, fit="letterbox_topleft"),
            parameters={"classes": 1, "keypoints": _POINTS},
        )

    def recipe(self, signature: Signature) -> Recipe:
        found = self.recognise(signature)
        if found is None:
            raise DecoderError(
                f"a MoveNet network for one person puts out 1x1x17x3; this one has "
                f"{shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(selection)


FAMILY = _MoveNet()


class _Decoder:
    def __init__(self, selection: Selection) -> None:
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        points = tensors[0].reshape(1, _POINTS, 3)[:, :, [1, 0, 2]].astype(np.float32)
        return self._selection.keep(extents(points))
