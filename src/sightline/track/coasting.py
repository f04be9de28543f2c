"""Tracks that nobody sees but that are most likely there, hidden behind others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.track.overlap import corners, covered
from sightline.track.state import Tracks

# A track is expected to go on only if it was followed for this long,
FOLLOWED_S = 0.5
# the detector was so sure of it on average, other classes counted against it,
SURE = 0.7
# and it is hidden if others cover this share of its box;
HIDDEN = 0.2
# in the open it coasts for this share of the time only.
IN_THE_OPEN = 0.25


def coasting(tracks: Tracks, now_s: float, longest_s: float, aspect: float) -> NDArray[np.bool_]:
    """Which tracks (T,) are not seen at `now_s` and still worth being put out.

    No longer than they had been followed before, and only while the expected box lies in the
    picture: at its edge they have left.
    """
    unseen_s = now_s - tracks.seen_s
    followed_s = tracks.seen_s - tracks.born_s
    coasts: NDArray[np.bool_] = (
        (unseen_s > 0)
        & (unseen_s <= np.minimum(followed_s, longest_s))
        & (followed_s >= FOLLOWED_S)
        & (tracks.weight >= SURE * tracks.hits)
        & (tracks.id > 0)
    )
    index = coasts.nonzero()[0]
    if len(index):
        boxes = corners(tracks.box[:, index])
        x1, y1, x2, y2 = boxes
        shown = unseen_s[index] <= longest_s * IN_THE_OPEN
        if not shown.all():
            shown |= covered(boxes, corners(tracks.box[:, unseen_s <= 0])) >= HIDDEN
        coasts[index] = shown & (x1 > 0) & (y1 > 0) & (x2 < aspect) & (y2 < 1)
    return coasts
