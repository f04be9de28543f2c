"""One answer for the whole picture: a box around all that the network saw, for each of the
best classes."""

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


class _Classification:
    name = "classification"

    def recognise(self, signature: Signature) -> Recipe | None:
        if len(signature.outputs) != 1:
            return None
        _, *rest = signature.outputs[0].shape or (None,)
        sizes = [size for size in rest if size != 1]
        if len(sizes) != 1 or sizes[0] is None or sizes[0] < 2:
            return None
        width, height, layout = picture_size(signature)
        floats = signature.inputs[0].dtype.startswith("float")
        return Recipe(
            task="classification",
            decoder=self.name,
            labels=noted_labels(signature),
            input=InputRecipe(
                width=width,
                height=height,
                layout=layout,
                fit="crop",
                mean=IMAGENET_MEAN if floats else (0.0,) * 3,
                std=IMAGENET_STD if floats else (1.0,) * 3,
            ),
            parameters={"classes": sizes[0]},
        )

    def recipe(self, signature: Signature) -> Recipe:
        found = self.recognise(signature)
        if found is None:
            raise DecoderError(
                "a classification network puts out one score a class; this one has "
                f"{shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(selection, _is_softmax(signature))


FAMILY = _Classification()


class _Decoder:
    def __init__(self, selection: Selection, softened: bool) -> None:
        self._selection = selection
        self._softened = softened

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        values = tensors[0].reshape(-1).astype(np.float32)
        scores = values if self._softened else _probabilities(values)
        whole = np.tile(np.array([0, 0, 1, 1], np.float32), (len(scores), 1))
        labels = np.arange(len(scores), dtype=np.int32)
        return self._selection.keep(Detections(whole, scores, labels))


def _is_softmax(signature: Signature) -> bool:
    """TFLite fixes how a quantised softmax is stored; the sum of its rounded values says little."""
    return any(abs(signature.outputs[0].scale * steps - 1) < 1e-4 for steps in (255, 256))


def _probabilities(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """As they are where they add up to one; else the network left the softmax out."""
    values = np.nan_to_num(values, posinf=1e4, neginf=-1e4)
    if values.min() >= 0 and abs(float(values.sum()) - 1) < 0.05:
        return values
    exponents = np.exp(values - values.max())
    softened: NDArray[np.float32] = exponents / exponents.sum()
    return softened
