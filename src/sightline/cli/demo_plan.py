"""The floor plan of the demonstration: where the worlds of its scenes lie in one shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.source.rendering.scenery import Scene

Array = NDArray[np.float64]
Line = list[tuple[float, float]]

NAME = "Demo shop"
_SIZE = (36.5, 18.2)
_ROWS = (3.0, 7.0)  # metres from a scene's origin: where its floor is marked
_SIDE = np.arange(-8.0, 8.1, 0.25)
_WALLS: tuple[Line, ...] = (
    [(11.6, 16), (0.3, 16), (0.3, 0.6), (19.4, 0.6), (19.4, 2.6)],
    [(19.4, 4.4), (19.4, 16), (14.6, 16)],
    [(19.4, 0.6), (36.2, 0.6), (36.2, 6.5)],
    [(36.2, 12.5), (36.2, 16), (19.4, 16)],
)
# What stands there, in the metres of each scene: left, near, right, far.
_FURNITURE: Mapping[str, tuple[tuple[float, float, float, float], ...]] = {
    "shop-entrance": ((2.75, 3.6, 3.5, 5.5), (-0.25, 3.9, 0.55, 4.5), (-4.0, 3.3, -3.3, 6.5)),
    "checkout": ((1.4, 6.55, 4.8, 7.3),),
    "loading-bay": (
        (-7.6, 4.0, -5.9, 6.2), (-7.6, 10.6, -4.9, 11.6), (-4.4, 10.6, -1.7, 11.6),
        (-1.2, 10.6, 1.5, 11.6),
    ),
    "aisle": ((-2.3, 4.0, 2.3, 4.5),),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a scene's origin is on the plan, in metres, and to where its camera looks there:
    degrees from the top, clockwise."""

    x: float
    y: float
    turn: int

    def on_plan(self, places: Array) -> Array:
        """Metres (P, 2) of the plan, from those of the scene: to the right, and away."""
        across, along = np.asarray(places, np.float64).T
        turned_sin, turned_cos = sin(radians(self.turn)), cos(radians(self.turn))
        x = self.x + across * turned_cos + along * turned_sin
        y = self.y + across * turned_sin - along * turned_cos
        return np.stack([x, y], axis=1).round(3)


def ground(scene: Scene, stand: Stand) -> dict[str, Any]:
    """What a camera of the scene is told of its floor, in metres of the plan."""
    marked = np.array([place for row in _ROWS for place in _ends(scene, row)])
    seen = scene.view.fractions(np.column_stack([marked, np.zeros(len(marked))]))
    return {"picture": seen.round(4).tolist(), "floor": stand.on_plan(marked).tolist()}


def _ends(scene: Scene, along: float) -> list[tuple[float, float]]:
    """The outermost places of a row that are on the picture."""
    row = np.column_stack([_SIDE, np.full(len(_SIDE), along), np.zeros(len(_SIDE))])
    inside = row[(np.abs(scene.view.fractions(row) - 0.5) < 0.48).all(axis=1)]
    return [(float(x), float(y)) for x, y, _ in (inside[0], inside[-1])]


def layout(scenes: Mapping[str, Scene], stands: Mapping[str, Stand], site: str) -> dict[str, Any]:
    """The plan as it is put: its walls, what stands there, and the cameras where they hang."""
    cameras = []
    for name, scene in scenes.items():
        stand = stands[name]
        ((x, y),) = stand.on_plan(scene.view.position[None, :2])
        cameras.append({"camera": name, "x": float(x), "y": float(y), "turn": stand.turn})
    furniture = [_outline(stands[name], one) for name in scenes for one in _FURNITURE[name]]
    walls: Sequence[Line] = [*_WALLS, *furniture]
    return {"site": site, "size": _SIZE, "walls": walls, "cameras": cameras}


def _outline(stand: Stand, box: tuple[float, float, float, float]) -> Line:
    left, near, right, far = box
    corners = [(left, near), (right, near), (right, far), (left, far), (left, near)]
    return [(float(x), float(y)) for x, y in stand.on_plan(np.array(corners))]
