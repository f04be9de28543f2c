"""How a view lies over the one that the camera was set up for, by what can be recognised in both.

Corners of both pictures are paired by their looks (ORB: Rublee and others, 2011), and a homography
is sought that most pairs agree with (RANSAC: Fischler and Bolles, 1981). It is believed where many
agree from all over the picture, and where it does what a knock to a camera can do: no mirror, no
view of half the size.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sightline.geometry.warp import CORNERS, Matrix, warped
from sightline.picture.grey import Grey
from sightline.picture.opencv import opencv

SIZE = (480, 270)
_FEATURES = 600
_NEAREST = 0.8  # the best partner must be so much more alike than the second best
_OFF = 0.006  # of the picture: pairs this near to where they should be agree
_FEWEST, _SHARE = 24, 0.35  # pairs that agree, and their share of all
_SPREAD = 0.08  # of the picture that they cover
_LARGEST = 1.8  # times: no knock makes things larger, or smaller, than this


class Align:
    """Remembers the corners of one picture, grey at `SIZE`, and finds them in another."""

    def __init__(self) -> None:
        self._known: tuple[Any, Any] | None = None

    def remember(self, view: Grey) -> None:
        """This is how it should look."""
        points, looks = _corners(view)
        self._known = (points, looks) if len(points) >= _FEWEST else None

    def find(self, view: Grey) -> Matrix | None:
        """From where things were on the picture remembered to where they are; None where that is
        not certain."""
        if self._known is None:
            return None
        cv2 = opencv()
        points, looks = _corners(view)
        if len(points) < _FEWEST:
            return None
        pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(self._known[1], looks, k=2)
        good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < _NEAREST * p[1].distance]
        if len(good) < _FEWEST:
            return None
        here = self._known[0][[one.queryIdx for one in good]]
        there = points[[one.trainIdx for one in good]]
        cv2.setRNGSeed(1)  # a recording that is looked at again says the same
        matrix, agrees = cv2.findHomography(here, there, cv2.RANSAC, _OFF, maxIters=1000)
        if matrix is None:
            return None
        agreed = agrees.ravel().astype(bool)
        enough = agreed.sum() >= _FEWEST and agreed.mean() >= _SHARE
        if not enough or not plausible(matrix) or _area(here[agreed]) < _SPREAD:
            return None
        return matrix.astype(np.float64)  # type: ignore[no-any-return]


def _corners(view: Grey) -> tuple[Any, Any]:
    found, looks = opencv().ORB_create(_FEATURES, fastThreshold=10).detectAndCompute(view, None)
    points = np.array([one.pt for one in found], np.float64).reshape(-1, 2)
    return (points + 0.5) / SIZE, looks


def plausible(matrix: Matrix) -> bool:
    """Whether a knock to a camera can do that."""
    corners = warped(matrix, CORNERS)
    if not np.isfinite(corners).all():
        return False
    sides = np.roll(corners, -1, axis=0) - corners
    turns = sides[:, 0] * np.roll(sides, -1, axis=0)[:, 1]
    turns = turns - sides[:, 1] * np.roll(sides, -1, axis=0)[:, 0]
    lengths = np.hypot(*sides.T)
    return bool((turns > 0).all() and (lengths < _LARGEST).all() and (lengths > 1 / _LARGEST).all())


def _area(points: Any) -> float:
    hull = opencv().convexHull(points.astype(np.float32))
    return float(opencv().contourArea(hull))
