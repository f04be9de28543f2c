"""Boxes as rows x1, y1, x2, y2: area, overlap, conversion, and the point that stands for one."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Anchor = Literal["bottom", "center", "top", "left", "right"]

# Weights of x1, x2 and of y1, y2 that make the point.
_WEIGHTS: dict[Anchor, tuple[tuple[float, float], tuple[float, float]]] = {
    "bottom": ((0.5, 0.5), (0.0, 1.0)),
    "center": ((0.5, 0.5), (0.5, 0.5)),
    "top": ((0.5, 0.5), (1.0, 0.0)),
    "left": ((1.0, 0.0), (0.5, 0.5)),
    "right": ((0.0, 1.0), (0.5, 0.5)),
}


ANCHORS: tuple[Anchor, ...] = tuple(_WEIGHTS)


def anchor_matrix(anchor: Anchor) -> NDArray[np.float64]:
    """(4, 2): boxes (N, 4) times this are the points (N, 2) that stand for the objects."""
    (left, right), (top, bottom) = _WEIGHTS[anchor]
    return np.array([[left, 0], [0, top], [right, 0], [0, bottom]])


def anchors(boxes: Array, anchor: Anchor = "bottom") -> NDArray[np.float64]:
    """Points (N, 2) of boxes (N, 4): the middle of an edge, or the centre."""
    return boxes @ anchor_matrix(anchor)


def places(boxes: Array, anchor: Anchor, aspect: float) -> NDArray[np.float64]:
    """The points of `anchors` in units of the picture's height: x 0..aspect, y 0..1.

    Each row comes out the same to the last bit, however many others there are.
    """
    x1, y1, x2, y2 = boxes.T
    (left, right), (top, bottom) = _WEIGHTS[anchor]
    found = np.empty((len(boxes), 2))
    _weigh(x1, left, x2, right, found[:, 0])
    _weigh(y1, top, y2, bottom, found[:, 1])
    found[:, 0] *= aspect
    return found


def _weigh(one: Array, much: float, other: Array, more: float, out: NDArray[np.float64]) -> None:
    if much and more:
        np.add(one, other, out=out, dtype=np.float64)
        out *= 0.5
    else:
        out[:] = one if much else other


def area(boxes: Array) -> Array:
    """Areas (N,) of boxes (N, 4); a box turned inside out has none."""
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    product: Array = sides[:, 0] * sides[:, 1]
    return product


def iou(a: Array, b: Array) -> Array:
    """Intersection over union (N, M) of boxes (N, 4) and (M, 4); 0 where both are empty."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    sides = np.maximum(high - low, 0)
    inter = sides[..., 0] * sides[..., 1]
    union = area(a)[:, None] + area(b)[None, :] - inter
    overlap: Array = np.divide(inter, union, out=np.zeros_like(inter), where=union > 0)
    return overlap


def clip(boxes: Array, low: float = 0.0, high: float = 1.0) -> Array:
    """Boxes (N, 4) cut to low..high on both axes, by default to the picture."""
    return np.minimum(np.maximum(boxes, low), high)


def to_xywh(boxes: Array) -> Array:
    """x1, y1, x2, y2 to x1, y1, width, height."""
    return np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)


def from_xywh(boxes: Array) -> Array:
    """x1, y1, width, height to x1, y1, x2, y2."""
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)


def to_cxcywh(boxes: Array) -> Array:
    """x1, y1, x2, y2 to centre x, centre y, width, height."""
    return np.concatenate([(boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]], axis=1)


def from_cxcywh(boxes: Array) -> Array:
    """Centre x, centre y, width, height to x1, y1, x2, y2."""
    half = boxes[:, 2:] / 2
    return np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], axis=1)
