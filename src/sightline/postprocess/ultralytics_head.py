"""What the heads of Ultralytics' networks for more than boxes have in common.

v8     1 x (4 + classes + more) x cells: centre and size in pixels, class scores, more
final  1 x K x (6 + more): corners, score, class, more; suppressed in the network

Their TFLite files, which take 1 x height x width x 3, give fractions instead of pixels.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sightline.geometry.boxes import from_cxcywh
from sightline.model.recipe import Recipe
from sightline.model.signature import Signature
from sightline.postprocess.grid import strides_of
from sightline.postprocess.image_input import noted_labels, picture_size
from sightline.postprocess.selection import Selection
from sightline.results import Detections

_MOST_FINAL = 1000


class Form(NamedTuple):
    """Which of the two, and how many classes it tells apart; 0 where nothing says so."""

    name: str
    classes: int


def form_of(signature: Signature, shape: tuple[int | None, ...], more: int) -> Form | None:
    """What an output of this shape, with `more` numbers an object, can be; None for no form."""
    width, height, _ = picture_size(signature)
    names = len(noted_labels(signature))
    if len(shape) != 3:
        return None
    _, rows, columns = shape
    if columns == 6 + more and rows is not None and rows <= _MOST_FINAL:
        return Form("final", names)
    if rows is None or rows < 5 + more:
        return Form("v8", names) if rows is None and columns is None and names else None
    fits = columns is None or strides_of(width, height, columns)
    return Form("v8", rows - 4 - more) if fits and names in (0, rows - 4 - more) else None


class Head:
    """Reads boxes, and whatever else there is of each object."""

    def __init__(self, recipe: Recipe, more: int, selection: Selection) -> None:
        in_pixels = recipe.parameters.get("in_pixels", True)
        size = (recipe.input.width, recipe.input.height) if in_pixels else (1, 1)
        self.unit: NDArray[np.float32] = np.array(size, np.float32)
        self._sides: NDArray[np.float32] = np.array(size * 2, np.float32)
        self._final = recipe.parameters.get("form") == "final"
        self._more = more
        self._selection = selection

    def __call__(self, output: NDArray[np.float32]) -> tuple[Detections, NDArray[np.float32]]:
        """Of an output without its first axis: the objects, and what more (N, more) they have."""
        found, more = self._kept(output) if self._final else self._suppressed(output)
        # The row of each object passed the selection in place of an identity.
        rows = found.track_ids
        assert rows is not None
        return replace(found, track_ids=None), more[rows]

    def _suppressed(self, output: NDArray[np.float32]) -> tuple[Detections, NDArray[np.float32]]:
        last = len(output) - self._more
        near = np.flatnonzero(self._selection.peaks(output[4:last]) >= self._selection.score)
        cells = output[:, near].T
        rows, found = self._selection.best(cells[:, 4:last])
        boxes = from_cxcywh(cells[rows, :4]) / self._sides
        found = found.with_tracks(rows.astype(np.int64))
        return self._selection.finish(boxes, found), cells[:, last:]

    def _kept(self, output: NDArray[np.float32]) -> tuple[Detections, NDArray[np.float32]]:
        output = output[np.isfinite(output).all(1)]
        labels = output[:, 5].clip(0, 1 << 20).astype(np.int32)
        rows = np.arange(len(output))
        found = Detections(output[:, :4] / self._sides, output[:, 4], labels, rows)
        return self._selection.keep(found), output[:, 6:]
