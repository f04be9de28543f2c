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
    order = (-scores).argsort(kind="stable")[:MOST]
    if len(order) < 2:
        return order[:limit]
    corners = boxes.T.take(order, 1)
    low, high = corners[:2], corners[2:]
    sides = np.minimum(high[:, :, None], high[:, None]) - np.maximum(low[:, :, None], low[:, None])
    np.maximum(sides, 0, out=sides)
    # shared / (one + other - shared) > iou, without a division for each pair
    across, down = high - low
    share = across * down * np.float32(iou / (1 + iou))
    over = sides[0] * sides[1] > share[:, None] + share
    kinds = labels[order]
    over &= kinds[:, None] == kinds
    over &= _triangle()[: len(order), : len(order)]  # only the better one, of two, suppresses
    stays = ~over.any(0)
    while not stays.all():
        again = ~over[stays].any(0)
        if (again == stays).all():
            break
        stays = again
    kept: NDArray[np.intp] = order[stays][:limit]
    return kept


@cache
def _triangle() -> NDArray[np.bool_]:
    return np.triu(np.ones((MOST, MOST), np.bool_), 1)
