"""A shopping trolley of wire, pushed in front of a person."""

from __future__ import annotations

from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from sightline.source.rendering.drawing import Colour, Drawing, circles, hull
from sightline.source.rendering.projection import View

Array = NDArray[np.float64]

REACH_M = 0.86  # from who pushes it to its middle

# Forward, right, up in metres from the trolley's middle.
_TOP = np.array([[-0.40, -0.27, 1.0], [0.46, -0.2, 0.92], [0.46, 0.2, 0.92], [-0.40, 0.27, 1.0]])
_FLOOR = np.array(
    [[-0.34, -0.22, 0.5], [0.36, -0.17, 0.56], [0.36, 0.17, 0.56], [-0.34, 0.22, 0.5]]
)
_WHEELS = np.array([[-0.36, -0.2, 0.06], [0.4, -0.16, 0.06], [0.4, 0.16, 0.06], [-0.36, 0.2, 0.06]])
_HANDLE = np.array([[-0.5, -0.25, 1.04], [-0.5, 0.25, 1.04]])
_GOODS_CORNERS = np.array(
    [(x, y, z) for x in (-0.08, 0.08) for y in (-0.07, 0.07) for z in (-0.1, 0.12)]
)
_MOST_GOODS = 8

_WIRE, _RUBBER, _GRIP, _PANE = (176, 180, 186), (52, 52, 56), (204, 58, 46), (150, 154, 160)
_GOODS = ((214, 160, 60), (90, 150, 90), (190, 70, 60), (80, 120, 180), (232, 226, 210))
_PANE_OPACITY = 0.35


def draw_trolley(view: View, place: tuple[float, float], heading: float, goods: int) -> Drawing:
    """The trolley standing at `place`, its front towards `heading`, `goods` things in it."""
    along, aside = cos(heading), sin(heading)
    turn = np.array([[along, aside, 0], [aside, -along, 0], [0, 0, 1.0]])
    where = np.array((*place, 0.0))

    def rods(ends: Array, radii: Array, colour: Colour) -> None:
        centres, scale, _ = view.project(ends @ turn + where)
        for rim in circles(centres, radii[:, None] * scale):
            drawing.add(hull(rim), colour)

    drawing = Drawing()
    rods(_CHASSIS, _CHASSIS_RADII, _RUBBER)
    panes = view.project(_PANES @ turn + where)
    far_to_near = np.argsort(-panes[2].mean(axis=1)).tolist()
    for rank, side in enumerate(far_to_near):
        if rank == 2:
            _draw_goods(drawing, view, turn, where, goods)
        drawing.add(hull(panes[0][side]), _PANE, _PANE_OPACITY)
        rods(_WIRES[side], _WIRE_RADII[side], _WIRE)
    rods(_ARMS, np.full(2, 0.014), _WIRE)
    rods(_HANDLE[None], np.array([0.022]), _GRIP)
    return drawing


def _draw_goods(drawing: Drawing, view: View, turn: Array, where: Array, goods: int) -> None:
    for i in range(min(goods, _MOST_GOODS)):
        middle = (-0.25 + 0.16 * (i % 4), 0.1 if i // 4 else -0.08, 0.68 + 0.05 * (i % 3))
        box = (_GOODS_CORNERS + middle) @ turn + where
        drawing.add(hull(view.project(box)[0]), _GOODS[i % len(_GOODS)])


def _chassis() -> tuple[Array, Array]:
    above = np.array([0, 0, 0.05])
    legs = [(_FLOOR[i], _WHEELS[i] + above) for i in range(4)]
    rails = [(_WHEELS[i] + above, _WHEELS[i - 1] + above) for i in (1, 2, 3)]
    wheels = [(wheel, wheel) for wheel in _WHEELS]
    return np.array(legs + rails + wheels), np.array([0.016] * 4 + [0.015] * 3 + [0.06] * 4)


def _side_wires(i: int) -> tuple[Array, Array]:
    """The wires of the side between corners i and i + 1, the rim last."""
    j = (i + 1) % 4
    share = np.linspace(0, 1, 5 if i in (1, 3) else 7)[:, None]
    low = _FLOOR[i] + share * (_FLOOR[j] - _FLOOR[i])
    high = _TOP[i] + share * (_TOP[j] - _TOP[i])
    middle = (_FLOOR + _TOP) / 2
    level = [(_FLOOR[i], _FLOOR[j]), (middle[i], middle[j]), (_TOP[i], _TOP[j])]
    wires = np.concatenate([np.stack([low, high], axis=1), np.array(level)])
    return wires, np.array([0.006] * (len(wires) - 1) + [0.012])


_CHASSIS, _CHASSIS_RADII = _chassis()
_WIRES, _WIRE_RADII = zip(*map(_side_wires, range(4)), strict=True)
_PANES = np.stack([np.stack([_FLOOR[i], _FLOOR[i - 3], _TOP[i - 3], _TOP[i]]) for i in range(4)])
_ARMS = np.stack([np.stack([_TOP[0], _HANDLE[0]]), np.stack([_TOP[3], _HANDLE[1]])])
