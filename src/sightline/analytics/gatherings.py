"""How large the largest group is of people who stand near one another, by single linkage.

Everything may have leading axes: that many pictures at once. Each comes out the same to the last
bit, however many others there are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.slots import Index
from sightline.geometry.boxes import Anchor, anchors
from sightline.geometry.ground import Ground

Array = NDArray[np.floating[Any]]
Truths = NDArray[np.bool_]

_PERSON_M = 1.7  # so tall are people, where the floor is not known in metres


def near(
    boxes: Array, anchor: Anchor, radius_m: float, ground: Ground | None, aspect: float
) -> Truths:
    """(..., L, L): which of boxes (..., L, 4), in fractions, stand within a radius of each other,
    and of themselves."""
    places = anchors(boxes, anchor)
    scale: Array | float = 1.0
    if ground is not None:
        places = ground.to_floor(places.reshape(-1, 2)).reshape(places.shape)
    else:
        heights = (boxes[..., 3] - boxes[..., 1]).astype(np.float64)
        places = places * [aspect, 1]
        both = heights[..., :, None] + heights[..., None, :]
        scale = 2 * _PERSON_M / np.maximum(both, 1e-6)
    x, y = places[..., 0], places[..., 1]
    apart = np.hypot(x[..., :, None] - x[..., None, :], y[..., :, None] - y[..., None, :])
    found: Truths = apart * scale <= radius_m
    found |= np.eye(found.shape[-1], dtype=np.bool_)
    return found


def groups(linked: Truths, there: Truths) -> Index:
    """By person (..., L) a number, the same for those who are `there` (..., L) and are joined by a
    chain of `linked` pairs (..., L, L), namely that of the first; L for who is not there."""
    count = linked.shape[-1]
    group = np.where(there, np.arange(count), count)
    while True:
        joined = np.where(linked, group[..., None, :], count).min(axis=-1, initial=count)
        joined = np.where(there, joined, count)
        if (joined == group).all():
            return group
        group = joined


def sizes(group: Index) -> Index:
    """How many (..., L) are in the group of each number."""
    numbers = np.arange(group.shape[-1])
    found: Index = (group[..., :, None] == numbers).sum(axis=-2)
    return found
