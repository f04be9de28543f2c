"""How one view of a scene lies over another: a homography of fractions of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]  # (3, 3)

STILL: Matrix = np.eye(3)
CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
STILL.setflags(write=False)
CORNERS.setflags(write=False)


def shifted(dx: float, dy: float) -> Matrix:
    """Everything moved by so much of the picture."""
    return np.array([[1, 0, dx], [0, 1, dy], [0, 0, 1]], np.float64)


def inverse(matrix: Matrix) -> Matrix:
    """From where things are to where they were."""
    return np.linalg.inv(matrix).astype(np.float64)


def warped(matrix: Matrix, points: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Where points (P, 2) come to lie, (P, 2); infinitely far where there is no such place."""
    whole = points @ matrix[:, :2].T + matrix[:, 2]
    found: NDArray[np.float64] = np.full((len(points), 2), np.inf)
    np.divide(whole[:, :2], whole[:, 2:], out=found, where=whole[:, 2:] > 1e-9)
    return found


def warped_boxes(matrix: Matrix, boxes: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Boxes (N, 4) where they come to lie: upright, each side where its middle comes to lie."""
    x1, y1, x2, y2 = np.asarray(boxes, np.float64).T
    middle, centre = (x1 + x2) / 2, (y1 + y2) / 2
    sides = [(x1, centre), (middle, y1), (x2, centre), (middle, y2)]
    left, top, right, bottom = (warped(matrix, np.stack(side, axis=1)) for side in sides)
    return np.stack([left[:, 0], top[:, 1], right[:, 0], bottom[:, 1]], axis=1)


def furthest(matrix: Matrix) -> float:
    """By how much the corner of the picture that moves most does, in fractions of it."""
    return float(np.abs(warped(matrix, CORNERS) - CORNERS).max())


def numbers_of(matrix: Matrix) -> tuple[float, ...]:
    """The matrix as eight numbers, row by row, the last being 1."""
    return tuple((matrix / matrix[2, 2]).ravel()[:8].tolist())


def matrix_of(numbers: Sequence[float]) -> Matrix:
    """The matrix of eight numbers."""
    return np.array([*numbers[:8], 1.0], np.float64).reshape(3, 3)
