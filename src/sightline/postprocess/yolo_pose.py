"""YOLOv8-pose, YOLO11-pose and their kin, as Ultralytics exports them: boxes with keypoints.

Maji et al., "YOLO-Pose: Enhancing YOLO for Multi Person Pose Estimation Using Object Keypoint
Similarity Loss", arXiv:2204.06806. After box and class come x and y of each keypoint in pixels,
and its score where the network has one.
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
from sightline.postprocess.image_input import note, noted_labels, picture_size, shapes
from sightline.postprocess.selection import Selection
from sightline.postprocess.ultralytics_head import Head, form_of
from sightline.results import Detections

_USUAL = (17, 3)
_MOST_POINTS = 1000
_FARTHEST = 1000.0  # in tensors


class _YoloPose:
    name = "yolo_pose"

    def recognise(self, signature: Signature) -> Recipe | None:
        return self._recipe(signature) if signature.metadata.get("task") == "pose" else None

    def recipe(self, signature: Signature) -> Recipe:
        found = self._recipe(signature)
        if found is None:
            raise DecoderError(
                "a YOLO network for poses puts out one tensor 1 x (4 + classes + keypoints) x "
                f"cells, or 1 x K x (6 + keypoints); this one has {shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(recipe, selection)

    def _recipe(self, signature: Signature) -> Recipe | None:
        width, height, layout = picture_size(signature)
        points, numbers = _points(signature)
        if len(signature.outputs) != 1:
            return None
        form = form_of(signature, signature.outputs[0].shape, points * numbers)
        if form is None:
            return None
        return Recipe(
            task="pose",
            decoder=self.name,
            labels=noted_labels(signature) or (("person",) if form.classes <= 1 else ()),
            input=InputRecipe(
                width=width, height=height, layout=layout, fit="letterbox", std=(255.0,) * 3
            ),
            parameters={
                "form": form.name,
                "classes": form.classes,
                "keypoints": points,
                "numbers": numbers,
                "in_pixels": layout == "nchw",
            },
        )


FAMILY = _YoloPose()


def _points(signature: Signature) -> tuple[int, int]:
    """How many keypoints there are, and how many numbers each has."""
    noted = note(signature, "kpt_shape")
    if isinstance(noted, (list, tuple)) and len(noted) == 2:
        points, numbers = noted
        if isinstance(points, int) and 0 < points <= _MOST_POINTS and numbers in (2, 3):
            return points, numbers
    return _USUAL


class _Decoder:
    def __init__(self, recipe: Recipe, selection: Selection) -> None:
        self._points, self._numbers = (
            int(recipe.parameters[key]) for key in ("keypoints", "numbers")
        )
        self._head = Head(recipe, self._points * self._numbers, selection)

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        found, more = self._head(tensors[0][0].astype(np.float32, copy=False))
        told = more.reshape(-1, self._points, self._numbers)
        points = np.empty((len(found), self._points, 3), np.float32)
        points[:, :, :2] = told[:, :, :2] / self._head.unit
        # Without scores of their own the points are as sure as the object.
        points[:, :, 2] = told[:, :, 2].clip(0, 1) if self._numbers == 3 else found.scores[:, None]
        sound = (np.abs(points) < _FARTHEST).all(2, keepdims=True)
        return replace(found, keypoints=np.where(sound, points, np.float32(0)))
