"""A camera at the ceiling that looks straight down: people walk between four doors."""

from __future__ import annotations

from typing import Any

import numpy as np

from sightline.source.rendering.areas import Patch, line_on, on_show, rectangle, zone_on
from sightline.source.rendering.cast import Cast
from sightline.source.rendering.chronicle import Chronicle
from sightline.source.rendering.drawing import Drawing
from sightline.source.rendering.errands import Errand, Place, Stand, Walk
from sightline.source.rendering.hall import Hall
from sightline.source.rendering.motion import STEP_S, Wall
from sightline.source.rendering.projection import View
from sightline.source.rendering.scenery import Prop, Scene
from sightline.source.rendering.solids import block, prism

VIEW = View(position=(0.0, 4.0, 5.4), target=(0.0, 4.22, 0.0), fov=66)
DOORS: dict[str, tuple[Place, tuple[Place, ...]]] = {  # where people come from, and its zone
    "west": ((-7.4, 4.2), rectangle(-5.4, 2.9, -3.9, 5.5)),
    "east": ((7.4, 4.2), rectangle(3.9, 2.9, 5.4, 5.5)),
    "north": ((-0.4, 9.4), rectangle(-1.9, 6.1, 1.1, 7.3)),
    "south": ((0.4, -1.4), rectangle(-1.1, 1.15, 1.9, 2.3)),
}
_DARK = (104, 112, 124)
HALL = Hall(-12.0, 12.0, 14.0, 6.5, floor=(190, 184, 172), tile=0.9,
            marks=tuple((corners, _DARK) for _, corners in DOORS.values()))  # fmt: skip
_TABLES = (block(-3.6, 6.0, 1.0, 0.7), block(2.6, 6.0, 1.0, 0.7), block(-3.6, 1.5, 1.0, 0.7),
           block(2.6, 1.5, 1.0, 0.7))  # fmt: skip
_WALLS = [Wall((x + 0.3, y + 0.35), (x + 0.7, y + 0.35), 0.45) for (x, y), *_ in _TABLES]
_ARRIVALS = 0.4  # a second, when it is as busy as usual
_ROOM = rectangle(-3.8, 2.4, 3.8, 6.0)


class Overhead:
    """Who comes in by one door leaves by another; some stop for a while on the way."""

    def __init__(self, seed: int, busy: float) -> None:
        self._rng = np.random.default_rng([seed, 1])
        self.busy = busy
        self._cast = Cast(self._rng, _WALLS)
        self.crowd = self._cast.crowd
        self.chronicle = Chronicle()
        self._room = Patch(_ROOM)
        self._doors = {name: Patch(corners) for name, (_, corners) in DOORS.items()}
        self._routes: dict[int, list[str]] = {}

    @property
    def stock(self) -> None:
        """There is no shelf."""
        return None

    def step(self) -> None:
        """Somebody may come; everybody goes on; who has come through is written down."""
        self.chronicle.steps += 1
        if self._rng.random() < _ARRIVALS * self.busy * STEP_S:
            self._arrive()
        self.crowd.step()
        self._follow(on_show(VIEW, self._cast.places()))

    def props(self, share: float) -> list[Prop]:
        """Nothing moves but people."""
        return []

    def truth(self) -> dict[str, Any]:
        """How many are in the room, and how many the picture shows."""
        shown = on_show(VIEW, self._cast.places())
        return {"occupancy": {"shown": len(shown), "room": len(self._room.holds(shown))}}

    def _follow(self, places: dict[int, Place]) -> None:
        """By which doors everybody came since the first picture; told once they are out of it."""
        if self.chronicle.now_s <= 0:
            self._routes.clear()
        for name, patch in self._doors.items():
            for number in patch.holds(places):
                route = self._routes.setdefault(number, [])
                if route[-1:] != [name]:
                    route.append(name)
        for number in sorted(self._routes.keys() - places.keys()):
            route = self._routes.pop(number)
            if len(route) > 1:
                self.chronicle.tell("paths.trip", "doors", number, route=route)

    def _arrive(self) -> None:
        names = list(DOORS)
        start, end = (names[i] for i in self._rng.choice(4, 2, replace=False).tolist())
        aside = self._rng.uniform(-0.5, 0.5, 4).tolist()
        (x, y), (x2, y2) = DOORS[start][0], DOORS[end][0]
        plan: list[Errand] = [self._through(start), self._through(end), Walk((x2 + aside[2], y2))]
        if self._rng.random() < 0.35:
            stop: Place = (float(self._rng.uniform(-2, 2)), float(self._rng.uniform(3.4, 5.0)))
            stay = Stand(float(self._rng.uniform(3, 12)), float(self._rng.uniform(-3, 3)))
            plan[1:1] = [Walk(stop, 0.3), stay]
        self._cast.join((x + aside[0], y + aside[1]), plan)

    def _through(self, door: str) -> Walk:
        corners = np.array(DOORS[door][1])
        x, y = corners.mean(axis=0) + self._rng.uniform(-0.4, 0.4, 2)
        return Walk((float(x), float(y)))


def _furniture() -> tuple[tuple[list[Place], Drawing], ...]:
    things = []
    for base in _TABLES:
        table = Drawing()
        prism(table, VIEW, base, 0, 0.72, (128, 92, 64))
        prism(table, VIEW, block(base[0][0] - 0.05, base[0][1] - 0.05, 1.1, 0.8), 0.72, 0.78,
              (196, 158, 112))  # fmt: skip
        things.append((base, table))
    return tuple(things)


OVERHEAD = Scene(
    view=VIEW,
    room=HALL,
    shelf=None,
    furniture=_furniture(),
    world=Overhead,
    lines={"east-side": line_on(VIEW, (2.9, 1.2), (2.9, 7.2))},
    zones={
        "room": zone_on(VIEW, _ROOM),
        **{name: zone_on(VIEW, corners) for name, (_, corners) in DOORS.items()},
    },
    asked={
        "paths": [
            {
                "name": "doors",
                "places": [
                    {"name": name, "polygon": zone_on(VIEW, corners), "anchor": "center"}
                    for name, (_, corners) in DOORS.items()
                ],
            }
        ]
    },
    tells=("paths.trip",),
    anchor="center",
)
