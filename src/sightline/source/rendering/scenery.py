"""What a scene is made of: one file of this folder describes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sightline.source.rendering.crowd import Crowd
from sightline.source.rendering.drawing import Drawing
from sightline.source.rendering.errands import Place
from sightline.source.rendering.projection import View
from sightline.source.rendering.room import Room
from sightline.source.rendering.shelf import Gondola, Stock

Line = tuple[float, float, float, float]
Zone = tuple[Place, ...]


class World(Protocol):
    """All that changes in a scene. `doors` is 0 shut to 1 wide open."""

    crowd: Crowd
    stock: Stock
    doors: float

    def step(self) -> None:
        """Go on by motion.STEP_S."""
        ...


@dataclass(frozen=True, eq=False)
class Scene:
    """A place, what stands in it, and what happens there.

    furniture  corners on the floor and look of each thing that hides what is behind it
    leaves     the sliding doors at an opening 0..1: where each is, and its look
    world      from a seed and how busy it is, 1 being usual
    lines      for counting, by name: x1, y1, x2, y2 in fractions of the picture
    zones      by name: corners in fractions of the picture
    """

    view: View
    room: Room
    shelf: Gondola
    furniture: tuple[tuple[list[Place], Drawing], ...]
    leaves: Callable[[float], list[tuple[Place, Drawing]]]
    world: Callable[[int, float], World]
    lines: dict[str, Line]
    zones: dict[str, Zone]

    @property
    def eye(self) -> Place:
        """Where the camera hangs, on the floor plan."""
        return float(self.view.position[0]), float(self.view.position[1])
