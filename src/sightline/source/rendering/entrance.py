"""The entrance of a shop: people come and go, some take from the shelf, staff fill it again."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi
from typing import Any

import numpy as np

from sightline.source.rendering.chronicle import Chronicle
from sightline.source.rendering.crowd import Crowd
from sightline.source.rendering.drawing import Drawing
from sightline.source.rendering.errands import Actor, Errand, Place, Stand, Walk
from sightline.source.rendering.fittings import door_leaves, plant
from sightline.source.rendering.glass import GlassFront
from sightline.source.rendering.motion import STEP_S, Wall
from sightline.source.rendering.projection import View
from sightline.source.rendering.room import Room
from sightline.source.rendering.scenery import Prop, Scene
from sightline.source.rendering.shelf import Gondola, Stock
from sightline.source.rendering.solids import block, prism
from sightline.source.rendering.wardrobe import Look, dress_up, in_uniform

VIEW = View(position=(1.9, -0.6, 3.1), target=(-0.6, 6.0, 0.75), fov=52)
FRONT = GlassFront(y=9.0, door=(-1.6, 1.4), top=2.5, pane=1.5, sign="SIGHTLINE MARKET")
ROOM = Room(-6.2, 4.8, 3.5, FRONT, ((-3.6, 2.5), (0, 2.5), (-3.6, 6.2), (0.0, 6.2), (3.2, 6.2)))
SHELF = Gondola(start=(-3.7, 3.3), end=(-2.9, 6.5), depth=0.5, height=1.62)
ROWS, COLUMNS, ROOM_IN_CELL = 4, 6, 4

PILLAR = block(2.15, 6.2, 0.42, 0.42)
COUNTER = block(2.75, 3.6, 0.75, 1.9)
STAND = block(-0.25, 3.9, 0.8, 0.6)
PLANTS: tuple[Place, ...] = ((-2.35, 8.45), (2.15, 8.45))

_ZONE_OUT_M = (-0.3, 1.4)  # a stretched arm moves the middle of a box towards the shelf

WALLS = [
    Wall(SHELF.point(0.0, -0.25), SHELF.point(1.0, -0.25), 0.27),
    Wall((2.36, 6.41), (2.36, 6.41), 0.33),
    Wall((3.1, 3.9), (3.1, 5.2), 0.4),
    Wall((0.15, 4.2), (0.15, 4.2), 0.45),
    Wall(PLANTS[0], PLANTS[0], 0.3),
    Wall(PLANTS[1], PLANTS[1], 0.3),
    Wall((-6.2, 9.0), (FRONT.door[0], 9.0), 0.05),
    Wall((FRONT.door[1], 9.0), (4.8, 9.0), 0.05),
]

_ARRIVALS = {"in": 0.15, "out": 0.13, "past": 0.06}  # a second, when it is as busy as usual
_REFILL_BELOW = 0.6
_SPOTS = (0.12, 0.31, 0.5, 0.69, 0.88)
_DEEPER: tuple[tuple[Place, ...], ...] = (
    ((0.95, 2.2), (1.15, -0.6)),
    ((-1.9, 2.6), (-1.2, -0.8)),
    ((1.6, 5.3), (5.6, 5.6)),
    ((-4.3, 7.2), (-5.0, 4.4), (-5.0, 0.2)),
)
_DEEPER_SHARE = (0.36, 0.28, 0.2, 0.16)


class Entrance:
    """The world behind the picture. `step` takes it on by STEP_S; a number seeds all of it."""

    def __init__(self, seed: int, busy: float) -> None:
        self._rng = np.random.default_rng([seed, 1])
        self.busy = busy
        self._stock = Stock(ROWS, COLUMNS, ROOM_IN_CELL, np.random.default_rng([seed, 2]))
        self.crowd = Crowd(WALLS, self._acted, self._freed)
        self.chronicle = Chronicle()
        self.doors = 0.0  # 0 shut, 1 wide open
        self._free = set(range(len(_SPOTS)))
        self._number = 0
        self._groups = 0
        self._staff_s = 4.0

    def step(self) -> None:
        """Somebody may arrive; everybody goes on; the doors follow."""
        self.chronicle.steps += 1
        for way, rate in _ARRIVALS.items():
            if self._rng.random() < rate * self.busy * STEP_S:
                self._arrive(way)
        self._staff_s -= STEP_S
        if self._staff_s < 0 and self._stock.fill < _REFILL_BELOW:
            self._call_staff()
        self.crowd.step()
        near = any(abs(y - FRONT.y) < 1.7 and abs(x) < 1.9 for x, y in self.crowd.places())
        self.doors = float(np.clip(self.doors + (STEP_S if near else -STEP_S) / 0.7, 0, 1))

    @property
    def stock(self) -> Stock:
        """What stands in the shelf."""
        return self._stock

    def props(self, share: float) -> list[Prop]:
        """The two leaves of the door."""
        return [Prop(place, leaf) for place, leaf in door_leaves(VIEW, FRONT, self.doors)]

    def truth(self) -> dict[str, Any]:
        """How full the shelf is."""
        return {"shelf": self._stock.truth()}

    def _arrive(self, way: str) -> None:
        rng = self._rng
        companions = int(rng.choice(3, p=(0.74, 0.2, 0.06))) if way != "past" else 0
        group = -1
        if companions:
            self._groups += 1
            group = self._groups
        pace = float(np.clip(rng.normal(1.2, 0.16), 0.8, 1.6))
        route = {"in": self._route_in, "out": self._route_out, "past": self._route_past}[way]()
        start, plan = route
        for i in range(companions + 1):
            child = i > 0 and rng.random() < 0.4
            aside = 0.62 * i * (-1 if i == 2 else 1)
            moved = [_beside(errand, aside) for errand in plan] if i else plan
            look = dress_up(rng, child=child)
            trolley = i == 0 and way != "past" and rng.random() < 0.3
            place = (start[0] + aside * 0.4, start[1] + 0.5 * aside)
            self._join(look, place, pace, moved, trolley=trolley, group=group)

    def _join(self, look: Look, place: Place, pace: float, plan: list[Errand], *,
              trolley: bool = False, group: int = -1) -> None:  # fmt: skip
        self._number += 1 + trolley
        first = next(errand for errand in plan if isinstance(errand, Walk))
        heading = float(np.arctan2(first.place[1] - place[1], first.place[0] - place[0]))
        actor = Actor(
            number=self._number,
            look=look,
            pace=pace,
            plan=plan,
            trolley=self._number - 1 if trolley else None,
            group=group,
            goods=int(self._rng.integers(0, 5)) if trolley else 0,
        )
        self.crowd.add(actor, place, heading)

    def _route_in(self) -> tuple[Place, list[Errand]]:
        side = 1 if self._rng.random() < 0.5 else -1
        start = (side * 7.4, float(self._rng.uniform(10.2, 11.2)))
        lane = float(self._rng.uniform(-1.0, -0.05))
        plan: list[Errand] = [Walk((lane + side * 0.5, 10.1)), *_through(lane, (9.0, 6.7))]
        if self._rng.random() < 0.6:
            plan += self._visit_shelf()
        if self._rng.random() < 0.22:
            return start, plan + self._leave()
        return start, plan + [Walk(place) for place in self._deeper()]

    def _route_out(self) -> tuple[Place, list[Errand]]:
        path = self._deeper()[::-1]
        plan: list[Errand] = [Walk(place) for place in path[1:]]
        if self._rng.random() < 0.4:
            plan += self._visit_shelf()
        return path[0], plan + self._leave()

    def _route_past(self) -> tuple[Place, list[Errand]]:
        side = 1 if self._rng.random() < 0.5 else -1
        far = float(self._rng.uniform(10.6, 11.8))
        return (side * 7.8, far), [Walk((-side * 7.8, far))]

    def _leave(self) -> list[Errand]:
        lane = float(self._rng.uniform(0.1, 0.95))
        side = 1 if self._rng.random() < 0.5 else -1
        street = (side * 7.6, float(self._rng.uniform(10.2, 11.2)))
        return [*_through(lane, (6.7, 9.0)), Walk((lane + side * 0.4, 10.1)), Walk(street)]

    def _deeper(self) -> list[Place]:
        way = _DEEPER[int(self._rng.choice(len(_DEEPER), p=_DEEPER_SHARE))]
        return [(x + float(self._rng.normal(0, 0.12)), y) for x, y in way]

    def _visit_shelf(self) -> list[Errand]:
        if not self._free:
            return []
        spot = int(self._rng.choice(sorted(self._free)))
        self._free.discard(spot)
        seconds = float(self._rng.uniform(3.0, 8.0))
        stand = Stand(seconds, SHELF.facing(), "take", spot)
        before = SHELF.point(_SPOTS[spot], 0.62)
        return [Walk(SHELF.point(_SPOTS[spot], 1.3), 0.6), Walk(before, 0.16), stand,
                Walk(SHELF.point(_SPOTS[spot], 1.4))]  # fmt: skip

    def _call_staff(self) -> None:
        self._staff_s = 20.0
        visits: list[Errand] = []
        for spot in sorted(self._free, reverse=True)[:3]:
            self._free.discard(spot)
            visits += [Walk(SHELF.point(_SPOTS[spot], 0.62), 0.16),
                       Stand(7.6, SHELF.facing(), "refill", spot)]  # fmt: skip
        if visits:
            path = list(_DEEPER[3])
            plan = [*(Walk(place) for place in path[-2::-1]), Walk((-2.4, 7.0)), *visits,
                    Walk((-2.4, 7.0)), *(Walk(place) for place in path)]  # fmt: skip
            self._join(in_uniform(self._rng), path[-1], 1.25, plan)

    def _acted(self, actor: Actor, errand: Stand) -> bool:
        column = round(_SPOTS[errand.spot or 0] * (COLUMNS - 1))
        if errand.action == "refill":
            return self._stock.refill(column)
        actor.goods += 1
        return self._stock.take(column)

    def _freed(self, errand: Stand) -> None:
        if errand.spot is not None:
            self._free.add(errand.spot)


def _through(lane: float, ends: tuple[float, float]) -> list[Errand]:
    return [Walk((lane, y)) for y in ends]


def _beside(errand: Errand, aside: float) -> Errand:
    if isinstance(errand, Walk):
        return Walk((errand.place[0] + aside, errand.place[1]), errand.near + 0.2)
    return Stand(errand.seconds, errand.facing + 0.5 * pi * np.sign(aside) * 0.6)


def _furniture() -> tuple[tuple[list[Place], Drawing], ...]:
    counter, pillar, stand = Drawing(), Drawing(), Drawing()
    prism(counter, VIEW, COUNTER, 0, 0.9, (126, 96, 72))
    prism(counter, VIEW, block(2.7, 3.55, 0.85, 2.0), 0.9, 0.96, (210, 206, 198))
    prism(counter, VIEW, block(2.95, 4.1, 0.34, 0.3), 0.96, 1.3, (52, 56, 64))
    prism(pillar, VIEW, PILLAR, 0, ROOM.ceiling, (212, 204, 190))
    prism(stand, VIEW, STAND, 0, 0.72, (206, 92, 62))
    prism(stand, VIEW, block(-0.2, 3.95, 0.7, 0.5), 0.72, 0.86, (238, 226, 200))
    for i, colour in enumerate(((232, 176, 62), (104, 158, 84), (202, 66, 60), (232, 140, 70))):
        prism(stand, VIEW, block(-0.16 + 0.17 * i, 4.0, 0.13, 0.36), 0.86, 0.98, colour)
    plants = ((block(x - 0.2, y - 0.2, 0.4, 0.4), plant(VIEW, x, y)) for x, y in PLANTS)
    return (COUNTER, counter), (PILLAR, pillar), (STAND, stand), *plants


def _on_picture(places: Sequence[Place]) -> tuple[Place, ...]:
    corners = VIEW.fractions(np.array([(x, y, 0.0) for x, y in places])).round(4).tolist()
    return tuple((x, y) for x, y in corners)


def _before_the_shelf() -> list[Place]:
    near, far = _ZONE_OUT_M
    return [SHELF.point(along, out) for along, out in ((0, near), (0, far), (1, far), (1, near))]


_START, _END = _on_picture(((-2.5, 7.45), (2.2, 7.45)))

ENTRANCE = Scene(
    view=VIEW,
    room=ROOM,
    shelf=SHELF,
    furniture=_furniture(),
    world=Entrance,
    lines={"entrance": (*_START, *_END)},  # who walks in crosses from left to right
    zones={"shelf-front": _on_picture(_before_the_shelf())},
    asked={},
)
