"""A body's joints: where they are for a posture, as shares of the body's height."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

_HIP, _SHOULDER, _NECK, _HEAD = 0.52, 0.80, 0.855, 0.925
_THIGH, _SHIN, _UPPER_ARM, _FOREARM = 0.245, 0.24, 0.165, 0.155
_HIP_HALF, _SHOULDER_HALF = 0.052, 0.094

_AXIAL = [
    *("waist", "neck", "head", "jaw", "hair", "nape", "bun", "crown", "brim"),
    *("pack_top", "pack_low", "apron_top", "apron_low"),
]
_OF_A_LEG = ["hip", "knee", "heel", "toe", "hem"]
_OF_AN_ARM = ["shoulder", "elbow", "wrist", "hand"]
_CARRIED = ["strap", "bag_a", "bag_b", "basket_a", "basket_b", "basket_c", "basket_d"]
JOINTS = (
    *_AXIAL,
    *(f"{name}_{side}" for side in "lr" for name in (*_OF_A_LEG, *_OF_AN_ARM)),
    *_CARRIED,
)

_Sphere = tuple[float, float, float, float]  # forward, right, up, radius


@dataclass(frozen=True, slots=True)
class Posture:
    """How a body is held at one instant.

    phase    of the gait in radians; two steps are one turn
    swing    0 standing, 1 at a brisk walk
    reach    0 arm down, 1 right arm stretched out
    pushing  both hands on a handle in front
    down     0 upright, 1 lying on the floor
    """

    phase: float = 0.0
    swing: float = 0.0
    reach: float = 0.0
    pushing: bool = False
    down: float = 0.0


def spheres(posture: Posture, build: float) -> NDArray[np.float64]:
    """(len(JOINTS), 4): forward, right, up and radius; the lower foot stands on the ground."""
    left_leg, right_leg = _leg(posture, build, -1.0), _leg(posture, build, 1.0)
    left_arm, right_arm = _arm(posture, build, -1.0), _arm(posture, build, 1.0)
    rows = [
        *_axial(0.02 * posture.swing, build),
        *(*left_leg, *left_arm),
        *(*right_leg, *right_arm),
        *_carried(left_arm[0], left_arm[3], build),
    ]
    body = np.array(rows)
    feet = (*left_leg[2:4], *right_leg[2:4])
    body[:, 2] -= min(foot[2] - foot[3] for foot in feet)
    if posture.down:
        _fall(body, posture.down * pi / 2)
    return body


def _fall(body: NDArray[np.float64], turn: float) -> None:
    """Tip forward over the feet by an angle, in place; what is lowest lies on the ground."""
    ahead, up = body[:, 0].copy(), body[:, 2].copy()
    body[:, 0] = ahead * cos(turn) + up * sin(turn)
    body[:, 2] = up * cos(turn) - ahead * sin(turn)
    body[:, 2] -= (body[:, 2] - body[:, 3]).min()


def _axial(lean: float, build: float) -> list[_Sphere]:
    return [
        (0.0, 0.0, 0.6, 0.058 * build),
        (lean + 0.005, 0.0, _NECK, 0.027),
        (lean + 0.014, 0.0, _HEAD, 0.058),
        (lean + 0.026, 0.0, _HEAD - 0.03, 0.04),
        (lean + 0.002, 0.0, _HEAD + 0.014, 0.061),
        (lean - 0.035, 0.0, _HEAD - 0.1, 0.042),
        (lean - 0.065, 0.0, _HEAD + 0.02, 0.03),
        (lean + 0.008, 0.0, _HEAD + 0.034, 0.057),
        (lean + 0.085, 0.0, _HEAD + 0.024, 0.014),
        (-0.09, 0.0, 0.77, 0.045),
        (-0.105, 0.0, 0.62, 0.062),
        (0.05, 0.0, 0.72, 0.05),
        (0.055, 0.0, 0.42, 0.062),
    ]


def _leg(posture: Posture, build: float, sign: float) -> list[_Sphere]:
    turn = posture.phase + (pi if sign > 0 else 0.0)
    thigh = 0.52 * posture.swing * sin(turn)
    shin = thigh - 0.95 * posture.swing * max(0.0, cos(turn)) - 0.06
    across = sign * _HIP_HALF * build
    knee, knee_up = _THIGH * sin(thigh), _HIP - _THIGH * cos(thigh)
    heel, heel_up = knee + _SHIN * sin(shin), knee_up - _SHIN * cos(shin)
    return [
        (0.0, across, _HIP, 0.056 * build),
        (knee, across, knee_up, 0.036 * build),
        (heel, across, heel_up, 0.026),
        (heel + 0.085 * cos(shin), across + sign * 0.012, heel_up + 0.085 * sin(shin), 0.02),
        (knee * 0.8, across * 1.3, knee_up - 0.01, 0.05 * build),
    ]


def _arm(posture: Posture, build: float, sign: float) -> list[_Sphere]:
    turn = posture.phase + (pi if sign > 0 else 0.0)
    upper = -0.45 * posture.swing * sin(turn)
    lower = upper + 0.18 + 0.2 * posture.swing
    if posture.pushing:
        upper, lower = 0.45, 1.35
    elif sign > 0:
        upper += (1.25 - upper) * posture.reach
        lower += (1.45 - lower) * posture.reach
    lean, across = 0.02 * posture.swing, sign * _SHOULDER_HALF * build
    out = across + sign * 0.14 * _UPPER_ARM
    elbow, elbow_up = lean + _UPPER_ARM * sin(upper), _SHOULDER - _UPPER_ARM * cos(upper)
    wrist, wrist_up = elbow + _FOREARM * sin(lower), elbow_up - _FOREARM * cos(lower)
    return [
        (lean, across, _SHOULDER, 0.04 * build),
        (elbow, out, elbow_up, 0.029 * build),
        (wrist, out, wrist_up, 0.021),
        (wrist + 0.02 * sin(lower), out, wrist_up - 0.02 * cos(lower), 0.024),
    ]


def _carried(shoulder: _Sphere, hand: _Sphere, build: float) -> list[_Sphere]:
    forward, right, up, _ = hand
    return [
        (shoulder[0], shoulder[1], shoulder[2] + 0.03, 0.016),
        (0.05, -0.135 * build, 0.53, 0.035),
        (-0.05, -0.135 * build, 0.47, 0.035),
        (forward + 0.08, right - 0.03, up - 0.09, 0.032),
        (forward - 0.08, right - 0.03, up - 0.09, 0.032),
        (forward + 0.065, right - 0.03, up - 0.16, 0.03),
        (forward - 0.065, right - 0.03, up - 0.16, 0.03),
    ]
