"""How bodies move on the floor: towards where they want to go, around each other and things.

A light form of the social force model (Helbing and Molnar, 1995), stepped at a fixed rate,
so that the same seed gives the same world whatever is looked at, how large, or how often.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STEP_S = 0.05

_RELAX_S = 0.35  # in which a body takes up the velocity that it wants
_PERSONAL_M = 0.95  # people start to give way at this distance
_AHEAD_M = 1.6  # those whom they would run into they see this much earlier
_PUSH, _SIDESTEP = 1.7, 1.3  # m/s away from, and past, who or what is in the way
_USUAL_PACE = 1.2
_WALL_M, _WALL_PUSH = 0.55, 2.2
_TOP_SPEED = 1.9
_HURRY = 1.1  # over what one wants; who runs is not held to what walkers reach
_TURN_RATE = 4.5  # rad/s


@dataclass(slots=True)
class Bodies:
    """All bodies on the floor at one step, as arrays of one row a body.

    place (N, 2), velocity (N, 2) in metres; heading (N,) radians; phase (N,) of the gait;
    size (N,) extra personal distance (a trolley in front); group (N,) who walk together
    """

    place: Array
    velocity: Array
    heading: Array
    phase: Array
    size: Array
    group: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Wall:
    """Something that nobody walks through: all within `radius` of the segment."""

    start: tuple[float, float]
    end: tuple[float, float]
    radius: float


def step(bodies: Bodies, wanted: Array, facing: Array, stride: Array, walls: list[Wall]) -> None:
    """Move everybody on by STEP_S, in place.

    wanted  (N, 2) velocity that each one would like
    facing  (N,) heading to turn to while standing, NaN for where one walks
    stride  (N,) metres of two steps
    """
    wish = wanted + _others(bodies, wanted) + _around(bodies, wanted, walls)
    bodies.velocity += (wish - bodies.velocity) * (STEP_S / _RELAX_S)
    speed = np.hypot(*bodies.velocity.T)
    top = np.maximum(_TOP_SPEED, _HURRY * np.hypot(*wanted.T))
    bodies.velocity *= np.minimum(1, top / np.maximum(speed, 1e-9))[:, None]
    bodies.place += bodies.velocity * STEP_S
    bodies.phase += speed * STEP_S / stride * 2 * np.pi
    towards = np.arctan2(bodies.velocity[:, 1], bodies.velocity[:, 0])
    goal = np.where(np.isnan(facing), towards, facing)
    turn = (goal - bodies.heading + np.pi) % (2 * np.pi) - np.pi
    may_turn = ~np.isnan(facing) | (speed > 0.2)
    limit = _TURN_RATE * STEP_S / (1 + bodies.size)
    bodies.heading += np.where(may_turn, np.clip(turn * 0.25, -limit, limit), 0.0)


def _others(bodies: Bodies, wanted: Array) -> Array:
    apart = bodies.place[:, None] - bodies.place[None]
    distance = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(distance, np.inf)
    away = apart / np.maximum(distance, 1e-6)[..., None]
    reach = _PERSONAL_M + (bodies.size[:, None] + bodies.size[None]) / 2
    together = (bodies.group[:, None] == bodies.group[None]) & (bodies.group[:, None] >= 0)
    near = np.maximum(0, 1 - distance / np.where(together, 0.5, reach))
    push = _PUSH * near[..., None] * away
    meeting = np.where(together, 0, np.maximum(0, 1 - distance / (reach + _AHEAD_M)))
    relative = bodies.velocity[:, None] - bodies.velocity[None]
    closing = np.clip(-(relative * away).sum(axis=2) / _USUAL_PACE, 0, 1)
    ahead = np.maximum(0, -(away * _unit(wanted)[:, None]).sum(axis=2))
    # Everybody gives way to their own right hand, so that two who meet never mirror.
    right = np.stack([wanted[:, 1], -wanted[:, 0]], axis=1)
    dodge: Array = (meeting * closing * ahead).sum(axis=1, keepdims=True) * _unit(right)
    total: Array = np.nan_to_num(push).sum(axis=1) + _SIDESTEP * dodge
    return total


def _unit(vectors: Array) -> Array:
    unit: Array = vectors / np.maximum(np.hypot(*vectors.T), 1e-6)[:, None]
    return unit


def _around(bodies: Bodies, wanted: Array, walls: list[Wall]) -> Array:
    total = np.zeros_like(bodies.place)
    for wall in walls:
        start, along = np.array(wall.start), np.array(wall.end) - wall.start
        offset = bodies.place - start
        square = float(along @ along)
        share = (offset @ along / square).clip(0, 1) if square else np.zeros(len(offset))
        out = _unit(offset - share[:, None] * along)
        distance = np.hypot(*(offset - share[:, None] * along).T) - wall.radius
        near = np.clip(1 - distance / _WALL_M, 0, 2)
        total += (_WALL_PUSH * near)[:, None] * out
        tangent = np.stack([out[:, 1], -out[:, 0]], axis=1)
        # Past a long thing by its nearer end, past a round one by the shorter way.
        there = np.where(share[:, None] > 0.5, along, -along) if square else wanted
        side = np.where((tangent * there).sum(axis=1) < 0, -1.0, 1.0)
        blocked = np.maximum(0, -(out * _unit(wanted)).sum(axis=1))
        round_it = np.clip(1 - distance / (2 * _WALL_M), 0, 1) * blocked * side
        total += (_SIDESTEP * round_it)[:, None] * tangent
    return total
