"""A waiting hall: somebody leaves a suitcase behind, somebody takes a thing that stood there."""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np

from sightline.source.rendering.areas import rectangle, zone_on
from sightline.source.rendering.cast import Cast
from sightline.source.rendering.chronicle import Chronicle
from sightline.source.rendering.drawing import Drawing
from sightline.source.rendering.errands import Actor, Errand, Place, Stand, Walk
from sightline.source.rendering.hall import Hall
from sightline.source.rendering.motion import STEP_S, Wall
from sightline.source.rendering.projection import View
from sightline.source.rendering.scenery import Prop, Scene
from sightline.source.rendering.solids import block, prism

VIEW = View(position=(-0.5, -2.2, 3.7), target=(0.0, 4.8, 0.5), fov=46)
_FLOOR = rectangle(-3.4, 2.0, 3.4, 7.4)
_EDGE = rectangle(-7, 8.4, 7, 8.6)
HALL = Hall(-7.5, 7.5, 11.0, 4.4, floor=(182, 186, 190), tile=1.0, wall=(216, 220, 222),
            plinth=(70, 96, 128), marks=((_EDGE, (232, 204, 60)),))  # fmt: skip
_SEATS: tuple[Place, ...] = ((-3.4, 9.2), (-0.9, 9.2), (1.6, 9.2))
_WALLS = [Wall((-3.0, 9.6), (3.2, 9.6), 0.5)]
_COLOURS = ((170, 52, 56), (40, 62, 110), (60, 66, 74), (52, 118, 92), (190, 150, 60))
_EVERY_S = {"pass": 5.0, "wait": 21.0, "leave": 34.0, "take": 52.0}
_MOST = 4

KINDS = {"suitcase": (0.36, 0.24, 0.62), "box": (0.5, 0.42, 0.4)}  # width, depth, height


class _Object:
    def __init__(self, number: int, kind: str, place: Place, colour: tuple[int, int, int]) -> None:
        self.number, self.kind, self.place, self.colour = number, kind, place, colour
        self.since_s = 0.0


class Station:
    """People pass and wait; what they put down and pick up is written down."""

    def __init__(self, seed: int, busy: float) -> None:
        self._rng = np.random.default_rng([seed, 1])
        self.busy = busy
        self._cast = Cast(self._rng, _WALLS, self._acted)
        self.crowd = self._cast.crowd
        self.chronicle = Chronicle()
        self._due = {what: every * float(self._rng.uniform(0.3, 1))
                     for what, every in _EVERY_S.items()}  # fmt: skip
        self._errands: dict[int, int] = {}  # who comes to take which
        self._things: list[_Object] = []
        for x, y in ((-2.6, 5.6), (2.5, 6.4)):
            self._put("box", (x, y), (166, 128, 84))

    @property
    def stock(self) -> None:
        """There is no shelf."""
        return None

    def step(self) -> None:
        """Somebody may come; everybody goes on."""
        self.chronicle.steps += 1
        for what in self._due:
            self._due[what] -= STEP_S * self.busy
            quiet = self.chronicle.now_s < 12 and what in ("leave", "take")
            if self._due[what] < 0 and not quiet:
                self._due[what] = _EVERY_S[what] * float(self._rng.uniform(0.6, 1.4))
                getattr(self, f"_{what}_comes")()
        self.crowd.step()

    def props(self, share: float) -> list[Prop]:
        """What stands on the floor."""
        return [Prop(one.place, _draw(one), one.kind, one.number, 0.2, 0.5) for one in self._things]

    def truth(self) -> dict[str, Any]:
        """What stands on the floor since when, in seconds of the recording."""
        return {"standing": [[one.number, one.kind, round(one.since_s, 2)] for one in self._things]}

    def _put(self, kind: str, place: Place, colour: tuple[int, int, int]) -> _Object:
        thing = _Object(self._cast.number(), kind, place, colour)
        thing.since_s = max(0.0, self.chronicle.now_s)
        self._things.append(thing)
        return thing

    def _spot(self) -> Place | None:
        """Somewhere on the floor away from what stands there."""
        for _ in range(20):
            x, y = float(self._rng.uniform(-3.0, 3.0)), float(self._rng.uniform(2.2, 6.8))
            if all(abs(x - one.place[0]) + abs(y - one.place[1]) > 1.6 for one in self._things):
                return x, y
        return None

    def _pass_comes(self) -> None:
        side = 1 if self._rng.random() < 0.5 else -1
        y = float(self._rng.uniform(2.8, 6.6))
        self._cast.join((-8.0 * side, y), [Walk((8.0 * side, y + float(self._rng.normal(0, 0.5))))])

    def _wait_comes(self) -> None:
        """Somebody stands still for long, which is no object."""
        spot = self._spot()
        if spot:
            stay = Stand(float(self._rng.uniform(15, 30)), float(self._rng.uniform(-pi, pi)))
            self._come(spot, stay)

    def _leave_comes(self) -> None:
        spot = self._spot() if len(self._things) < _MOST else None
        if spot:
            self._come(spot, Stand(3.0, pi / 2, "refill")).goods = 1

    def _take_comes(self) -> None:
        old = [one for one in self._things if self.chronicle.now_s - one.since_s > 30
               and one.number not in self._errands.values()]  # fmt: skip
        if old:
            one = old[int(self._rng.integers(len(old)))]
            actor = self._come(
                (one.place[0] - 0.1, one.place[1] - 0.35), Stand(2.0, pi / 2, "take")
            )
            self._errands[actor.number] = one.number

    def _come(self, spot: Place, stand: Stand) -> Actor:
        side, other = (1, -1) if self._rng.random() < 0.5 else (-1, 1)
        plan: list[Errand] = [Walk(spot, 0.25), stand, Walk((8.0 * other, 3.0))]
        return self._cast.join((8.0 * side, float(self._rng.uniform(2, 7))), plan)

    def _acted(self, actor: Actor, stand: Stand) -> bool:
        x, y = self._cast.places()[actor.number]
        if stand.action == "refill":
            if not actor.goods:
                return False
            actor.goods = 0
            colour = _COLOURS[int(self._rng.integers(len(_COLOURS)))]
            thing = self._put("suitcase", (x + 0.15, y + 0.5), colour)
            self.chronicle.tell("object.left", "floor", thing.number, by=actor.number)
            return False
        wanted = self._errands.pop(actor.number, None)
        for thing in self._things:
            if thing.number == wanted:
                self._things.remove(thing)
                self.chronicle.tell("object.removed", "floor", thing.number, by=actor.number)
        return False


def _draw(thing: _Object) -> Drawing:
    drawing = Drawing()
    width, depth, height = KINDS[thing.kind]
    x, y = thing.place
    prism(drawing, VIEW, block(x - width / 2, y - depth / 2, width, depth), 0.03, height,
          thing.colour)  # fmt: skip
    if thing.kind == "suitcase":
        prism(drawing, VIEW, block(x - 0.09, y - 0.02, 0.18, 0.04), height, height + 0.05,
              (40, 42, 46))  # fmt: skip
        prism(drawing, VIEW, block(x - width / 2, y - depth / 2 - 0.01, width, 0.01), height * 0.45,
              height * 0.55, (214, 214, 208))  # fmt: skip
    else:
        prism(drawing, VIEW, block(x - 0.05, y - depth / 2 - 0.005, 0.1, depth + 0.01), 0.03,
              height + 0.005, (208, 190, 140))  # fmt: skip
    return drawing


def _furniture() -> tuple[tuple[list[Place], Drawing], ...]:
    seats = []
    for x, y in _SEATS:
        seat = Drawing()
        prism(seat, VIEW, block(x, y + 0.5, 2.1, 0.1), 0.44, 0.95, (44, 92, 150))
        prism(seat, VIEW, block(x, y, 2.1, 0.55), 0.36, 0.46, (52, 104, 166))
        prism(seat, VIEW, block(x + 0.3, y + 0.2, 1.5, 0.1), 0, 0.36, (120, 124, 130))
        seats.append((block(x, y, 2.1, 0.6), seat))
    return tuple(seats)


STATION = Scene(
    view=VIEW,
    room=HALL,
    shelf=None,
    furniture=_furniture(),
    world=Station,
    lines={},
    zones={"floor": zone_on(VIEW, _FLOOR)},
    asked={"left": [{"name": "floor", "polygon": zone_on(VIEW, _FLOOR), "left_s": 10.0}]},
    tells=(
        "object.left",
        "object.removed",
    ),
)
