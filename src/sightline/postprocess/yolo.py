"""The heads of YOLOv5 to YOLO11 as Ultralytics exports them: boxes decoded in the network.

1 x (4 + classes) x cells         YOLOv8, v9, v11: centre and size in pixels, class scores
1 x 3 cells x (5 + classes)       YOLOv5, v7: the same with objectness, three anchors a cell
1 x cells x (5 + classes)         YOLOv6: one anchor a cell; YOLOX looks the same, so name it
1 x K x 6                         YOLOv10, or exported with NMS: corners, score, class

Their TFLite files, which take 1 x height x width x 3, give fractions instead of pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import DecoderError
from sightline.model.recipe import InputRecipe, Recipe
from sightline.model.signature import Signature
from sightline.postprocess.base import Decoder
from sightline.postprocess.grid import strides_of
from sightline.postprocess.image_input import note, noted_labels, picture_size, shapes
from sightline.postprocess.selection import Selection
from sightline.results import Detections

_ANCHORS = 3
_MOST_FINAL = 1000


class _Yolo:
    name = "yolo"

    def recognise(self, signature: Signature) -> Recipe | None:
        if signature.metadata.get("task", "detect") != "detect":
            return None
        return self._recipe(signature, certain=True)

    def recipe(self, signature: Signature) -> Recipe:
        task = signature.metadata.get("task", "detect")
        if task != "detect":
            raise DecoderError(f"this YOLO network is made for {task!r}, not for detection")
        found = self._recipe(signature, certain=False)
        if found is None:
            raise DecoderError(
                "a YOLO network puts out one tensor 1 x (4 + classes) x cells, 1 x cells x "
                f"(5 + classes) or 1 x K x 6; this one has {shapes(signature)}"
            )
        return found

    def decoder(self, recipe: Recipe, signature: Signature, selection: Selection) -> Decoder:
        in_pixels = recipe.parameters.get("in_pixels", True)
        unit = (recipe.input.width, recipe.input.height) if in_pixels else (1, 1)
        size = np.array(unit * 2, np.float32)
        return _DECODERS[str(recipe.parameters.get("form", "v8"))](size, selection)

    def _recipe(self, signature: Signature, *, certain: bool) -> Recipe | None:
        width, height, layout = picture_size(signature)
        form = _form(signature, width, height, certain)
        if form is None:
            return None
        return Recipe(
            decoder=self.name,
            labels=noted_labels(signature),
            input=InputRecipe(
                width=width,
                height=height,
                layout=layout,
                fit="letterbox",
                std=(255.0, 255.0, 255.0),
            ),
            parameters={"form": form[0], "classes": form[1], "in_pixels": layout == "nchw"},
        )


def _form(signature: Signature, width: int, height: int, certain: bool) -> tuple[str, int] | None:
    """Which of the forms it is and how many classes it has; 0 where the shape does not say."""
    if len(signature.outputs) != 1 or len(signature.outputs[0].shape) != 3:
        return None
    _, rows, columns = signature.outputs[0].shape
    names = len(noted_labels(signature))
    if rows is None or columns is None:
        return _open_form(rows, columns, names, certain)
    if rows >= 5 and strides_of(width, height, columns):
        return "v8", rows - 4
    if columns >= 6 and rows % _ANCHORS == 0 and strides_of(width, height, rows // _ANCHORS):
        return "v5", columns - 5
    if columns >= 6 and not certain and strides_of(width, height, rows):
        return "v5", columns - 5
    if columns == 6 and rows <= _MOST_FINAL and (note(signature, "names") or not certain):
        return "final", names
    return None


def _open_form(
    rows: int | None, columns: int | None, names: int, certain: bool
) -> tuple[str, int] | None:
    """The form of an export whose shape stays open; its notes say how many classes there are."""
    if names and columns == 5 + names:
        return "v5", names
    if names and rows in (None, 4 + names):
        return "v8", names
    return ("v8", rows - 4) if rows is not None and rows >= 5 and not certain else None


class _Cells:
    """YOLOv8 and its successors: channels first."""

    def __init__(self, size: NDArray[np.float32], selection: Selection) -> None:
        self._size = size
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        output = tensors[0][0].astype(np.float32, copy=False)
        near = np.flatnonzero(self._selection.peaks(output[4:]) >= self._selection.score)
        rows, found = self._selection.best(output[4:, near].T)
        return self._selection.finish(_corners(output[:4, near[rows]].T) / self._size, found)


class _Anchors:
    """YOLOv5 and v7: with objectness, one row an anchor."""

    def __init__(self, size: NDArray[np.float32], selection: Selection) -> None:
        self._size = size
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        output = tensors[0][0].astype(np.float32, copy=False)
        near = np.flatnonzero(output[:, 4] >= self._selection.score)
        cells = output.take(near, 0)
        rows, found = self._selection.best(cells[:, 5:], cells[:, 4:5])
        return self._selection.finish(_corners(cells[rows, :4]) / self._size, found)


class _Final:
    """Suppressed in the network already."""

    def __init__(self, size: NDArray[np.float32], selection: Selection) -> None:
        self._size = size
        self._selection = selection

    def __call__(self, tensors: Sequence[NDArray[Any]]) -> Detections:
        output = tensors[0][0].astype(np.float32, copy=False)
        output = output[np.isfinite(output).all(1)]
        labels = output[:, 5].clip(0, 1 << 20).astype(np.int32)
        return self._selection.keep(Detections(output[:, :4] / self._size, output[:, 4], labels))


_DECODERS: dict[str, Callable[[NDArray[np.float32], Selection], Decoder]] = {
    "v8": _Cells,
    "v5": _Anchors,
    "final": _Final,
}


def _corners(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Centre and size to corners."""
    half = boxes[:, 2:] * np.float32(0.5)
    return np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], 1)


FAMILY = _Yolo()
