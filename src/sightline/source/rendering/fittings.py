"""Things that stand in any shop: plants, and the leaves of an automatic door."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.source.rendering.drawing import Drawing
from sightline.source.rendering.glass import GlassFront
from sightline.source.rendering.projection import View
from sightline.source.rendering.solids import Place, block, panel, prism

_POT, _ALUMINIUM, _PANE = (226, 220, 210), (108, 114, 122), (190, 205, 215)
_PANE_OPACITY = 0.16
_LEAVES = 15
_WAY = 0.94  # of its width that a door leaf slides


def plant(view: View, x: float, y: float) -> Drawing:
    """A plant in a pot, about a metre and a half high."""
    drawing = Drawing()
    prism(drawing, view, block(x - 0.19, y - 0.19, 0.38, 0.38), 0, 0.42, _POT)
    foot = np.array([x, y, 0.42])
    for i in range(_LEAVES):
        turn, high = i * 2.4, 0.55 + 0.5 * ((i * 7) % 11) / 10
        out = np.array([np.cos(turn), np.sin(turn), 0]) * (0.16 + 0.22 * ((i * 5) % 7) / 6)
        tip, side = foot + out + (0, 0, high), np.array([-np.sin(turn), np.cos(turn), 0]) * 0.07
        middle = foot + out * 0.55 + (0, 0, high * 0.62)
        leaf = np.stack([foot, middle + side, tip, middle - side])
        green = (48 + 7 * (i % 4), 84 + 9 * (i % 5), 54 + 5 * (i % 3))
        drawing.add(view.project(leaf)[0], green)
    return drawing


def door_leaves(view: View, front: GlassFront, share: float) -> list[tuple[Place, Drawing]]:
    """The two sliding leaves, `share` 0..1 of the way open: where they are, and their look."""
    low, high = front.door
    middle, half = (low + high) / 2, (high - low) / 2
    y, top = front.y - 0.06, front.top - 0.03
    leaves: list[tuple[Place, Drawing]] = []
    for sign in (-1, 1):
        inner = middle + sign * share * half * _WAY
        x1, x2 = sorted((inner, inner + sign * half))
        leaves.append((((x1 + x2) / 2, y), _leaf(view, x1, x2, y, top)))
    return leaves


def _leaf(view: View, x1: float, x2: float, y: float, top: float) -> Drawing:
    drawing = Drawing()
    panel(drawing, view, _upright(x1, x2, 0.02, top, y), _PANE, _PANE_OPACITY)
    for left, right, low, high in (
        (x1, x1 + 0.05, 0.02, top),
        (x2 - 0.05, x2, 0.02, top),
        (x1, x2, 0.02, 0.1),
        (x1, x2, top - 0.06, top),
    ):
        panel(drawing, view, _upright(left, right, low, high, y), _ALUMINIUM)
    return drawing


def _upright(x1: float, x2: float, low: float, high: float, y: float) -> NDArray[np.float64]:
    return np.array([(x1, y, low), (x2, y, low), (x2, y, high), (x1, y, high)])
