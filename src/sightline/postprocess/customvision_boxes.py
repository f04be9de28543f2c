"""Azure Custom Vision's newer detectors: boxes, classes and scores, suppressed in the network."""

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

_NAMES = ("detected_boxes", "detected_classes", "detected_scores")


class _CustomVisionBoxes:
    name = "customvision_boxes"

    def recognise(self, signature: Signature) -> Recipe | None:
        at = {spec.name.partition(":")[0]: index for index, spec in enumerate(signature.outputs)}
        if sorted(at) != sorted(_NAMES):
            return None
        width, height, layout = picture_size(signature)
        boxes, classes, scores = (at[name] for name in _NAMES)
        return Recipe(
            decoder=self.name,
            input=InputRecipe(width=width, height=height, layout=layout),
            parameters={"boxes": boxes, "classes_at": classes, "scores": scores},
        )

    def recipe(self, signature: Signature) -> Recipe:
        found = self.recognise(signature)
        if found is None:
            raise DecoderError(
                f"a Custom Vision detector puts out {', '.join(_NAMES)}; this one has "
                f"{shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(recipe, selection)


FAMILY = _CustomVisionBoxes()


class _Decoder:
    def __init__(self, recipe: Recipe, selection: Selection) -> None:
        self._boxes, self._labels, self._scores = (
            int(recipe.parameters[key]) for key in ("boxes", "classes_at", "scores")
        )
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        boxes = tensors[self._boxes].reshape(-1, 4).astype(np.float32)
        labels = np.nan_to_num(tensors[self._labels].reshape(-1)).clip(0, 1 << 20)
        scores = tensors[self._scores].reshape(-1).astype(np.float32)
        return self._selection.keep(Detections(boxes, scores, labels.astype(np.int32)))
