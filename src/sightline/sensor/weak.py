"""A detector that overlooks people, as real ones do: the more, the less of them it can see.

How sure it is of an object follows how much of it is visible, who it is, and a chance that
lasts for about a second; what it is not sure of at all it does not find. Boxes end where the
visible part does, more or less. Of two that lie over each other the weaker is left out, and
now and then it finds somebody who is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.geometry.boxes import iou

_SURE, _PLAIN, _HIDDEN = 3.5, 0.5, 6.0  # log odds: as such, of any object, and where all is hidden
_WHO, _LASTING, _FLEETING = 0.5, 0.8, 0.3  # standard deviations of chance, at weakness 1
_LASTS_S, _TREMBLES_S = 0.7, 0.3
_TREMBLE, _CUT = 0.012, 0.35  # of a box's height: its edges, and what is hidden of its lower end
_FOUND = 0.1  # less sure than this is not found
_ONE = 0.65  # intersection over union, from which on two boxes are one
_GHOST_S, _GHOST = 1.2, 0.3  # how long who is not there is seen, and log odds of that
_GHOST_SIZE = (0.06, 0.25)
_FIRST_GHOST = 400_000  # above the numbers of who is there
_LEAST = 0.3  # of a height is always left


Object = dict[str, Any]


class Weak:
    """The objects that a scene knows, as a detector would have them, each with its `score`.

    weakness  0: finds whatever is not wholly hidden; 1: a small network in a shop; 2: a bad one
    ghosts    how many a minute it sees who are not there
    """

    def __init__(self, weakness: float, ghosts: float, seed: int) -> None:
        self._weakness, self._ghosts = weakness, ghosts
        self._rng = np.random.default_rng([seed, 77])
        self._moods: dict[int, NDArray[np.float64]] = {}  # who, lasting, four edges, lower end
        # Who is not there: until when, under which number, and where.
        self._haunting: list[tuple[float, int, NDArray[np.float64]]] = []
        self._raised = 0
        self._now_s: float | None = None

    def look(self, objects: Sequence[Object], now_s: float) -> list[Object]:
        """Of the true objects those that it finds, and ghosts."""
        step_s = 0.0 if self._now_s is None else max(0.0, now_s - self._now_s)
        self._now_s = now_s
        found = [one for item in objects if (one := self._found(item, step_s)) is not None]
        return _apart(found + self._ghosts_of(objects, now_s, step_s))

    def _found(self, item: Object, step_s: float) -> Object | None:
        mood = self._mood(item["id"], step_s)
        hidden, weak = 1 - item["visible"], self._weakness
        odds = _SURE - weak * (_PLAIN + _HIDDEN * hidden)
        chance = _WHO * mood[0] + _LASTING * mood[1] + _FLEETING * self._rng.normal()
        score = _share(odds + weak * chance)
        if score < _FOUND or not item["visible"]:
            return None
        box = np.array(item["box"])
        height = box[3] - box[1]
        box += mood[2:6] * _TREMBLE * height
        box[3] -= min(1.0, weak) * _CUT * hidden * abs(mood[6]) * height
        box[3] = max(box[3], box[1] + _LEAST * height)
        return {**item, "box": box.tolist(), "score": score}

    def _mood(self, number: int, step_s: float) -> NDArray[np.float64]:
        rng, known = self._rng, self._moods.get(number)
        if known is None:
            known = self._moods[number] = rng.normal(size=7)
            return known
        kept = np.exp(-step_s / np.array([_LASTS_S, *[_TREMBLES_S] * 4, _LASTS_S]))
        known[1:] = known[1:] * kept + rng.normal(size=6) * np.sqrt(1 - kept**2)
        return known

    def _ghosts_of(self, objects: Sequence[Object], now_s: float, step_s: float) -> list[Object]:
        rng = self._rng
        if rng.random() < self._ghosts * step_s / 60:
            size = np.array(_GHOST_SIZE)
            if objects:
                x1, y1, x2, y2 = objects[int(rng.integers(len(objects)))]["box"]
                size = np.array([x2 - x1, y2 - y1])
            middle = rng.random(2)
            box = np.concatenate([middle - size / 2, middle + size / 2])
            self._raised += 1
            self._haunting.append(
                (now_s + rng.exponential(_GHOST_S), _FIRST_GHOST + self._raised, box)
            )
        self._haunting = [one for one in self._haunting if one[0] > now_s]
        found: list[Object] = []
        for _, number, box in self._haunting:
            moved = box + rng.normal(0, _TREMBLE, 4) * (box[3] - box[1])
            score = _share(_GHOST + rng.normal())
            found.append(
                {
                    "id": number,
                    "label": "person",
                    "box": moved.tolist(),
                    "visible": 1.0,
                    "score": score,
                }
            )
        return found


def _share(odds: float) -> float:
    return float(1 / (1 + exp(-odds)))


def _apart(found: list[Object]) -> list[Object]:
    """Without those that lie over a stronger one."""
    if len(found) < 2:
        return found
    boxes = np.array([one["box"] for one in found])
    labels = np.array([one["label"] for one in found])
    over = (iou(boxes, boxes) > _ONE) & (labels[:, None] == labels)
    order = sorted(range(len(found)), key=lambda i: -found[i]["score"])
    kept: list[int] = []
    for i in order:
        if not over[i, kept].any():
            kept.append(i)
    return [found[i] for i in sorted(kept)]
