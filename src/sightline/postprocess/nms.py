"""Non-maximum suppression, for all decoders the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MOST = 1000  # candidates compared with each other; the rest score lower than all of them


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
    order = np.argsort(-scores, kind="stable")[:_MOST]
    if len(order) < 2:
        return order[:limit]
    x1, y1, x2, y2 = boxes[order].T
    area = (x2 - x1) * (y2 - y1)
    width = np.minimum(x2[:, None], x2) - np.maximum(x1[:, None], x1)
    height = np.minimum(y2[:, None], y2) - np.maximum(y1[:, None], y1)
    shared = width.clip(0, out=width) * height.clip(0, out=height)
    # Without a division: iou > t where shared > t * union.
    over = shared > iou * (area[:, None] + area - shared)
    kinds = labels[order]
    over &= kinds[:, None] == kinds
    over = np.triu(over, 1)  # only the better one, of two, suppresses
    stays = ~over.any(0)
    while True:
        again = ~over[stays].any(0)
        if np.array_equal(again, stays):
            kept: NDArray[np.intp] = order[stays][:limit]
            return kept
        stays = again
