"""Everybody in the world: their errands become motion, step after step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sin

import numpy as np
from numpy.typing import NDArray

from sightline.source.rendering import motion
from sightline.source.rendering.errands import Actor, Place, Stand, Walk
from sightline.source.rendering.motion import STEP_S, Bodies, Wall
from sightline.source.rendering.skeleton import Posture
from sightline.source.rendering.trolley import REACH_M

Array = NDArray[np.float64]

_GAIT_SPEED = 1.35  # m/s at which legs and arms swing fully
_GIVE_UP_S = 9.0  # a place to which one has come no nearer for so long is left
_NEARER_M = 0.1
_REACH_S = 1.2  # from one stretch of the arm to the next
_CART_RATE = 5.0  # 1/s at which a trolley comes round in front
_TROLLEY_SIZE = 0.7


@dataclass(frozen=True, slots=True)
class Sight:
    """One person at one instant, ready to be drawn. `cart` is x, y, heading of the trolley."""

    actor: Actor
    place: Place
    heading: float
    posture: Posture
    cart: tuple[float, float, float] | None


class Crowd:
    """The people and how they stand now and stood one step ago.

    acted  told of each thing that somebody takes or puts back; says whether it could be done
    freed  told of each stand that is over
    """

    def __init__(
        self,
        walls: list[Wall],
        acted: Callable[[Actor, Stand], bool],
        freed: Callable[[Stand], None],
    ) -> None:
        self._walls = walls
        self._acted = acted
        self._freed = freed
        self.actors: list[Actor] = []
        self._bodies = Bodies(
            np.empty((0, 2)), np.empty((0, 2)), np.empty(0), np.empty(0), np.empty(0),
            np.empty(0, np.int64),
        )  # fmt: skip
        self._carts = np.empty((0, 3))
        self._before = self._state()

    def add(self, actor: Actor, place: Place, heading: float) -> None:
        """Somebody comes into the world."""
        bodies, push = self._bodies, np.array([np.cos(heading), np.sin(heading)])
        cart = np.array([*(np.array(place) + REACH_M * push), heading])
        self._bodies = Bodies(
            np.vstack([bodies.place, place]),
            np.vstack([bodies.velocity, actor.pace * push]),
            np.append(bodies.heading, heading),
            np.append(bodies.phase, actor.number * 1.7),
            np.append(bodies.size, _TROLLEY_SIZE if actor.trolley is not None else 0.0),
            np.append(bodies.group, actor.group),
        )
        self._carts = np.vstack([self._carts, cart])
        self.actors.append(actor)
        self._before = np.vstack([self._before, self._state()[-1:]])

    def halt(self, actor: Actor) -> None:
        """Somebody stands still at once, as who stood there before the first picture does."""
        self._bodies.velocity[self.actors.index(actor)] = 0.0
        self._before = self._state()

    def velocities(self) -> list[list[float]]:
        """How everybody moves now, x and y in m/s."""
        velocities: list[list[float]] = self._bodies.velocity.tolist()
        return velocities

    def step(self) -> None:
        """Everybody goes on by STEP_S."""
        self._before = self._state()
        if not self.actors:
            return
        wanted, facing = self._wishes()
        stride = np.array([actor.stride for actor in self.actors])
        motion.step(self._bodies, wanted, facing, stride, self._walls)
        self._push_carts(facing)
        for row, actor in enumerate(self.actors):
            self._progress(actor, self._bodies.place[row])
        self._see_off()

    def sights(self, share: float) -> list[Sight]:
        """Everybody at `share` 0..1 of the way from the last step but one to the last."""
        state = self._before + (self._state() - self._before) * share
        return [self._sight(actor, row) for actor, row in zip(self.actors, state, strict=True)]

    def places(self) -> list[list[float]]:
        """Where everybody stands now, x and y in metres."""
        places: list[list[float]] = self._bodies.place.tolist()
        return places

    def _state(self) -> Array:
        speed = np.hypot(*self._bodies.velocity.T)
        reach = np.array([actor.reach for actor in self.actors])
        body = self._bodies
        return np.column_stack([body.place, body.heading, body.phase, speed, reach, self._carts])

    @staticmethod
    def _sight(actor: Actor, row: Array) -> Sight:
        x, y, heading, phase, speed, reach, *cart = row.tolist()
        pushing = actor.trolley is not None and not isinstance(actor.plan[0], Stand)
        swing = min(speed / _GAIT_SPEED, 1.15)
        return Sight(
            actor,
            (x, y),
            heading,
            Posture(phase, swing * (1 - actor.down), reach, pushing, actor.down),
            (cart[0], cart[1], cart[2]) if actor.trolley is not None else None,
        )

    def _wishes(self) -> tuple[Array, Array]:
        wanted = np.zeros((len(self.actors), 2))
        facing = np.full(len(self.actors), np.nan)
        for row, actor in enumerate(self.actors):
            errand = actor.plan[0]
            if isinstance(errand, Stand):
                facing[row] = errand.facing
            else:
                way = np.subtract(errand.place, self._bodies.place[row])
                far = float(np.hypot(*way))
                stops = len(actor.plan) > 1 and isinstance(actor.plan[1], Stand)
                slow = min(1.0, 0.3 + far) if stops else 1.0
                wanted[row] = way / max(far, 1e-6) * actor.pace * slow
        return wanted, facing

    def _push_carts(self, facing: Array) -> None:
        heading = self._bodies.heading
        ahead = np.stack([np.cos(heading), np.sin(heading)], axis=1)
        goal = np.column_stack([self._bodies.place + REACH_M * ahead, heading])
        gap = goal - self._carts
        gap[:, 2] = (gap[:, 2] + pi) % (2 * pi) - pi
        walking = np.isnan(facing)[:, None]
        self._carts += np.where(walking, gap * min(1.0, _CART_RATE * STEP_S), 0.0)
        # Once in front, a trolley is held by the hands, without lag.
        self._carts[:, :2] += np.where(walking, self._bodies.velocity * STEP_S * 0.75, 0.0)

    def _progress(self, actor: Actor, place: Array) -> None:
        errand = actor.plan[0]
        actor.waited += STEP_S
        if isinstance(errand, Walk):
            far = float(np.hypot(*np.subtract(errand.place, place)))
            if far < actor.nearest - _NEARER_M:
                actor.nearest, actor.waited = far, 0.0
            if far < errand.near or actor.waited > _GIVE_UP_S:
                self._next(actor)
            return
        if errand.action:
            self._work(actor, errand)
        if actor.waited >= errand.seconds:
            self._freed(errand)
            self._next(actor)

    def _work(self, actor: Actor, errand: Stand) -> None:
        phase = actor.waited % _REACH_S
        before = (actor.waited - STEP_S) % _REACH_S
        actor.reach = sin(pi * phase / _REACH_S) ** 2
        if before < _REACH_S / 2 <= phase and not self._acted(actor, errand):
            actor.waited = max(actor.waited, errand.seconds - _REACH_S / 2)

    @staticmethod
    def _next(actor: Actor) -> None:
        actor.plan.pop(0)
        actor.begin()

    def _see_off(self) -> None:
        stay = np.array([bool(actor.plan) for actor in self.actors])
        if stay.all():
            return
        self._bodies = Bodies(
            *(getattr(self._bodies, name)[stay] for name in Bodies.__dataclass_fields__)
        )
        self._carts, self._before = self._carts[stay], self._before[stay]
        self.actors = [actor for actor in self.actors if actor.plan]
