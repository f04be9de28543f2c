"""Non-maximum suppression, for all decoders the same."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

MOST = 1000  # candidates compared with each other; the rest score lower than all of them


def suppress(
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    labels: NDArray[np.int32],
    iou: float,
    limit: int,
) -> NDArray[np.intp]:
    """Indices of the boxes that stay, best score first: greedy, each class for itself.

    boxes   (N, 4) x1, y1, x2, y2
    iou     a box goes when it overlaps a better one of its class, which stays, by more
    limit   at most this many stay

    Equals the sequential greedy rule: a box stays unless one that stays suppresses it. That
    rule has one solution, which repeating it for all boxes at once reaches from the best box
    on; a picture takes two or three rounds.
    """
    order = np.argsort(-scores, kind="stable")[:MOST]
    if len(order) < 2:
        return order[:limit]
    corners = np.ascontiguousarray(boxes[order].T)
    near, far = corners[:2, :, None], corners[2:, :, None]
    sides = np.minimum(far, corners[2:, None]) - np.maximum(near, corners[:2, None])
    np.maximum(sides, 0, out=sides)
    # shared / (one + other - shared) > iou, without a division for each pair
    share = np.prod(corners[2:] - corners[:2], 0) * np.float32(iou / (1 + iou))
    over = sides[0] * sides[1] > share[:, None] + share
    kinds = labels[order]
    if (kinds != kinds[0]).any():
        over &= kinds[:, None] == kinds
    over &= _better(len(order))  # only the better one, of two, suppresses
    stays = ~over.any(0)
    while True:
        again = ~over[stays].any(0)
        if (again == stays).all():
            kept: NDArray[np.intp] = order[stays][:limit]
            return kept
        stays = again


@cache
def _triangle() -> NDArray[np.bool_]:
    return np.triu(np.ones((MOST, MOST), np.bool_), 1)


def _better(count: int) -> NDArray[np.bool_]:
    """(count, count): whether the one of the row comes before the one of the column."""
    return _triangle()[:count, :count]
