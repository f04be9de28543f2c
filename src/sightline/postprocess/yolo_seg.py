"""YOLOv8-seg, YOLO11-seg and their kin, as Ultralytics exports them: boxes with masks.

Bolya et al., "YOLACT: Real-time Instance Segmentation", arXiv:1904.02689: a second output holds
prototypes 1 x M x h x w, and after box and class each object has M weights; the weighted sum of
the prototypes is above 0 where the object is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sightline.errors import DecoderError
from sightline.model.recipe import InputRecipe, Recipe
from sightline.model.signature import Signature
from sightline.postprocess.base import Decoder
from sightline.postprocess.image_input import noted_labels, picture_size, shapes
from sightline.postprocess.selection import Selection
from sightline.postprocess.ultralytics_head import Form, Head, form_of
from sightline.results import Detections

_RASTER = 64  # rows and columns of a mask
_MOST_PROTOTYPES = 1024


class _YoloSeg:
    name = "yolo_seg"

    def recognise(self, signature: Signature) -> Recipe | None:
        task = signature.metadata.get("task", "segment")
        return self._recipe(signature) if task == "segment" else None

    def recipe(self, signature: Signature) -> Recipe:
        found = self._recipe(signature)
        if found is None:
            raise DecoderError(
                "a YOLO network for masks puts out objects 1 x (4 + classes + M) x cells and "
                f"prototypes 1 x M x height x width; this one has {shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(recipe, signature, selection)

    def _recipe(self, signature: Signature) -> Recipe | None:
        width, height, layout = picture_size(signature)
        parts = _parts(signature)
        if parts is None:
            return None
        return Recipe(
            task="instance segmentation",
            decoder=self.name,
            labels=noted_labels(signature),
            input=InputRecipe(
                width=width, height=height, layout=layout, fit="letterbox", std=(255.0,) * 3
            ),
            parameters={
                "form": parts.form.name,
                "classes": parts.form.classes,
                "in_pixels": layout == "nchw",
            },
        )


FAMILY = _YoloSeg()


class _Parts(NamedTuple):
    form: Form
    objects: int  # which output
    prototypes: int
    depth: int  # how many prototypes there are


def _parts(signature: Signature) -> _Parts | None:
    """Which output is which; None where they do not belong to one such network."""
    width, height, layout = picture_size(signature)
    lengths = [len(spec.shape) for spec in signature.outputs]
    if sorted(lengths) != [3, 4]:
        return None
    objects, prototypes = lengths.index(3), lengths.index(4)
    _, *shape = signature.outputs[prototypes].shape
    count, *size = shape if layout == "nchw" else [shape[2], *shape[:2]]
    quarter = (height // 4, width // 4)
    if not all(side in (None, part) for side, part in zip(size, quarter, strict=True)):
        return None
    if count is None or not 0 < count <= _MOST_PROTOTYPES:
        return None
    form = form_of(signature, signature.outputs[objects].shape, count)
    return form and _Parts(form, objects, prototypes, count)


class _Decoder:
    def __init__(self, recipe: Recipe, signature: Signature, selection: Selection) -> None:
        parts = _parts(signature)
        assert parts is not None
        self._objects, self._prototypes = parts.objects, parts.prototypes
        self._last = recipe.input.layout == "nhwc"
        self._head = Head(recipe, parts.depth, selection)

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        found, weights = self._head(tensors[self._objects][0].astype(np.float32, copy=False))
        prototypes = tensors[self._prototypes][0].astype(np.float32, copy=False)
        if self._last:
            prototypes = prototypes.transpose(2, 0, 1)
        return replace(found, masks=_masks(found.boxes, weights, prototypes))


def _masks(
    boxes: NDArray[np.float32], weights: NDArray[np.float32], prototypes: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Each box (N, 4), in fractions, as a raster: true where its prototypes add up to above 0."""
    count, rows, columns = prototypes.shape
    if not len(boxes):
        return np.zeros((0, _RASTER, _RASTER), np.bool_)
    sums = np.matmul(weights, prototypes.reshape(count, -1)).reshape(-1, rows, columns)
    top, low, down = _between(boxes[:, 1], boxes[:, 3], rows)
    left, right, across = _between(boxes[:, 0], boxes[:, 2], columns)
    each = np.arange(len(boxes))[:, None, None]
    down, across = down[:, :, None], across[:, None]

    above, below = (
        sums[each, at[:, :, None], left[:, None]] * (1 - across)
        + sums[each, at[:, :, None], right[:, None]] * across
        for at in (top, low)
    )
    inside: NDArray[np.bool_] = above * (1 - down) + below * down > 0
    return inside


def _between(
    begin: NDArray[np.float32], end: NDArray[np.float32], cells: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """Along one axis, for each pixel of each raster: the cells at both sides, and the share."""
    middles = (np.arange(_RASTER) + 0.5) / _RASTER
    places = (begin[:, None] + (end - begin)[:, None] * middles) * cells - 0.5
    places = places.clip(0, cells - 1)
    first = places.astype(np.intp)
    return first, np.minimum(first + 1, cells - 1), (places - first).astype(np.float32)
