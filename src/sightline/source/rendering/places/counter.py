"""People queue at a counter: they join at the end, move up, are served, and go."""

from __future__ import annotations

from math import hypot, pi
from typing import Any

import numpy as np

from sightline.source.rendering.areas import Patch, on_picture, on_show, rectangle, zone_on
from sightline.source.rendering.cast import Cast
from sightline.source.rendering.chronicle import Chronicle
from sightline.source.rendering.drawing import Drawing
from sightline.source.rendering.errands import Actor, Errand, Place, Stand, Walk
from sightline.source.rendering.fittings import plant
from sightline.source.rendering.hall import Hall
from sightline.source.rendering.motion import STEP_S, Wall
from sightline.source.rendering.projection import View
from sightline.source.rendering.scenery import Prop, Scene
from sightline.source.rendering.solids import block, prism
from sightline.source.rendering.wardrobe import in_uniform

VIEW = View(position=(0.4, -2.4, 4.6), target=(-0.2, 4.4, 0.5), fov=48)
HALL = Hall(-7.0, 6.0, 9.6, 3.6, floor=(206, 198, 184), tile=0.8, wall=(226, 216, 200),
            plinth=(150, 112, 82),
            marks=((rectangle(2.55, 5.15, 3.45, 5.27), (60, 90, 140)),))  # fmt: skip

_SERVED: Place = (3.0, 5.75)
_SPACING = 0.85
_SLOTS = [(1.7 - i * _SPACING, 4.6) for i in range(8)]
_QUEUE = rectangle(-5.0, 4.0, 2.45, 5.2)
_AT_COUNTER = rectangle(2.45, 5.3, 3.6, 6.3)
_DESK = block(1.4, 6.55, 3.4, 0.75)
_WALLS = [Wall((1.8, 6.9), (4.4, 6.9), 0.4), Wall((-4.4, 3.75), (1.8, 3.75), 0.06),
          Wall((-4.4, 5.45), (1.9, 5.45), 0.06)]  # fmt: skip
_ARRIVALS = 0.1  # a second, when it is as busy as usual
_SERVICE_S = (4.0, 14.0)
_QUEUE_GROUP = 1  # who queue stand nearer to each other than strangers do


class Counter:
    """One counter, and the queue before it."""

    def __init__(self, seed: int, busy: float) -> None:
        self._rng = np.random.default_rng([seed, 1])
        self.busy = busy
        self._cast = Cast(self._rng, _WALLS)
        self.crowd = self._cast.crowd
        self.chronicle = Chronicle()
        self._line: list[Actor] = []
        self._customer: Actor | None = None
        self._queue, self._counter = Patch(_QUEUE), Patch(_AT_COUNTER)
        self._joined: dict[int, float] = {}
        self._served: dict[int, float] = {}
        self._clerk = self._cast.join((3.0, 7.7), [Stand(1e9, -pi / 2)], in_uniform(self._rng))

    @property
    def stock(self) -> None:
        """There is no shelf."""
        return None

    def step(self) -> None:
        """Somebody may come; the queue moves up; who waited, and how long, is written down."""
        self.chronicle.steps += 1
        if self._rng.random() < _ARRIVALS * self.busy * STEP_S:
            self._arrive()
        if self._rng.random() < 0.03 * self.busy * STEP_S:
            y = float(self._rng.uniform(1.2, 2.6))
            self._cast.join((-7.4, y), [Walk((6.8, y))])
        self._serve()
        self._move_up()
        self.crowd.step()
        self._watch()

    def props(self, share: float) -> list[Prop]:
        """Nothing moves but people."""
        return []

    def truth(self) -> dict[str, Any]:
        """Who waits since when and who is served since when, in seconds of the recording."""
        return {
            "queue": {
                "waiting": [[n, round(s, 2)] for n, s in sorted(self._joined.items())],
                "served": [[n, round(s, 2)] for n, s in sorted(self._served.items())],
            }
        }

    def _arrive(self) -> None:
        if len(self._line) >= len(_SLOTS):
            return
        plan: list[Errand] = [Walk((-5.6, 4.6), 0.8), Walk(_SLOTS[-1], -1)]
        actor = self._cast.join((-7.4, float(self._rng.uniform(3.6, 5.6))), plan)
        self._line.append(actor)

    def _serve(self) -> None:
        """The next one steps to the counter once it is free."""
        customer = self._customer
        if customer is not None and (not customer.plan or len(customer.plan) <= 2):
            self._customer = customer = None
        if customer is not None or not self._line:
            return
        first, places = self._line[0], self._cast.places()
        x, y = places[first.number]
        if first.plan and hypot(x - _SLOTS[0][0], y - _SLOTS[0][1]) < 0.4:
            self._line.pop(0)
            first.group = -1
            stand = Stand(float(self._rng.uniform(*_SERVICE_S)), pi / 2)
            first.plan[:] = [Walk((3.0, 5.0), 0.4), Walk(_SERVED, 0.2), stand,
                             Walk((4.6, 4.6)), Walk((6.8, 2.4))]  # fmt: skip
            first.begin()
            self._customer = first

    def _move_up(self) -> None:
        places = self._cast.places()
        for i, actor in enumerate(self._line):
            if isinstance(actor.plan[0], Walk) and actor.plan[0].near > 0:
                continue
            (x, y), (goal_x, goal_y) = places[actor.number], _SLOTS[i]
            far = hypot(x - goal_x, y - goal_y)
            stands = isinstance(actor.plan[0], Stand)
            if far < 0.12 or (stands and far < 0.35):
                actor.plan[:] = [Stand(1e9, 0.0)]
            else:
                actor.plan[:] = [Walk((goal_x, goal_y), -1), Stand(1e9, 0.0)]
            actor.begin()

    def _watch(self) -> None:
        now_s = max(0.0, self.chronicle.now_s)
        places = on_show(VIEW, self._cast.places())
        waiting, served = self._queue.holds(places), self._counter.holds(places)
        for number in waiting - self._joined.keys():
            self._joined[number] = now_s
            self.chronicle.tell("queue.joined", "queue", number)
        for number in served - self._served.keys():
            self._served[number] = now_s
        for number in self._joined.keys() - waiting:
            since = self._joined.pop(number)
            self.chronicle.tell("queue.left", "queue", number, wait_s=round(now_s - since, 2))
        for number in self._served.keys() - served:
            since = self._served.pop(number)
            self.chronicle.tell("queue.served", "queue", number, service_s=round(now_s - since, 2))


def _furniture() -> tuple[tuple[list[Place], Drawing], ...]:
    desk, rope = Drawing(), []
    prism(desk, VIEW, _DESK, 0, 0.98, (138, 96, 66))
    prism(desk, VIEW, block(1.36, 6.5, 3.48, 0.85), 0.98, 1.05, (226, 220, 208))
    prism(desk, VIEW, block(1.9, 6.75, 0.42, 0.32), 1.05, 1.42, (50, 54, 62))
    prism(desk, VIEW, block(4.0, 6.7, 0.34, 0.34), 1.05, 1.2, (196, 80, 60))
    for y in (3.75, 5.45):
        fence = Drawing()
        for i in range(5):
            x = -4.4 + i * 1.5
            prism(fence, VIEW, block(x - 0.14, y - 0.14, 0.28, 0.28), 0, 0.05, (60, 62, 68))
            prism(fence, VIEW, block(x - 0.03, y - 0.03, 0.06, 0.06), 0.05, 0.95, (176, 178, 184))
        for z in (0.86, 0.6):
            prism(fence, VIEW, block(-4.4, y - 0.01, 6.0, 0.02), z, z + 0.06, (52, 74, 132))
        rope.append((block(-4.5, y - 0.1, 6.2, 0.2), fence))
    pot = (block(4.9, 7.4, 0.4, 0.4), plant(VIEW, 5.1, 7.6))
    return (_DESK, desk), *rope, pot


COUNTER = Scene(
    view=VIEW,
    room=HALL,
    shelf=None,
    furniture=_furniture(),
    world=Counter,
    lines={},
    zones={"queue": zone_on(VIEW, _QUEUE), "counter": zone_on(VIEW, _AT_COUNTER)},
    asked={
        "queues": [
            {
                "name": "queue",
                "polygon": zone_on(VIEW, _QUEUE),
                "path": on_picture(VIEW, (_SLOTS[0], _SLOTS[-1])),
                "classes": ["person"],
            }
        ]
    },
    tells=("queue.left",),
)
