"""People who stroll between places, and the same film seen otherwise: mirrored, smaller, backwards.

The places lie on a grid and people walk along its rows and columns, so that whoever crosses a line
or a side of a zone does so squarely, slowly and for good: what happens hangs on no single picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from sightline.analytics.asking import ask
from sightline.results import Detections
from sightline.twin.config import parse_config
from sightline.twin.questions import Question, questions
from sightline.wire.messages import Event

Stop: TypeAlias = tuple[float, float, float]  # seconds, x, y
People: TypeAlias = Mapping[int, Sequence[Stop]]
Film: TypeAlias = list[tuple[int, Detections]]

S = 10**9
ASPECT = 1.5
LABELS = ["person", "suitcase"]
TALL, WIDE = 0.2, 0.05
COLUMNS, ROWS = (0.12, 0.37, 0.62, 0.87), (0.35, 0.6, 0.85)
TILL = [[0.245, 0.475], [0.745, 0.475], [0.745, 0.725], [0.245, 0.725]]
WEST = [[0.0, 0.2], [0.245, 0.2], [0.245, 1.0], [0.0, 1.0]]
EAST = [[0.745, 0.2], [1.0, 0.2], [1.0, 1.0], [0.745, 1.0]]
DOOR = {"name": "door", "points": [[0.5, 1.0], [0.5, 0.1]]}
AISLE = {
    "name": "aisle",
    "polygon": [[0.04, 0.4], [0.96, 0.4], [0.96, 0.8], [0.04, 0.8]],
    "run": 1.5,
    "way": [1, 0],
}
FLOOR = {"name": "floor", "left_s": 5.0}
SHELF = {
    "name": "front",
    "polygon": [[0.05, 0.2], [0.95, 0.2], [0.95, 0.9], [0.05, 0.9]],
    "rows": 1,
    "columns": 3,
    "by": "detections",
    "full": 1,
    "settle_s": 1.0,
}
GROUND = {
    "picture": [[0, 0], [1, 0], [1, 1], [0, 1]],
    "floor": [[0, 0], [9, 0], [9, 6], [0, 6]],
}


@st.composite
def strolls(
    draw: st.DrawFn, most: int = 3, sides: Sequence[float] = (0.01, 0.99)
) -> dict[int, list[Stop]]:
    """People who come in at a side of the picture, go from place to place, and leave at a side."""
    people = {}
    for number in range(1, draw(st.integers(1, most)) + 1):
        at = draw(st.integers(0, 20)) * 0.2
        row = draw(st.integers(0, 2))
        stops = [(at, draw(st.sampled_from(sides)), ROWS[row])]
        for _ in range(draw(st.integers(1, 3))):
            across = draw(st.integers(0, 3))
            at = _go(stops, at, COLUMNS[across], ROWS[row])
            at += draw(st.integers(0, 20)) * 0.2
            stops.append((at, COLUMNS[across], ROWS[row]))
            row = draw(st.integers(0, 2))
            at = _go(stops, at, COLUMNS[across], ROWS[row])
        _go(stops, at, draw(st.sampled_from(sides)), ROWS[row])
        people[number] = stops
    return people


def _go(stops: list[Stop], at: float, x: float, y: float) -> float:
    """To a place, at a pace at which one is seen well at five pictures a second."""
    away = np.hypot((x - stops[-1][1]) * ASPECT, y - stops[-1][2])
    if away:
        at += round(max(1.0, away / 0.15) / 0.2) * 0.2
        stops.append((at, x, y))
    return at


@st.composite
def passes(draw: st.DrawFn) -> dict[int, list[Stop]]:
    """One who goes to and fro across the picture, each time running (2.4 heights a second on
    average) or walking (0.8)."""
    at, stops = 0.0, [(0.0, 0.01, 0.6)]
    for takes_s in draw(st.lists(st.sampled_from([3.0, 9.0]), min_size=1, max_size=4)):
        there = 1 - stops[-1][1]
        stops += [(at + takes_s, there, 0.6), (at + takes_s + 3, there, 0.6)]
        at = stops[-1][0]
    return {1: stops[:-1]}


def runs_of(people: People) -> tuple[int, int]:
    """How often somebody ran through the picture, and how often from right to left."""
    legs = [(a, b) for stops in people.values() for a, b in pairwise(stops) if a[1] != b[1]]
    return sum(b[0] - a[0] < 5 for a, b in legs), sum(b[1] < a[1] for a, b in legs)


@st.composite
def things(draw: st.DrawFn) -> dict[int, list[tuple[float, float]]]:
    """Three places, and from when to when a thing stands at each, in turn; of the 40 seconds that
    they are filmed for, it stands at a place, or does not, for eight at least or for ever."""
    return {
        place: [
            (a, b)
            for a, b in draw(
                st.sampled_from(
                    [[], [(0, 41)], [(0, 12)], [(15, 41)], [(9, 20.2)], [(0, 9), (19, 30)],
                     [(8, 18), (27, 41)], [(0, 14.6), (30, 41)]]
                )
            )
        ]
        for place in range(3)
    }  # fmt: skip


def standing(where: Mapping[int, Sequence[tuple[float, float]]], fps: float) -> Film:
    """Suitcases at three places, each time with a number of its own."""
    film = []
    for number in range(round(40 * fps) + 1):
        at = number / fps
        there = [
            (10 * place + turn, 0.2 + 0.3 * place)
            for place, turns in where.items()
            for turn, (begin, end) in enumerate(turns)
            if begin - 1e-6 <= at <= end - 1e-6
        ]
        x = np.array([x for _, x in there])
        low = np.full(len(x), 0.5)
        boxes = np.column_stack([x - 0.05, low, x + 0.05, low + 0.1]).astype(np.float32)
        ids = np.array([track for track, _ in there], np.int64)
        ones = np.ones(len(ids), np.float32)
        tracks = Detections(boxes, ones, np.ones(len(ids), np.int32), ids)
        film.append((round(at * S), tracks))
    return film


def lasting(people: People) -> float:
    """Until when there is somebody, and three seconds more."""
    return float(max(stops[-1][0] for stops in people.values()) + 3)


def filmed(people: People, fps: float, seconds: float | None = None) -> Film:
    """Picture by picture where everybody is, who start and stop smoothly."""
    long = lasting(people) if seconds is None else seconds
    moments = np.arange(round(long * fps) + 1) / fps
    ways = {track: _smooth(np.array(stops), moments) for track, stops in people.items()}
    film = []
    for number, moment in enumerate(moments.tolist()):
        there = {
            track: way[number]
            for track, way in ways.items()
            if people[track][0][0] - 1e-6 <= moment <= people[track][-1][0] + 1e-6
        }
        film.append((round(moment * S), _tracks(there)))
    return film


def _smooth(stops: NDArray[np.float64], moments: NDArray[np.float64]) -> NDArray[np.float64]:
    leg = np.clip(stops[:, 0].searchsorted(moments, "right") - 1, 0, len(stops) - 2)
    begin, end = stops[leg], stops[leg + 1]
    part = ((moments - begin[:, 0]) / np.maximum(end[:, 0] - begin[:, 0], 1e-9)).clip(0, 1)
    eased = (part**2 * (3 - 2 * part))[:, None]
    way: NDArray[np.float64] = begin[:, 1:] + eased * (end[:, 1:] - begin[:, 1:])
    return way


def _tracks(there: Mapping[int, NDArray[np.float64]]) -> Detections:
    feet = np.array(list(there.values())).reshape(-1, 2)
    around = np.array([-WIDE / 2, -TALL, WIDE / 2, 0])
    boxes = (np.tile(feet, 2) + around).astype(np.float32)
    ids, count = np.array(list(there), np.int64), len(there)
    return Detections(boxes, np.ones(count, np.float32), np.zeros(count, np.int32), ids)


def mirrored(film: Film) -> Film:
    """Left is right."""
    return [(at, replace(d, boxes=_flipped(d.boxes))) for at, d in film]


def _flipped(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    x1, y1, x2, y2 = boxes.T
    return np.column_stack([1 - x2, y1, 1 - x1, y2]).astype(np.float32)


def shrunk(film: Film, by: float) -> Film:
    """In the upper left corner of a larger picture."""
    return [(at, replace(d, boxes=d.boxes * np.float32(by))) for at, d in film]


def backwards(film: Film) -> Film:
    """The last picture first."""
    end = film[-1][0]
    return [(end - at, tracks) for at, tracks in reversed(film)]


def moved(tree: Any, by: Any) -> Any:
    """What is asked, with each place x, y of the picture put where `by` says."""
    if isinstance(tree, Mapping):
        return {
            key: value if key in ("floor", "way", "plan") else moved(value, by)
            for key, value in tree.items()
        }
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        if len(tree) == 2 and all(isinstance(one, int | float) for one in tree):
            return list(by(*tree))
        return [moved(one, by) for one in tree]
    return tree


def flipped(tree: Any) -> Any:
    """What is asked of the film, asked of the mirrored one."""
    return moved(tree, lambda x, y: (1 - x, y))


def answered(tree: Any, film: Film) -> tuple[list[Question], list[Event]]:
    """The analytics of a configuration after a film, its end included, and all events."""
    some = questions(parse_config({"source": "x", **tree}, "test"), LABELS, ASPECT)
    events = [event for at, tracks in film for event in ask(some, tracks, at)]
    return some, events + [event for one in some for event in one.finish()]
