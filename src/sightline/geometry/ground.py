"""The floor that the camera sees, in metres: a plane homography from known points.

Direct linear transform on points moved and scaled to unit spread (Hartley, "In defense of the
eight-point algorithm", 1997); the error is carried from the calibration points and from the
place asked for to the floor, to first order.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Points = NDArray[np.float64]

_STEP = 1e-5  # of the picture, for differences
_FLAT = 1e-3  # of the spread: corners this near to one line fix no plane


class Ground:
    """Picture to floor and back.

    picture  (N, 2), four points or more on the picture, x, y in fractions
    floor    (N, 2), where they are on the floor, in metres
    error    standard error of a point on the picture, in fractions: how well somebody clicks,
             and how well a box ends at the feet
    relative standard error of distances as a share of them, where the scale itself is not sure
    Raises ValueError in words where the points fix no plane.
    """

    def __init__(
        self, picture: Array, floor: Array, error: float = 0.005, relative: float = 0.0
    ) -> None:
        self._picture = np.asarray(picture, np.float64)
        self._floor = np.asarray(floor, np.float64)
        self.error = error
        self.relative = relative
        _check(self._picture, self._floor)
        self.matrix = _homography(self._picture, self._floor)
        self._back = np.linalg.inv(self.matrix).astype(np.float64)
        # Which side of the horizon the calibration points are on.
        depth = self._picture @ self.matrix[2, :2] + self.matrix[2, 2]
        if not (np.sign(depth) == np.sign(depth[0])).all():
            raise ValueError(
                "the points are not in the same order on picture and floor: some would lie "
                "behind the camera"
            )
        self._front = float(np.sign(depth[0]))

    @property
    def middle(self) -> Points:
        """The middle (1, 2) of the calibration points, in metres."""
        middle: Points = self._floor.mean(axis=0)[None]
        return middle

    def to_floor(self, points: Array) -> Points:
        """Metres (P, 2) of points (P, 2) on the picture; NaN above the horizon."""
        return self._project(self.matrix, points)

    def to_picture(self, places: Array) -> Points:
        """Fractions of the picture (P, 2) of places (P, 2) on the floor."""
        found, _ = _apply(self._back, places)
        return found

    def homogeneous(self, places: Array) -> Points:
        """Places (P, 2) on the floor as (X, Y, W); X / W, Y / W on the picture where W > 0."""
        whole: Points = np.asarray(places, np.float64) @ self._back[:, :2].T + self._back[:, 2]
        middle = self._back[2, :2] @ self._floor.mean(axis=0) + self._back[2, 2]
        signed: Points = whole * np.sign(middle)
        return signed

    def slopes(self, points: Array) -> NDArray[np.float64]:
        """(P, 2, 2): metres on the floor, by row, a fraction of the picture moved, by column."""
        return _slopes(self.matrix, points)

    def error_m(self, points: Array) -> NDArray[np.float64]:
        """Standard error in metres (P,) of where points (P, 2) on the picture are on the floor."""
        here = self.to_floor(points)
        moved = [self.to_floor(points + step) - here for step in _STEP * np.eye(2)]
        moved += [self._project(matrix, points) - here for matrix in self._clicked]
        variance = (np.array(moved) ** 2).sum(axis=(0, 2)) * (self.error / _STEP) ** 2
        away = here - self._floor.mean(axis=0)
        variance += (away**2).sum(axis=1) * self.relative**2
        spread: NDArray[np.float64] = np.sqrt(variance)
        return spread

    def scale_error(self, points: Array) -> NDArray[np.float64]:
        """Standard error (P,) of a short distance at points (P, 2), as a share of it."""
        here = _slopes(self.matrix, points)
        off = _slopes(np.array(self._clicked), points) - here
        square = (off**2).sum(axis=(0, 2, 3)) * (self.error / _STEP) ** 2
        share: NDArray[np.float64] = np.sqrt(square / (here**2).sum(axis=(1, 2)) + self.relative**2)
        return share

    def residual_m(self) -> float:
        """How far the calibration points miss their places on average (RMS); 0 for four."""
        miss = self.to_floor(self._picture) - self._floor
        return float(np.sqrt((miss**2).sum(axis=1).mean()))

    @cached_property
    def _clicked(self) -> list[Points]:
        """The matrix, had each point been clicked a little beside, in x and in y."""
        matrices = []
        for number in range(len(self._picture)):
            for axis in range(2):
                clicked = self._picture.copy()
                clicked[number, axis] += _STEP
                matrices.append(_homography(clicked, self._floor))
        return matrices

    def _project(self, matrix: Points, points: Array) -> Points:
        found, depth = _apply(matrix, points)
        side = np.sign(depth) == self._front
        return np.where(side[:, None], found, np.nan)


def _whole(matrix: Points, points: Array) -> Points:
    """Homogeneous (..., P, 3) by matrices (..., 3, 3), each the same to the last bit however many
    others there are."""
    points, by = np.asarray(points, np.float64), matrix[..., None, :, :]
    whole: Points = points[:, :1] * by[..., 0] + points[:, 1:] * by[..., 1] + by[..., 2]
    return whole


def _slopes(matrix: Points, points: Array) -> NDArray[np.float64]:
    whole, by = _whole(matrix, points), matrix[..., None, :, :2]
    depth = whole[..., 2:, None]
    place = whole[..., :2, None] / depth
    found: NDArray[np.float64] = (by[..., :2, :] - place * by[..., 2:, :]) / depth
    return found


def _apply(matrix: Points, points: Array) -> tuple[Points, NDArray[np.float64]]:
    whole = _whole(matrix, points)
    depth = whole[:, 2]
    away = np.divide(1, depth, out=np.full_like(depth, np.nan), where=depth != 0)
    return whole[:, :2] * away[:, None], depth


def _homography(picture: Points, floor: Points) -> Points:
    from_picture, to_floor = _unit(picture), _unit(floor)
    a, _ = _apply(from_picture, picture)
    b, _ = _apply(to_floor, floor)
    ones, none = np.ones((len(a), 1)), np.zeros((len(a), 3))
    p = np.concatenate([a, ones], axis=1)
    rows = np.concatenate(
        [
            np.concatenate([p, none, -b[:, :1] * p], axis=1),
            np.concatenate([none, p, -b[:, 1:] * p], axis=1),
        ]
    )
    solution = np.linalg.svd(rows)[2][-1].reshape(3, 3)
    matrix: Points = np.linalg.inv(to_floor) @ solution @ from_picture
    # One sign for all calibrations, so that those of nearby points are near each other.
    side = np.sign(matrix[2, :2] @ picture.mean(axis=0) + matrix[2, 2])
    signed: Points = matrix / (np.linalg.norm(matrix) * side)
    return signed


def _unit(points: Points) -> Points:
    """The similarity that moves points to mean 0 and spread 1."""
    middle = points.mean(axis=0)
    scale = 1 / np.sqrt(((points - middle) ** 2).sum(axis=1).mean())
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])


def _check(picture: Points, floor: Points) -> None:
    if len(picture) != len(floor) or len(picture) < 4:
        raise ValueError(
            f"a floor needs 4 points or more, each on picture and floor; "
            f"there are {len(picture)} and {len(floor)}"
        )
    for what, points in (("picture", picture), ("floor", floor)):
        if not np.isfinite(points).all():
            raise ValueError(f"a point on the {what} is not finite")
        trio = _in_line(points)
        if trio is not None:
            first, second, third = (number + 1 for number in trio)
            raise ValueError(
                f"points {first}, {second} and {third} lie on one line on the {what}; "
                "of four points no three may"
            )


def _in_line(points: Points) -> tuple[int, int, int] | None:
    """Three of exactly four points on one line, or any three where all points are."""
    spread = np.ptp(points, axis=0).max()
    if len(points) > 4:
        flat = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
        return (0, 1, 2) if flat[1] <= _FLAT * flat[0] else None
    for i, j, k in ((0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3)):
        a, b = points[j] - points[i], points[k] - points[i]
        if abs(a[0] * b[1] - a[1] * b[0]) <= _FLAT * spread**2:
            return i, j, k
    return None
