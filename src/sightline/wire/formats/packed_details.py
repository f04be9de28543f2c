"""Keypoints and masks in the extras of a packed frame.

    keypoints  [K, bytes]: per object, K times x, y as uint16 in the steps of boxes; then per
               object, K scores as uint8
    masks      [rows, columns, bytes]: per object its runs as varints; they add up to
               rows * columns, which tells where the next object begins

Objects that have none while others do get zeros, or one run of the whole mask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.errors import InputError
from sightline.results import Detections
from sightline.results.masks import mask_of, runs_of
from sightline.wire.details import MOST_PIXELS, rounded_keypoints
from sightline.wire.formats import varint
from sightline.wire.formats.steps import quantise, restore

_MOST_IN_ALL = 1 << 26  # pixels of the masks of one frame
_STEP, _SCORE = np.dtype("<u2"), np.dtype("u1")


def packed_details(detections: Detections) -> dict[str, Any]:
    """The entries of the extras for one frame; none where there is nothing to say."""
    extras: dict[str, Any] = {}
    keypoints, masks = detections.keypoints, detections.masks
    if keypoints is not None and keypoints.size:
        held = rounded_keypoints(keypoints)
        scores = np.rint(held[:, :, 2].clip(0, 1) * 255).astype(_SCORE)
        data = quantise(held[:, :, :2]).tobytes() + scores.tobytes()
        extras["keypoints"] = [keypoints.shape[1], data]
    if masks is not None and masks.any():
        runs = np.concatenate([runs_of(mask) for mask in masks])
        extras["masks"] = [*masks.shape[1:], varint.encode(runs.astype(np.uint64))]
    return extras


def with_packed_details(detections: Detections, extras: Mapping[str, Any]) -> Detections:
    """`detections` with what `extras` hold of them. Raises InputError where that cannot be."""
    if not extras.keys() & {"keypoints", "masks"}:
        return detections
    count = len(detections)
    try:
        if "keypoints" in extras:
            detections = replace(detections, keypoints=_keypoints(count, *extras["keypoints"]))
        if "masks" in extras:
            detections = replace(detections, masks=_masks(count, *extras["masks"]))
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(
            f"packed metadata holds keypoints or masks that do not fit their objects: {error}"
        ) from None
    return detections


def _keypoints(count: int, each: int, data: bytes) -> NDArray[np.float32]:
    if each <= 0 or len(data) != count * each * 5:
        raise ValueError(f"{len(data)} bytes for {count} objects of {each}")
    places = restore(np.frombuffer(data, _STEP, count * each * 2).reshape(count, each, 2))
    scores = np.frombuffer(data, _SCORE, count * each, count * each * 4).reshape(count, each, 1)
    return np.concatenate([places, scores / np.float32(255)], 2)


def _masks(count: int, rows: int, columns: int, data: bytes) -> NDArray[np.bool_]:
    if rows <= 0 or columns <= 0 or rows * columns > MOST_PIXELS:
        raise ValueError(f"masks of {rows} x {columns}")
    pixels = rows * columns
    if count * pixels > _MOST_IN_ALL:
        raise ValueError(f"{count} masks of {rows} x {columns}")
    stream = np.frombuffer(data, np.uint8)
    runs, used = varint.decode(stream, int((stream < 0x80).sum()))
    if used != len(stream) or runs.max(initial=0) > pixels:
        raise ValueError("runs that are longer than the mask")
    lengths = runs.astype(np.int64)
    # Runs may begin with one of no length, but never end so: the first to get there ends a mask.
    cuts = np.searchsorted(np.cumsum(lengths), np.arange(1, count + 1) * pixels) + 1
    masks = np.zeros((count, rows, columns), np.bool_)
    for mask, (begin, end) in zip(masks, pairwise([0, *cuts.tolist()]), strict=True):
        own = lengths[begin:end]
        if own.sum() != pixels:
            raise ValueError("runs that do not fill the mask")
        mask[:] = mask_of((rows, columns), own)
    return masks
