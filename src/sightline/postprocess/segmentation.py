"""Semantic segmentation: a class for each pixel, one object for each class that is there.

Chen et al., "Rethinking Atrous Convolution for Semantic Image Segmentation" (DeepLab v3),
arXiv:1706.05587, and every other network that puts out a plane of logits for each class:
1 x height x width x classes as TensorFlow has it, 1 x classes x height x width as PyTorch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
from sightline.results.masks import resized
from sightline.results.voc import VOC

_MEAN = (123.675, 116.28, 103.53)  # of ImageNet, as PyTorch's networks take them
_STD = (58.395, 57.12, 57.375)
_HALF = (127.5,) * 3  # TensorFlow's take -1 to 1
_FEWEST = 0.001  # share of the pixels from which a class is there


class _Segmentation:
    name = "segmentation"

    def recognise(self, signature: Signature) -> Recipe | None:
        return self._recipe(signature, certain=True)

    def recipe(self, signature: Signature) -> Recipe:
        found = self._recipe(signature, certain=False)
        if found is None:
            raise DecoderError(
                "a network for semantic segmentation puts out a plane of logits a class; this one "
                f"has {shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(recipe, selection)

    def _recipe(self, signature: Signature, *, certain: bool) -> Recipe | None:
        width, height, layout = picture_size(signature)
        outputs = signature.outputs
        if len(outputs) != 1 or len(outputs[0].shape) != 4:
            return None
        _, *shape = outputs[0].shape
        last = shape[:2] == [height, width] or layout == "nhwc"
        classes, *plane = [shape[2], *shape[:2]] if last else shape
        if classes is None or classes < 2 or None in plane:
            return None
        names = noted_labels(signature) or (VOC if classes == len(VOC) else ())
        # Without names it may as well be a network that puts out pictures.
        if certain and (plane != [height, width] or len(names) != classes):
            return None
        floats = signature.inputs[0].dtype.startswith("float")
        mean, std = (_HALF, _HALF) if layout == "nhwc" else (_MEAN, _STD)
        return Recipe(
            task="semantic segmentation",
            decoder=self.name,
            labels=names,
            input=InputRecipe(
                width=width,
                height=height,
                layout=layout,
                mean=mean if floats else (0.0,) * 3,
                std=std if floats else (1.0,) * 3,
            ),
            parameters={
                "classes": classes,
                "channels_last": last,
                "background": 0 if names[:1] == VOC[:1] else -1,
            },
        )


FAMILY = _Segmentation()


class _Decoder:
    def __init__(self, recipe: Recipe, selection: Selection) -> None:
        self._last = bool(recipe.parameters["channels_last"])
        self._background = int(recipe.parameters["background"])
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        logits = np.nan_to_num(
            tensors[0][0].astype(np.float32, copy=False), posinf=1e4, neginf=-1e4
        )
        planes = logits if self._last else np.ascontiguousarray(logits.transpose(1, 2, 0))
        kinds = planes.argmax(2)
        flat = kinds.reshape(-1)
        seen = np.flatnonzero(flat != self._background)
        likely = _likelihood(planes.reshape(len(flat), -1)[seen])
        pixels = np.bincount(flat[seen], minlength=planes.shape[2])
        total = np.bincount(flat[seen], likely, planes.shape[2])
        labels = np.flatnonzero(pixels >= max(1, _FEWEST * len(flat)))
        scores = (total[labels] / pixels[labels]).astype(np.float32)
        extents = np.array([_extent(kinds == label) for label in labels], np.int64).reshape(-1, 4)
        size = np.array([*kinds.shape[::-1]] * 2)
        boxes = (extents / size).astype(np.float32)
        # The place of each object passed the selection in place of an identity.
        found = Detections(boxes, scores, labels.astype(np.int32), np.arange(len(labels)))
        kept = self._selection.keep(found)
        rows = kept.track_ids
        assert rows is not None
        return replace(kept, track_ids=None, masks=_masks(kinds, labels[rows], extents[rows]))


def _likelihood(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Softmax of the strongest of each row; of likelihoods already, it would say too little."""
    peaks: NDArray[np.float32] = logits.max(1)
    if len(logits) and logits.min() >= 0 and np.abs(logits.sum(1) - 1).max() < 0.05:
        return peaks
    odds: NDArray[np.float32] = 1 / np.exp(logits - peaks[:, None]).sum(1)
    return odds


def _extent(where: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Of what is there: left, top, right, bottom in pixels, the last two beyond it."""
    down, across = np.flatnonzero(where.any(1)), np.flatnonzero(where.any(0))
    return int(across[0]), int(down[0]), int(across[-1]) + 1, int(down[-1]) + 1


def _masks(
    kinds: NDArray[np.intp], labels: NDArray[np.intp], extents: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Of each class its part of the plane, all at the size of the largest."""
    rows, columns = (int((extents[:, i + 2] - extents[:, i]).max(initial=1)) for i in (1, 0))
    masks = np.zeros((len(labels), rows, columns), np.bool_)
    for mask, label, (x1, y1, x2, y2) in zip(masks, labels, extents.tolist(), strict=True):
        mask[:] = resized(kinds[y1:y2, x1:x2] == label, (rows, columns))
    return masks
