"""A factory floor: a forklift at work, a marked danger zone, a walkway, and people at fault."""

from __future__ import annotations

from math import hypot
from typing import Any

import numpy as np

from sightline.source.rendering.areas import Patch, on_picture, on_show, rectangle, zone_on
from sightline.source.rendering.cast import Cast
from sightline.source.rendering.chronicle import Chronicle
from sightline.source.rendering.drawing import Drawing
from sightline.source.rendering.errands import Actor, Errand, Place, Stand, Walk
from sightline.source.rendering.forklift import Forklift, draw_forklift
from sightline.source.rendering.hall import Hall
from sightline.source.rendering.motion import STEP_S, Wall
from sightline.source.rendering.projection import ASPECT, View
from sightline.source.rendering.scenery import Prop, Scene
from sightline.source.rendering.solids import block, prism
from sightline.source.rendering.wardrobe import Look, at_work

VIEW = View(position=(0.6, -3.2, 5.4), target=(0.3, 5.2, 0.4), fov=50)
_ZONE = rectangle(-3.4, 3.2, 1.6, 7.6)
_WALKWAY = rectangle(2.8, 3.2, 5.2, 11.0)  # boxes lean outwards: their middle is not the foot
_PITCH = 0.9  # of the stripes of a marking

RUN_MS, AGAINST_MS, DOWN_S, REST_S = (
    2.5,
    0.4,
    1.0,
    2.0,
)  # how the truth is defined; see docs/scene.md
_EVERY_S = {"cross": 13.0, "down": 41.0, "run": 37.0, "wrong": 31.0, "walk": 9.0, "bare": 47.0}


def _stripes() -> list[tuple[tuple[Place, ...], tuple[int, int, int]]]:
    (x1, y1), (_, y2), (x2, _), _ = _ZONE
    yellow, w = (232, 190, 40), 0.14
    frame = [rectangle(x1, y1, x2, y1 + w), rectangle(x1, y2 - w, x2, y2),
             rectangle(x1, y1, x1 + w, y2), rectangle(x2 - w, y1, x2, y2)]  # fmt: skip
    slants = [((x, y1), (x + 1.2, y1 + 1.2), (x + 1.35, y1 + 1.2), (x + 0.15, y1))
              for x in np.arange(x1 + 0.2, x2 - 1.4, _PITCH).tolist()]  # fmt: skip
    return [(corners, yellow) for corners in (*frame, *slants)]


def _marks() -> tuple[tuple[tuple[Place, ...], tuple[int, int, int]], ...]:
    (x1, _), _, (x2, _), _ = _WALKWAY
    green = (rectangle(x1, -1.0, x2, 12.0), (104, 150, 116))
    arrows = [(((x1 + 0.5, y), (x1 + 0.8, y + 0.9), (x1 + 1.1, y)), (232, 236, 230))
              for y in (0.5, 3.5, 6.5, 9.5)]  # fmt: skip
    return green, *arrows, *_stripes()


HALL = Hall(-8.5, 7.0, 13.5, 6.0, floor=(150, 152, 154), tile=3.0, wall=(196, 204, 208),
            plinth=(92, 108, 124), marks=_marks())  # fmt: skip
_RACKS = ((-7.6, 10.6), (-4.4, 10.6), (-1.2, 10.6))
_PRESS = block(-7.6, 4.0, 1.7, 2.2)
_WALLS = [Wall((-7.4, 11.2), (1.6, 11.2), 0.7), Wall((-6.75, 4.4), (-6.75, 5.8), 0.95)]
_ROUTE = [((-2.6, 8.9), 6.0), ((-1.0, 7.0), 0.0), ((-0.9, 4.4), 5.0), ((-2.4, 5.4), 0.0),
          ((-2.6, 8.9), 7.0), ((0.4, 8.7), 0.0), ((0.5, 5.0), 0.0), ((-1.6, 4.6), 4.0),
          ((-1.4, 7.2), 0.0)]  # fmt: skip


class Factory:
    """People walk along the walkway and work at the racks; now and then one does wrong."""

    def __init__(self, seed: int, busy: float) -> None:
        self._rng = np.random.default_rng([seed, 1])
        self.busy = busy
        self._cast = Cast(self._rng, _WALLS)
        self.crowd = self._cast.crowd
        self.chronicle = Chronicle()
        self._truck = Forklift([(place, rest) for place, rest in _ROUTE], 1.7)
        self._truck_number = self._cast.number()
        self._zone, self._lane = Patch(_ZONE), Patch(_WALKWAY)
        self._due = {what: every * float(self._rng.uniform(0.2, 0.9))
                     for what, every in _EVERY_S.items()}  # fmt: skip
        self._fallen: dict[int, float] = {}
        self._bare: set[int] = set()
        self._since: dict[tuple[str, int], float] = {}
        self._stopped_s = 0.0
        self._threat: set[int] = set()

    @property
    def stock(self) -> None:
        """There is no shelf."""
        return None

    def step(self) -> None:
        """Somebody may come; everybody goes on; what is dangerous is written down."""
        self.chronicle.steps += 1
        for what, left_s in self._due.items():
            self._due[what] = left_s - STEP_S * self.busy
            if self._due[what] < 0 and (self.chronicle.now_s > 3 or what == "walk"):
                self._due[what] = _EVERY_S[what] * float(self._rng.uniform(0.6, 1.4))
                getattr(self, f"_{what}_comes")()
        self._truck.step()
        self._fall()
        self.crowd.step()
        self._watch()

    def props(self, share: float) -> list[Prop]:
        """The forklift."""
        place, heading = self._truck.at(share)
        truck = draw_forklift(VIEW, place, heading)
        return [Prop(place, truck, "forklift", self._truck_number, 0.9, 2.1)]

    def truth(self) -> dict[str, Any]:
        """Who is in danger, and who lies, runs, walks the wrong way or wears no helmet."""
        return {
            "danger": {
                "moving": self._truck.moves,
                "intruders": sorted(self._threat),
                "down": sorted(n for what, n in self._since if what == "down"),
                "running": sorted(n for what, n in self._since if what == "running"),
                "wrong_way": sorted(n for what, n in self._since if what == "wrong"),
            }
        }

    def _walk_comes(self) -> None:
        lane = float(self._rng.uniform(3.4, 4.2))
        self._enter((lane, -2.6), [Walk((lane, 5.0)), Walk((lane, 12.8))])

    def _wrong_comes(self) -> None:
        lane = float(self._rng.uniform(3.5, 4.1))
        self._enter((lane, 12.8), [Walk((lane, 6.0)), Walk((lane, -3.0))])

    def _cross_comes(self) -> None:
        y, back = float(self._rng.uniform(4.6, 6.2)), bool(self._rng.random() < 0.5)
        stay = float(self._rng.uniform(0, 5))
        plan: list[Errand] = [Walk((2.2, y)), Walk((-0.4, y)), Stand(stay, 2.0)]
        plan += (
            [Walk((2.2, y)), Walk((2.1, -3.0))] if back else [Walk((-4.6, y)), Walk((-9.2, 2.0))]
        )
        self._enter((2.1, -2.8), plan)

    def _run_comes(self) -> None:
        y = float(self._rng.uniform(1.4, 2.6))
        self._enter((-8.8, y), [Walk((-2.0, y)), Walk((5.6, y)), Walk((7.6, y))], 3.9)

    def _down_comes(self) -> None:
        x, y = float(self._rng.uniform(-2.4, 0.4)), float(self._rng.uniform(1.3, 2.2))
        plan: list[Errand] = [Walk((x, y), 0.3), Stand(9.0, float(self._rng.uniform(0, 3.1))),
                              Walk((-9.4, 0.6))]  # fmt: skip
        actor = self._enter((-8.9, 1.4), plan)
        self._fallen[actor.number] = float(self._rng.uniform(4.0, 7.0))

    def _bare_comes(self) -> None:
        x = float(self._rng.uniform(-5.0, -4.0))
        plan: list[Errand] = [Walk((x, 2.4)), Walk((-5.2, 8.6)), Walk((-9.4, 8.4))]
        actor = self._enter((x, -2.9), plan, helmet=False)
        self._bare.add(actor.number)

    def _enter(
        self, place: Place, plan: list[Errand], pace: float | None = None, helmet: bool = True
    ) -> Actor:
        look: Look = at_work(self._rng, helmet=helmet)
        return self._cast.join(place, plan, look, pace)

    def _fall(self) -> None:
        """Who has reached the place to fall, falls, lies, and gets up again."""
        for actor in self.crowd.actors:
            lies_s = self._fallen.get(actor.number)
            if lies_s is not None and isinstance(actor.plan[0], Stand):
                if actor.waited < lies_s:
                    actor.down = min(1.0, actor.down + STEP_S / 0.5)
                else:
                    actor.down = max(0.0, actor.down - STEP_S / 1.0)

    def _watch(self) -> None:
        places = on_show(VIEW, self._cast.places())
        self._stopped_s = 0.0 if self._truck.moves else self._stopped_s + STEP_S
        inside = self._zone.holds(places)
        if self._truck.moves:
            self._threat = inside
        else:
            self._threat = inside & self._threat if self._stopped_s < REST_S else set()
        held = zip(self.crowd.actors, self.crowd.velocities(), strict=True)
        moves = {actor.number: velocity for actor, velocity in held}
        lying = {a.number for a in self.crowd.actors if a.down > 0.6} & places.keys()
        fast = {number for number, (x, y) in moves.items() if hypot(x, y) > RUN_MS} & places.keys()
        lane = {number for number in self._lane.holds(places) if moves[number][1] < -AGAINST_MS}
        for what, kind, name, now, after_s in (
            ("zone", "hazard.person_in_zone", "loading", self._threat, 0.0),
            ("down", "hazard.person_down", "floor", lying, DOWN_S),
            ("running", "hazard.running", "floor", fast, 0.5),
            ("wrong", "hazard.wrong_way", "walkway", lane, 1.0),
            ("bare", "hazard.unprotected", "floor", self._bare & places.keys(), 1.0),
        ):
            self._note(what, kind, name, now, after_s)

    def _note(self, what: str, kind: str, name: str, now: set[int], after_s: float) -> None:
        """One event for each time that somebody begins and keeps on for `after_s`."""
        for number in [n for w, n in self._since if w == what and n not in now]:
            del self._since[what, number]
        for number in sorted(now):
            before = self._since.get((what, number), 0.0)
            self._since[what, number] = before + STEP_S
            if before <= after_s < before + STEP_S:
                self.chronicle.tell(kind, name, number)


def _furniture() -> tuple[tuple[list[Place], Drawing], ...]:
    racks = []
    for x, y in _RACKS:
        rack = Drawing()
        for level in (0.1, 1.5, 2.9):
            for i, colour in enumerate(((186, 148, 100), (160, 120, 84), (204, 178, 132))):
                left = x + 0.12 + i * 0.95
                prism(rack, VIEW, block(left, y + 0.2, 0.8, 0.8), level, level + 1.0, colour)
            prism(rack, VIEW, block(x, y, 3.0, 1.2), level - 0.1, level, (214, 110, 40))
        for post in (0.0, 2.9):
            prism(rack, VIEW, block(x + post, y, 0.1, 0.12), 0, 4.0, (52, 92, 150))
        racks.append((block(x, y, 3.0, 1.2), rack))
    press = Drawing()
    prism(press, VIEW, _PRESS, 0, 1.1, (70, 120, 112))
    prism(press, VIEW, block(-7.6, 5.0, 1.7, 1.2), 1.1, 2.5, (84, 138, 130))
    prism(press, VIEW, block(-6.2, 4.2, 0.28, 0.5), 1.1, 1.6, (44, 48, 54))
    return (*racks, (_PRESS, press))


def _ahead() -> Place:
    """The walkway's direction on the picture."""
    (x1, y1), (x2, y2) = on_picture(VIEW, [(3.8, 2.0), (3.8, 9.0)])
    return round((x2 - x1) * ASPECT, 4), round(y2 - y1, 4)


FACTORY = Scene(
    view=VIEW,
    room=HALL,
    shelf=None,
    furniture=_furniture(),
    world=Factory,
    lines={},
    zones={"loading": zone_on(VIEW, _ZONE), "walkway": zone_on(VIEW, _WALKWAY)},
    asked={
        "hazards": [
            {
                "name": "loading",
                "polygon": zone_on(VIEW, _ZONE),
                "machines": ["forklift"],
                "active": "moving",
                "rest_s": REST_S,
            },
            {
                "name": "floor",
                "intrusion": False,
                "down_s": DOWN_S,
                "run": 1.45,
                "protection": ["helmet"],
            },
            {
                "name": "walkway",
                "polygon": zone_on(VIEW, _WALKWAY),
                "intrusion": False,
                "way": _ahead(),
            },
        ]
    },
    tells=(
        "hazard.person_in_zone",
        "hazard.person_down",
        "hazard.running",
        "hazard.wrong_way",
        "hazard.unprotected",
    ),
)
