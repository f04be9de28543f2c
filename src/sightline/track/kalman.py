"""A Kalman filter of constant velocity for all tracks at once.

Kalman, "A New Approach to Linear Filtering and Prediction Problems", 1960, with the
acceleration as continuous white noise, so that any time may pass between two pictures.
Motion and noise are alike and independent in all four coordinates of a box and noise is
proportional to the height of the box: in that unit one 2x2 covariance a track stands for
all four, and there is no matrix to invert.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sightline.track.state import Tracks

Array = NDArray[np.float64]

# All in heights of the box.
NOISE = 0.06  # of a detected box, standard deviation
ACCELERATION = 0.3  # a second, root spectral density
SPEED = 0.65  # a second, standard deviation of an object just found


def predict(tracks: Tracks, elapsed_s: float) -> None:
    """Move every track on in time."""
    power = ACCELERATION**2 * elapsed_s
    tracks.box += tracks.velocity * elapsed_s
    tracks.var += elapsed_s * (2 * tracks.cov + elapsed_s * (tracks.var_v + power / 3))
    tracks.cov += elapsed_s * (tracks.var_v + power / 2)
    tracks.var_v += power


def update(tracks: Tracks, seen: NDArray[np.bool_]) -> None:
    """Correct the tracks that are `seen` (T,) by what was `observed`."""
    certain = seen / (tracks.var + NOISE**2)
    gain, gain_v = tracks.var * certain, tracks.cov * certain
    wrong = tracks.observed - tracks.box
    tracks.box += gain * wrong
    tracks.velocity += gain_v * wrong
    tracks.var_v -= gain_v * tracks.cov
    tracks.cov -= gain * tracks.cov
    tracks.var -= gain * tracks.var


def begin(tracks: Tracks, new: slice) -> None:
    """Tracks that have been observed once."""
    tracks.box[:, new] = tracks.observed[:, new]
    tracks.var[new] = NOISE**2
    tracks.var_v[new] = SPEED**2
