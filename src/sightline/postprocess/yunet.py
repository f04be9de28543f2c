"""YuNet: faces with five landmarks, from any size of face that fills ten pixels or more.

Wu, Peng, Yu: "YuNet: A Tiny Millisecond-level Face Detector", 2023,
https://doi.org/10.1007/s11633-023-1423-y. Twelve outputs: cls, obj, bbox and kps, each for
the strides 8, 16 and 32, one row a cell.
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
from sightline.postprocess.grid import cells, grid
from sightline.postprocess.image_input import picture_size, shapes
from sightline.postprocess.selection import Selection
from sightline.results import Detections

_STRIDES = (8, 16, 32)
_COLUMNS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}


class _YuNet:
    name = "yunet"

    def recognise(self, signature: Signature) -> Recipe | None:
        width, height, layout = picture_size(signature)
        found = {spec.name: spec.shape for spec in signature.outputs}
        for stride in _STRIDES:
            count = cells(width, height, (stride,))
            for kind, columns in _COLUMNS.items():
                *_, rows, held = (None, *found.get(f"{kind}_{stride}", (0, 0)))
                if rows not in (None, count) or held != columns:
                    return None
        return Recipe(
            decoder=self.name,
            labels=("face",),
            input=InputRecipe(
                width=width,
                height=height,
                layout=layout,
                colour="bgr",
                fit="letterbox_topleft",
                pad=0,
            ),
            parameters={"classes": 1, "keypoints": _COLUMNS["kps"] // 2},
        )

    def recipe(self, signature: Signature) -> Recipe:
        found = self.recognise(signature)
        if found is None:
            raise DecoderError(
                "a YuNet network puts out cls, obj, bbox and kps for the strides 8, 16 and 32; "
                f"this one has {shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        return _Decoder(recipe, signature, selection)


FAMILY = _YuNet()


class _Decoder:
    def __init__(self, recipe: Recipe, signature: Signature, selection: Selection) -> None:
        names = [spec.name for spec in signature.outputs]
        self._at = {
            kind: [names.index(f"{kind}_{stride}") for stride in _STRIDES] for kind in _COLUMNS
        }
        size = (recipe.input.width, recipe.input.height)
        places, strides = grid(*size, _STRIDES)
        self._unit = strides / np.array(size, np.float32)  # fractions of the tensor a cell
        self._places = places
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        cls, obj = (self._column(tensors, kind).clip(0, 1) for kind in ("cls", "obj"))
        rows, found = self._selection.best(np.sqrt(cls * obj))
        places, unit = self._places[rows], self._unit[rows]
        bbox = self._column(tensors, "bbox")[rows]
        centre, half = (bbox[:, :2] + places) * unit, np.exp(bbox[:, 2:]) * unit / 2
        marks = self._column(tensors, "kps")[rows].reshape(-1, _COLUMNS["kps"] // 2, 2)
        marks = np.nan_to_num((marks + places[:, None]) * unit[:, None])
        # A landmark has no score of its own.
        scores = np.broadcast_to(found.scores[:, None, None], (*marks.shape[:2], 1))
        found = replace(found, keypoints=np.concatenate([marks, scores], 2))
        return self._selection.finish(np.concatenate([centre - half, centre + half], 1), found)

    def _column(self, tensors: Sequence[NDArray[Any]], kind: str) -> NDArray[np.float32]:
        """Of all strides together: float32 (cells, columns)."""
        parts = [tensors[at].reshape(-1, _COLUMNS[kind]) for at in self._at[kind]]
        return np.concatenate(parts).astype(np.float32, copy=False)
