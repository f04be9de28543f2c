"""What a scene is made of: one file of this folder, or of `places`, describes one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sightline.geometry.boxes import Anchor
from sightline.source.rendering.chronicle import Chronicle
from sightline.source.rendering.crowd import Crowd
from sightline.source.rendering.drawing import Drawing
from sightline.source.rendering.errands import Place
from sightline.source.rendering.glass import GlassFront
from sightline.source.rendering.light import Light
from sightline.source.rendering.projection import View
from sightline.source.rendering.shelf import Gondola, Stock

Line = tuple[float, float, float, float]
Zone = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Prop:
    """Something besides people that moves: its place on the floor and its look.

    label   what it is called in the truth; "" for what belongs to the room, such as a door
    number  its identity
    radius  of its shadow at the floor in metres; 0 for none
    height  in metres
    """

    place: Place
    drawing: Drawing
    label: str = ""
    number: int = 0
    radius: float = 0.0
    height: float = 1.0


class World(Protocol):
    """All that changes in a scene.

    busy       how many people come, 1 is usual; 0: nobody any more
    stock      what stands in the scene's shelf, where it has one
    chronicle  what has happened, as events with exact times
    """

    busy: float
    crowd: Crowd
    chronicle: Chronicle

    @property
    def stock(self) -> Stock | None: ...

    def step(self) -> None:
        """Go on by motion.STEP_S."""
        ...

    def props(self, share: float) -> list[Prop]:
        """What moves besides people, at `share` 0..1 of the way through the last step."""
        ...

    def truth(self) -> dict[str, Any]:
        """What is true of this moment besides the objects, as plain JSON values."""
        ...


class Surroundings(Protocol):
    """The room, the hall or the square in which it all happens."""

    @property
    def front(self) -> GlassFront | None: ...

    def shades(
        self, places: Sequence[Sequence[float]] | NDArray[np.float64], light: Light
    ) -> NDArray[np.float64]:
        """How bright it is a metre above places (N, 2) in some light, (N, 3)."""
        ...

    def sunlit(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """The share (N,) of direct sun on the floor at places (N, 2)."""
        ...

    def shadow_of(self, height: float) -> tuple[float, float]:
        """Where the head's shadow falls on the floor, from the feet: x, y in metres."""
        ...

    def paint(self, view: View, width: int, height: int, key: int) -> NDArray[np.uint8]:
        """The empty room in one of the key lights."""
        ...

    def opacity(self, view: View, width: int, height: int) -> NDArray[np.float32]:
        """How much 0..1 of what is outside each pixel of a glass front hides."""
        ...


@dataclass(frozen=True, eq=False)
class Scene:
    """A place, what stands in it, and what happens there.

    furniture  corners on the floor and look of each thing that hides what is behind it
    world      from a seed and how busy it is, 1 being usual
    lines      for counting, by name: x1, y1, x2, y2 in fractions of the picture
    zones      by name: corners in fractions of the picture
    asked      further questions that fit it, as keys of a camera's configuration
    anchor     the point of a box that stands for an object: "center" for a camera overhead
    tells      kinds of events that its truth knows of
    """

    view: View
    room: Surroundings
    shelf: Gondola | None
    furniture: tuple[tuple[list[Place], Drawing], ...]
    world: Callable[[int, float], World]
    lines: dict[str, Line]
    zones: dict[str, Zone]
    asked: dict[str, Any]
    tells: tuple[str, ...] = ()
    anchor: Anchor = "bottom"

    @property
    def eye(self) -> Place:
        """Where the camera hangs, on the floor plan."""
        return float(self.view.position[0]), float(self.view.position[1])
