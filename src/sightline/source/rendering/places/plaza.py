"""A concourse with many people: streams that cross, and now and then a gathering."""

from __future__ import annotations

from math import atan2, cos, hypot, pi, sin
from typing import Any

import numpy as np

from sightline.source.rendering.areas import Patch, line_on, on_picture, on_show, rectangle, zone_on
from sightline.source.rendering.cast import Cast
from sightline.source.rendering.chronicle import Chronicle
from sightline.source.rendering.drawing import Drawing
from sightline.source.rendering.errands import Errand, Place, Stand, Walk
from sightline.source.rendering.fittings import plant
from sightline.source.rendering.hall import Hall
from sightline.source.rendering.motion import STEP_S, Wall
from sightline.source.rendering.projection import View
from sightline.source.rendering.scenery import Prop, Scene
from sightline.source.rendering.solids import block, prism

VIEW = View(position=(0.0, -6.5, 8.6), target=(0.0, 6.6, 0.2), fov=46)
HALL = Hall(-13.0, 13.0, 20.0, 9.0, floor=(196, 192, 186), tile=1.5, wall=(206, 204, 198),
            plinth=(120, 128, 138),
            marks=((rectangle(-13, 6.9, 13, 7.1), (168, 150, 120)),
                   (rectangle(-0.1, -4, 0.1, 20), (168, 150, 120))))  # fmt: skip
_SQUARE = rectangle(-5.0, 2.5, 5.0, 11.0)
_BENCHES: tuple[Place, ...] = ((-8.0, 12.0), (6.4, 12.0))
_WALLS = [Wall((x + 0.8, y + 0.25), (x + 0.8, y + 0.25), 0.9) for x, y in _BENCHES]
_GATES: tuple[Place, ...] = ((-12.5, 4.0), (-12.5, 9.5), (12.5, 3.4), (12.5, 9.0), (-4.0, 19.0),
                             (4.0, 19.0), (-2.5, -4.5), (3.0, -4.5))  # fmt: skip
_ARRIVALS = 1.1  # a second, when it is as busy as usual
_GATHER_EVERY_S, _GATHER_S, _GATHERED, _TOGETHER_M = 60.0, (22.0, 34.0), 8, 2.4


class Plaza:
    """People cross from gate to gate; sometimes a dozen of them meet in the middle."""

    def __init__(self, seed: int, busy: float) -> None:
        self._rng = np.random.default_rng([seed, 1])
        self.busy = busy
        self._cast = Cast(self._rng, _WALLS)
        self.crowd = self._cast.crowd
        self.chronicle = Chronicle()
        self._square = Patch(_SQUARE)
        self._gather_s = _GATHER_EVERY_S * float(self._rng.uniform(0.1, 0.3))
        self._meeting: Place | None = None
        self._members: set[int] = set()
        self._gathered = 0
        self._groups = 0

    @property
    def stock(self) -> None:
        """There is no shelf."""
        return None

    def step(self) -> None:
        """Somebody may come, or several who meet; everybody goes on."""
        self.chronicle.steps += 1
        if self._rng.random() < _ARRIVALS * self.busy * STEP_S:
            self._cross()
        self._gather_s -= STEP_S
        if self._gather_s < 0 and self.chronicle.now_s > 5:
            self._gather_s = _GATHER_EVERY_S * float(self._rng.uniform(0.8, 1.3))
            self._gather()
        self.crowd.step()
        self._watch()

    def props(self, share: float) -> list[Prop]:
        """Nothing moves but people."""
        return []

    def truth(self) -> dict[str, Any]:
        """How many stand in the square, how many the picture shows, how many have gathered."""
        shown = on_show(VIEW, self._cast.places())
        inside = self._square.holds(shown)
        return {"crowd": {"shown": len(shown), "square": len(inside), "gathered": self._gathered}}

    def _cross(self) -> None:
        start, end = self._rng.choice(len(_GATES), 2, replace=False).tolist()
        (x, y), aside = _GATES[start], self._rng.normal(0, 0.7, 2).tolist()
        (x2, y2), more = _GATES[end], self._rng.normal(0, 0.7, 2).tolist()
        middle: Place = (float(self._rng.uniform(-4, 4)), float(self._rng.uniform(3, 10)))
        self._cast.join((x + aside[0], y + aside[1]),
                        [Walk(middle, 1.5), Walk((x2 + more[0], y2 + more[1]))])  # fmt: skip

    def _gather(self) -> None:
        """A dozen come from all sides, stand around a place, and part again."""
        place: Place = (float(self._rng.uniform(-2.5, 2.5)), float(self._rng.uniform(5, 9)))
        self._meeting, self._members, self._groups = place, set(), self._groups + 1
        count, stay = int(self._rng.integers(11, 15)), float(self._rng.uniform(*_GATHER_S))
        for i in range(count):
            turn = 2 * pi * i / count
            out = 0.8 + 0.75 * (i % 2)
            spot: Place = (place[0] + out * cos(turn), place[1] + out * sin(turn))
            gate = _GATES[int(self._rng.integers(len(_GATES)))]
            facing = atan2(place[1] - spot[1], place[0] - spot[0])
            half: Place = ((gate[0] + place[0]) / 2, (gate[1] + place[1]) / 2)
            away = _GATES[int(self._rng.integers(len(_GATES)))]
            plan: list[Errand] = [Walk(half, 1.5), Walk(place, 3.5), Walk(spot, 0.3)]
            plan += [Stand(stay, facing), Walk(place, 4.5), Walk(half, 2.0), Walk(away)]
            actor = self._cast.join((gate[0], gate[1] + 0.3 * i), plan, group=self._groups)
            self._members.add(actor.number)

    def _watch(self) -> None:
        if self._meeting is None:
            return
        x, y = self._meeting
        near = sum(
            hypot(a - x, b - y) < _TOGETHER_M
            for number, (a, b) in self._cast.places().items()
            if number in self._members
        )
        if near >= _GATHERED > self._gathered:
            [foot] = on_picture(VIEW, [self._meeting])
            self.chronicle.tell("crowd.gathering", "square", place=list(foot))
        elif near < _GATHERED <= self._gathered:
            self.chronicle.tell("crowd.dispersed", "square")
            self._meeting = None
        self._gathered = near


def _furniture() -> tuple[tuple[list[Place], Drawing], ...]:
    things = []
    for x, y in _BENCHES:
        bench = Drawing()
        prism(bench, VIEW, block(x, y, 1.7, 0.5), 0.38, 0.46, (150, 108, 72))
        prism(bench, VIEW, block(x, y + 0.42, 1.7, 0.08), 0.46, 0.9, (150, 108, 72))
        for i in (0.1, 1.5):
            prism(bench, VIEW, block(x + i, y + 0.05, 0.1, 0.4), 0, 0.38, (70, 72, 78))
        things.append((block(x, y, 1.7, 0.5), bench))
    for x, y in ((-10.5, 15.0), (10.0, 15.0), (-9.6, 1.2), (9.4, 1.0)):
        things.append((block(x - 0.2, y - 0.2, 0.4, 0.4), plant(VIEW, x, y)))
    return tuple(things)


PLAZA = Scene(
    view=VIEW,
    room=HALL,
    shelf=None,
    furniture=_furniture(),
    world=Plaza,
    lines={"west": line_on(VIEW, (-6.5, 1.0), (-6.5, 12.0))},
    zones={"square": zone_on(VIEW, _SQUARE)},
    asked={
        "crowds": [
            {
                "name": "square",
                "polygon": zone_on(VIEW, _SQUARE),
                "classes": ["person"],
                "gathering": _GATHERED,
                "abnormal": None,
                "for_s": 2.0,
            }
        ]
    },
    tells=(
        "crowd.gathering",
        "crowd.dispersed",
    ),
)
