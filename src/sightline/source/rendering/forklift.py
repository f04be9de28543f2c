"""A forklift truck that drives to and fro, as a drawing and as a machine on a route."""

from __future__ import annotations

from math import atan2, cos, hypot, sin

import numpy as np

from sightline.source.rendering.drawing import Colour, Drawing
from sightline.source.rendering.errands import Place
from sightline.source.rendering.motion import STEP_S
from sightline.source.rendering.projection import View
from sightline.source.rendering.solids import prism

# Ahead from, to, aside from, to, low, high in metres, and colour.
_Part = tuple[float, float, float, float, float, float, Colour]
_PARTS: tuple[_Part, ...] = (
    (-0.95, 0.55, -0.5, 0.5, 0.18, 0.62, (226, 150, 34)),
    (-1.0, -0.45, -0.5, 0.5, 0.18, 1.0, (226, 150, 34)),
    (-0.75, -0.35, -0.56, -0.4, 0.0, 0.42, (40, 40, 44)),
    (-0.75, -0.35, 0.4, 0.56, 0.0, 0.42, (40, 40, 44)),
    (0.2, 0.6, -0.56, -0.4, 0.0, 0.5, (40, 40, 44)),
    (0.2, 0.6, 0.4, 0.56, 0.0, 0.5, (40, 40, 44)),
    (-0.4, 0.0, -0.22, 0.22, 0.62, 1.28, (52, 78, 120)),
    (-0.28, -0.06, -0.12, 0.12, 1.28, 1.56, (214, 170, 132)),
    (0.56, 0.66, -0.42, -0.32, 0.0, 2.2, (70, 74, 80)),
    (0.56, 0.66, 0.32, 0.42, 0.0, 2.2, (70, 74, 80)),
    (-0.92, -0.84, -0.46, -0.38, 1.0, 2.05, (60, 62, 66)),
    (-0.92, -0.84, 0.38, 0.46, 1.0, 2.05, (60, 62, 66)),
    (0.42, 0.5, -0.46, -0.38, 0.6, 2.05, (60, 62, 66)),
    (0.42, 0.5, 0.38, 0.46, 0.6, 2.05, (60, 62, 66)),
    (-0.95, 0.52, -0.48, 0.48, 2.05, 2.12, (60, 62, 66)),
    (0.66, 1.7, -0.3, -0.18, 0.12, 0.17, (88, 90, 94)),
    (0.66, 1.7, 0.18, 0.3, 0.12, 0.17, (88, 90, 94)),
    (0.72, 1.75, -0.55, 0.55, 0.18, 0.3, (168, 128, 82)),
    (0.76, 1.7, -0.5, 0.5, 0.3, 1.05, (196, 164, 120)),
)

_TURN_RATE = 1.4  # rad/s
_SPEED_UP = 1.2  # m/s²
_DRIVES, _TURNS = 0.05, 0.1  # m/s and rad/s, from which on it moves


def draw_forklift(view: View, place: Place, heading: float) -> Drawing:
    """The truck with a pallet on its forks, its middle at `place`, facing `heading`."""
    along, aside = np.array([cos(heading), sin(heading)]), np.array([-sin(heading), cos(heading)])
    eye = view.position[:2] - place

    def away(part: _Part) -> float:
        middle = (part[0] + part[1]) / 2 * along + (part[2] + part[3]) / 2 * aside
        return -hypot(*(eye - middle)) + 0.35 * (part[4] + part[5])

    drawing = Drawing()
    for x1, x2, y1, y2, low, high, colour in sorted(_PARTS, key=away):
        corners = [np.array(place) + x * along + y * aside
                   for x, y in ((x1, y1), (x2, y1), (x2, y2), (x1, y2))]  # fmt: skip
        prism(drawing, view, [(float(x), float(y)) for x, y in corners], low, high, colour)
    return drawing


class Forklift:
    """Goes round `route` again and again; at each stop it rests for the seconds given there.

    speed  what it reaches, m/s
    """

    def __init__(self, route: list[tuple[Place, float]], speed: float) -> None:
        self._route, self._speed = route, speed
        self._next = 1 % len(route)
        self.place: Place = route[0][0]
        (x, y), (x2, y2) = route[0][0], route[self._next][0]
        self.heading = atan2(y2 - y, x2 - x)
        self.velocity = 0.0
        self._rest_s = route[0][1]
        self._turned = 0.0
        self._before = (*self.place, self.heading)

    @property
    def moves(self) -> bool:
        """Whether it drives or turns at this moment."""
        return self.velocity > _DRIVES or abs(self._turned) > _TURNS * STEP_S

    def step(self) -> None:
        """Go on by STEP_S."""
        self._before = (*self.place, self.heading)
        if self._rest_s > 0:
            self._rest_s -= STEP_S
            self.velocity = self._turned = 0.0
            return
        (x, y), rest_s = self._route[self._next]
        far = hypot(x - self.place[0], y - self.place[1])
        goal = atan2(y - self.place[1], x - self.place[0])
        turn = (goal - self.heading + np.pi) % (2 * np.pi) - np.pi
        self._turned = float(np.clip(turn, -_TURN_RATE * STEP_S, _TURN_RATE * STEP_S))
        self.heading += self._turned
        wanted = self._speed * max(0.0, cos(turn)) ** 3
        if rest_s > 0:
            wanted = min(wanted, 0.15 + far)
        change = _SPEED_UP * STEP_S
        self.velocity += float(np.clip(wanted - self.velocity, -change, change))
        way = min(self.velocity * STEP_S, far)
        self.place = (self.place[0] + way * cos(self.heading),
                      self.place[1] + way * sin(self.heading))  # fmt: skip
        if far < 0.12 + self.velocity * STEP_S:
            self._rest_s = rest_s
            self._next = (self._next + 1) % len(self._route)

    def at(self, share: float) -> tuple[Place, float]:
        """Place and heading at `share` 0..1 of the way through the last step."""
        x, y, heading = (
            before + (now - before) * share
            for before, now in zip(self._before, (*self.place, self.heading), strict=True)
        )
        return (x, y), heading
