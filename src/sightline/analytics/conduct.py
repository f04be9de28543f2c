"""What people do wrong, judged from their boxes: lie, run, go the wrong way, wear no helmet.

Each judge looks at one picture and says of which people it is so; how long it must be so is
for `Spells` to say.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sightline.analytics.keeping import State, packed, unpacked
from sightline.analytics.slots import Index, grown

Boxes = NDArray[np.float64]
Truths = NDArray[np.bool_]

_FOLLOW_S = 0.7  # in which the usual height and top of somebody upright are learned
_FIRST_S = 1e-9  # for 0, which stands for never
_SHRUNK, _DROPPED = 0.87, 0.1  # of the usual height; who falls away from the camera shrinks least
_UPRIGHT = 0.8  # width / height, above which nobody is said to stand
_SLOW = 0.35  # heights a second: who is faster does not lie
_HEAD = 0.45  # of a box: helmets and their like are in this upper part


@dataclass(frozen=True, slots=True)
class Sight:
    """People in one picture; lengths in heights of the picture.

    slots     (N,) of each
    boxes     (N, 4) x1, y1, x2, y2 with x from 0 to the picture's aspect
    velocity  (N, 2) of the middle of the lower edge, a second
    whole     (N,) whether the box is clear of the picture's edges
    """

    slots: Index
    boxes: Boxes
    velocity: Boxes
    whole: Truths

    @property
    def heights(self) -> NDArray[np.float64]:
        """Of the boxes (N,), never zero."""
        tall: NDArray[np.float64] = np.maximum(self.boxes[:, 3] - self.boxes[:, 1], 1e-6)
        return tall

    @property
    def pace(self) -> NDArray[np.float64]:
        """Heights of one's own body a second (N,)."""
        speed: NDArray[np.float64] = np.hypot(*self.velocity.T) / self.heights
        return speed

    def among(self, slots: Container[int]) -> Truths:
        """Which of them (N,) have one of these slots."""
        return np.array([slot in slots for slot in self.slots.tolist()], np.bool_)


@dataclass(frozen=True, slots=True)
class _Postures:
    """Height, top and speed of boxes; whether they lie, may stand, and are seen whole."""

    slots: Index
    tall: NDArray[np.float64]
    top: NDArray[np.float64]
    speed: NDArray[np.float64]
    lies: Truths
    narrow: Truths
    whole: Truths

    def of(self, some: Index) -> _Postures:
        """Those of some rows."""
        return _Postures(
            self.slots[some], self.tall[some], self.top[some], self.speed[some],
            self.lies[some], self.narrow[some], self.whole[some],
        )  # fmt: skip


class Lying:
    """Who was upright and is not: the box lies, or has sunk together on the spot."""

    def __init__(self) -> None:
        self._usual: NDArray[np.float64] = np.empty((0, 3))  # height, top, when learned; by slot

    def judge(self, seen: Sight, now_s: float, fresh: list[int]) -> Truths:
        """Of whom it is so."""
        self._grow(seen)
        if fresh:
            self._usual[[slot for slot in fresh if slot < len(self._usual)]] = 0
        return self._judge(_postures(seen), now_s)

    def judge_many(self, seen: Sight, at_s: NDArray[np.float64]) -> Truths:
        """The same of several pictures, in which nobody comes: rows in the order of their times
        `at_s` (N,). One person after the other, with the same answers to the last bit."""
        self._grow(seen)
        postures = _postures(seen)
        down = np.zeros(len(seen.slots), np.bool_)
        order = seen.slots.argsort(kind="stable")
        own = seen.slots[order]
        begins = np.flatnonzero(np.diff(own, prepend=-1)).tolist()
        for rows in np.split(order, begins[1:]) if begins else ():
            slot = int(seen.slots[rows[0]])
            down[rows], self._usual[slot] = _judged(
                self._usual[slot].tolist(), postures.of(rows), at_s[rows]
            )
        return down

    def _grow(self, seen: Sight) -> None:
        self._usual = grown(self._usual, int(seen.slots.max(initial=-1)) + 1)

    def _judge(self, seen: _Postures, now_s: float) -> Truths:
        slots, tall, top = seen.slots, seen.tall, seen.top
        usual = self._usual[slots]
        known = usual[:, 2] > 0
        sunk = (tall < _SHRUNK * usual[:, 0]) & (top > usual[:, 1] + _DROPPED * usual[:, 0])
        sunk &= known
        still = seen.speed < _SLOW * np.maximum(usual[:, 0], tall)
        down: Truths = (seen.lies | sunk) & still & seen.whole
        share = _share(now_s - usual[:, 2])
        share[~known] = 1
        usual[:, 0] += share * (tall - usual[:, 0])
        usual[:, 1] += share * (top - usual[:, 1])
        usual[:, 2] = max(now_s, _FIRST_S)
        upright = seen.narrow & ~sunk
        self._usual[slots[upright]] = usual[upright]
        return down

    def state(self) -> State:
        """What is usual."""
        return packed(self._usual)

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self._usual = unpacked(state)


def _judged(
    usual: list[float], seen: _Postures, at_s: NDArray[np.float64]
) -> tuple[list[bool], list[float]]:
    """One person's rows in their order, as `Lying` judges them; and what is usual afterwards."""
    tall, top, learned_s = usual
    before_s = np.concatenate([[learned_s], np.maximum(at_s[:-1], _FIRST_S)])
    shares = _share(at_s - before_s).tolist()
    goes_on, down = True, []  # whether the row before was learned from
    columns = (seen.tall, seen.top, seen.speed, seen.lies, seen.narrow, seen.whole)
    rows = zip(at_s.tolist(), shares, *(one.tolist() for one in columns), strict=True)
    for now_s, share, height, low, speed, lies, narrow, whole in rows:
        known = learned_s > 0
        sunk = known and height < _SHRUNK * tall and low > top + _DROPPED * tall
        down.append((lies or sunk) and whole and speed < _SLOW * max(tall, height))
        upright = narrow and not sunk
        if upright:
            if not known:
                share = 1.0
            elif not goes_on:
                share = float(_share(np.array([now_s - learned_s]))[0])
            tall += share * (height - tall)
            top += share * (low - top)
            learned_s = max(now_s, _FIRST_S)
        goes_on = upright
    return down, [tall, top, learned_s]


def _share(since_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of what is seen now is taken for usual, by the time since it was learned."""
    share: NDArray[np.float64] = 1 - np.exp(-since_s.clip(0) / _FOLLOW_S)
    return share


def _postures(seen: Sight) -> _Postures:
    tall, width = seen.heights, seen.boxes[:, 2] - seen.boxes[:, 0]
    return _Postures(
        seen.slots, tall, seen.boxes[:, 1], np.hypot(*seen.velocity.T),
        width > tall, seen.whole & (width < _UPRIGHT * tall), seen.whole,
    )  # fmt: skip


def running(seen: Sight, limit: NDArray[np.float64] | float) -> Truths:
    """Who moves faster than `limit` (for all, or (N,)) heights of the body a second."""
    upright = seen.boxes[:, 2] - seen.boxes[:, 0] < seen.heights  # who falls moves fast as well
    fast: Truths = (seen.pace > limit) & upright & seen.whole
    return fast


def against(seen: Sight, way: NDArray[np.float64], least: NDArray[np.float64] | float) -> Truths:
    """Who goes against `way` (a direction on the picture) by `least` (for all, or (N,)) heights a
    second."""
    x, y = seen.velocity.T
    back: Truths = -(x * way[0] + y * way[1]) > least * seen.heights
    return back


def unprotected(seen: Sight, worn: list[Boxes]) -> Truths:
    """Who wears not all of the kinds of things whose boxes `worn` lists, kind by kind."""
    bare = np.zeros(len(seen.slots), np.bool_)
    x1, y1, x2, _ = seen.boxes.T
    low = y1 + _HEAD * seen.heights
    for boxes in worn:
        x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        on = (x > x1[:, None]) & (x < x2[:, None]) & (y > y1[:, None]) & (y < low[:, None])
        bare |= ~on.any(axis=1)
    return bare & seen.whole
