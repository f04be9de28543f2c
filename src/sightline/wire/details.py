"""What an object may have besides its box: keypoints and a mask, as messages carry them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import InputError
from sightline.results import Detections
from sightline.results.masks import mask_of, runs_of, stacked
from sightline.wire.messages import Mask, Object

MOST_PIXELS = 1 << 20  # of one mask that a reader takes memory for
_DECIMALS = (5, 5, 4)  # of x, y and score
_FARTHEST = 1000.0  # fractions of the picture


def details(detections: Detections) -> list[dict[str, Any]]:
    """Of each object the fields `keypoints` and `mask` that it has, as plain values.

    What was not detected itself (a track that coasts) has neither.
    """
    found: list[dict[str, Any]] = [{} for _ in range(len(detections))]
    if detections.keypoints is not None:
        rounded = rounded_keypoints(detections.keypoints)
        scored = rounded[:, :, 2].max(1, initial=0) > 0
        for item, points, has in zip(found, rounded.tolist(), scored, strict=True):
            if has:
                item["keypoints"] = points
    if detections.masks is not None:
        for item, mask in zip(found, detections.masks, strict=True):
            if mask.any():
                item["mask"] = {"size": mask.shape, "runs": runs_of(mask).tolist()}
    return found


def rounded_keypoints(keypoints: NDArray[np.float32]) -> NDArray[np.float64]:
    """What is no number counts as not seen."""
    sound = np.isfinite(keypoints).all(2, keepdims=True)
    held = np.where(sound, keypoints, 0).astype(np.float64).clip(-_FARTHEST, _FARTHEST)
    return np.stack([held[:, :, i].round(_DECIMALS[i]) for i in range(3)], 2)


def typed(plain: dict[str, Any]) -> dict[str, Any]:
    """One of `details` as the fields of an `Object`."""
    fields: dict[str, Any] = {}
    if "keypoints" in plain:
        fields["keypoints"] = tuple((x, y, score) for x, y, score in plain["keypoints"])
    if "mask" in plain:
        fields["mask"] = Mask(plain["mask"]["size"], tuple(plain["mask"]["runs"]))
    return fields


def with_details(detections: Detections, objects: Sequence[Object]) -> Detections:
    """`detections` with the keypoints and masks of the objects that they were made of.

    Raises InputError for a mask that its runs do not fill.
    """
    if any(item.keypoints for item in objects):
        detections = replace(detections, keypoints=_keypoints(objects))
    if any(item.mask for item in objects):
        detections = replace(detections, masks=stacked([_mask(item.mask) for item in objects]))
    return detections


def _keypoints(objects: Sequence[Object]) -> NDArray[np.float32]:
    most = max(len(item.keypoints or ()) for item in objects)
    held = np.zeros((len(objects), most, 3), np.float32)
    with np.errstate(over="ignore"):
        for row, item in zip(held, objects, strict=True):
            if item.keypoints:
                row[: len(item.keypoints)] = item.keypoints
    return held


def _mask(mask: Mask | None) -> NDArray[np.bool_] | None:
    if mask is None:
        return None
    rows, columns = mask.size
    sound = 0 < rows <= MOST_PIXELS and 0 < columns <= MOST_PIXELS // rows
    # Compared as Python's numbers, which no length overflows.
    if not sound or min(mask.runs, default=0) < 0 or sum(mask.runs) != rows * columns:
        raise InputError(f"a mask of {rows} x {columns} has runs that do not fill it")
    return mask_of(mask.size, np.array(mask.runs, np.int64))
