"""What endangers people: whether a machine moves, and how soon it would meet them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.conduct import Sight
from sightline.analytics.trails import Trails

_SURE = 5.0  # deviations, by which a machine moves that its trembling box does not explain
_LEVER_NOW = 1.4 / 0.3  # by how much the way of the last 0.3 s errs for each unit that boxes err
_TREMBLES = 0.02  # heights, where pictures come too seldom to know
_GOES_ON = 0.5  # of the last second's pace, which a machine that goes on has also just now
_VAGUE = 0.01  # heights: what trembles by more begins and ceases to move nobody knows quite when
_NEAR = 4.0  # heights of a person: machines farther away are no matter of closing speed


def moves(machines: Sight, trails: Trails, least: float, aspect: float) -> bool:
    """Whether one of them moves by `least` heights of its box a second, and by more than its box
    trembles."""
    if not len(machines.slots):
        return False
    scale = np.array([aspect, 1.0])
    off = _trembling(machines, trails, aspect)
    now = _foot(trails.just_moved(machines.slots)) * scale
    usual = machines.velocity
    # What moved over a second may have stopped within it.
    goes_on = (now * usual).sum(axis=1) > _GOES_ON * (usual * usual).sum(axis=1)
    lately = _SURE * off * trails.lever(machines.slots)
    moved = (machines.pace > np.maximum(least, lately)) & goes_on
    just_now = _SURE * off * _LEVER_NOW
    moved |= np.hypot(*now.T) / machines.heights > np.maximum(least, just_now)
    return bool(moved.any())


def vague(machines: Sight, trails: Trails, aspect: float) -> bool:
    """Whether one of them trembles so much that it creeps for a while before `moves` sees it."""
    return bool((_trembling(machines, trails, aspect) > _VAGUE).any())


def approach(people: Sight, machines: Sight) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How fast the machine that comes closest approaches each person, in heights of the person a
    second, and after how many seconds they would meet (infinite where they do not)."""
    count = len(people.slots)
    if not count or not len(machines.slots):
        return np.zeros(count), np.full(count, np.inf)
    foot, base = _foot(people.boxes)[:, None], _foot(machines.boxes)[None]
    apart = base - foot
    distance = np.hypot(apart[..., 0], apart[..., 1])
    toward = apart / np.maximum(distance, 1e-9)[..., None]
    speed = -((machines.velocity[None] - people.velocity[:, None]) * toward).sum(axis=2)
    tall = people.heights[:, None]
    half = (machines.boxes[:, 2] - machines.boxes[:, 0])[None] / 2
    gap = np.maximum(distance - half, 0)
    near = gap < _NEAR * tall
    meets = np.where(near & (speed > 1e-6), gap / np.maximum(speed, 1e-6), np.inf)
    fastest = np.where(near, speed / tall, 0).max(axis=1)
    return fastest, meets.min(axis=1)


def _trembling(machines: Sight, trails: Trails, aspect: float) -> NDArray[np.float64]:
    """Standard deviation of where each stands, in heights of its box."""
    tremble = trails.trembling(machines.slots)
    across = np.hypot(tremble[:, 0], tremble[:, 2]) / 2 * aspect
    off: NDArray[np.float64] = np.hypot(across, tremble[:, 3]) / machines.heights
    off[np.isnan(off)] = _TREMBLES
    return off


def _foot(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]])
