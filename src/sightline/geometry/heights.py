"""The floor from people's heights alone: the camera for which everybody is equally tall.

A pinhole camera without roll and distortion, its principal point in the middle, over a level floor
(the model of Lv, Zhao and Nevatia, "Camera calibration from video of a walking human", 2006). For a
focal length and a tilt every box gives its person's height as a share of the camera's; the right
pair is the one under which those heights scatter least. All pairs of a grid are weighed by their
likelihood, and what they disagree about is the error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan, degrees
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Grid = NDArray[np.float64]

PERSON_M, PERSON_ERROR_M = 1.70, 0.05  # of grown people in shoes, and how much places differ
_FOCAL, _FOCAL_SPREAD = 1.0, 0.3  # heights of the picture; the natural logarithm's deviation
_FEWEST, _MOST = 8, 600  # boxes
_OUT = 0.2  # heights that are further off than that, as a share, are no heights
_LOST = 0.2  # so many people may be taller than any person, or above the horizon
_TRUST = 0.5  # of each person: boxes err together, by the network's habits
_LEAST = 0.03  # no people are more equally tall than that, nor boxes better
_SAMPLES = 200


@dataclass(frozen=True, slots=True)
class Heights:
    """A camera over a floor, as people's heights tell.

    focal, tilt   heights of the picture; radians below the horizontal
    height_m      of the camera above the floor
    focal_error, tilt_error, height_error_m  their standard errors
    relative      standard error of distances on the floor where people walk, as a share of them
    picture, floor  (4, 2) points for a `Ground`: metres, the origin below the camera, y ahead
    scatter       how much people's heights differ under it, as a share
    people        how many boxes it rests on
    """

    focal: float
    tilt: float
    height_m: float
    focal_error: float
    tilt_error: float
    height_error_m: float
    relative: float
    picture: Grid
    floor: Grid
    scatter: float
    people: int

    @property
    def view_degrees(self) -> float:
        """The vertical angle of view."""
        return degrees(2 * atan(0.5 / self.focal))


def from_heights(
    boxes: Array, aspect: float, person_m: float = PERSON_M, people: int | None = None
) -> Heights:
    """Calibrate from boxes (N, 4) of people who stand and are seen whole, in fractions.

    people  how many different ones they are of (as many as boxes), since those of one person err
            together
    Raises ValueError in words where they do not suffice.
    """
    foot, head, across = _upright(boxes, aspect)
    if len(foot) < _FEWEST:
        raise ValueError(
            f"{len(foot)} people who are seen from head to foot are too few; "
            f"{_FEWEST} at different distances are the least"
        )
    if np.ptp(foot) < 0.1:
        raise ValueError(
            "all people stand equally far away, which says nothing of the floor; record until "
            "some have walked towards the camera or away from it"
        )
    focal = np.exp(np.linspace(np.log(0.3), np.log(4.0), 61))
    tilt = np.radians(np.linspace(-10, 85, 191))
    found = [_shares(foot, head, float(one), tilt) for one in focal]
    shares, scatter, slope = (np.array(part) for part in zip(*found, strict=True))
    weight = min(people or len(foot), len(foot)) * _TRUST
    before = 0.5 * (np.log(focal / _FOCAL) / _FOCAL_SPREAD)[:, None] ** 2
    score = weight * (slope - np.log(scatter)) - before
    score[~np.isfinite(score)] = -np.inf
    if not np.isfinite(score).any():
        raise ValueError("no camera over a level floor sees people of equal heights like this")
    chance = np.exp(score - score.max())
    chance /= chance.sum()
    best = np.unravel_index(int(chance.argmax()), chance.shape)
    told = _told(focal, tilt, shares, scatter, chance, best, (foot, across), person_m)
    return replace(told, picture=told.picture / [aspect, 1] + 0.5)


def _upright(boxes: Array, aspect: float) -> tuple[Grid, Grid, Grid]:
    """Feet, heads (down from the middle) and feet across, in heights; those who look standing."""
    boxes = np.asarray(boxes, np.float64)
    inner = (boxes.min(axis=1) > 0.01) & (boxes.max(axis=1) < 0.99)
    height = boxes[:, 3] - boxes[:, 1]
    width = (boxes[:, 2] - boxes[:, 0]) * aspect
    sound = boxes[inner & (height > 0.02) & (width < 0.8 * height)]
    if len(sound) > _MOST:
        sound = sound[np.linspace(0, len(sound) - 1, _MOST).astype(int)]
    across = ((sound[:, 0] + sound[:, 2]) / 2 - 0.5) * aspect
    return sound[:, 3] - 0.5, sound[:, 1] - 0.5, across


def _shares(foot: Grid, head: Grid, focal: float, tilt: Grid) -> tuple[Grid, Grid, Grid]:
    """For each tilt people's typical height as a share of the camera's, its scatter, and slope.

    The scatter is the mean deviation of their logarithms, no single one counted for more than
    `_OUT`: who sits or is half hidden must not bend the floor.
    """
    sine, cosine = np.sin(tilt)[:, None], np.cos(tilt)[:, None]
    below = focal * sine + foot * cosine  # how steeply the foot's ray falls
    away = focal * cosine - foot * sine
    top = focal * sine + head * cosine
    ahead = focal * cosine - head * sine
    with np.errstate(divide="ignore", invalid="ignore"):
        # At the foot's distance the head's ray is so much higher.
        share = 1 - (top / ahead) * (away / below)
        logs = np.log(np.where((below > 1e-3) & (ahead > 1e-3) & (share > 1e-3), share, np.nan))
        # How much a head's place on the picture changes that, without which cameras under which
        # everything is nearly equal would be preferred whatever they see.
        slope = np.log(focal / ahead**2 * (away / below) / share)
    bad = np.isnan(logs).mean(axis=-1) > _LOST
    logs = np.where(np.isnan(logs), 9.0, logs)
    middle = np.median(logs, axis=-1)
    away_by = np.abs(logs - middle[:, None])
    off = np.minimum(away_by, _OUT).mean(axis=-1)
    scatter = np.where(bad, np.inf, np.maximum(1.25 * off, _LEAST))  # as of a normal's
    sound = away_by < _OUT
    slope = np.where(sound, slope, 0).sum(axis=-1) / np.maximum(sound.sum(axis=-1), 1)
    return np.exp(middle), scatter, slope


def _told(
    focal: Grid,
    tilt: Grid,
    shares: Grid,
    scatter: Grid,
    chance: Grid,
    best: Any,
    seen: tuple[Grid, Grid],
    person_m: float,
) -> Heights:
    picked = np.random.default_rng(0).choice(chance.size, _SAMPLES, p=chance.ravel())
    rows, columns = np.unravel_index(picked, chance.shape)
    heights = person_m / shares[rows, columns]
    foot, across = seen
    low, high = np.quantile(foot, [0.1, 0.95])
    side = max(0.15, float(np.abs(across).max()))
    corners = np.array([[-side, high], [side, high], [side, low], [-side, low]])
    f, t = float(focal[best[0]]), float(tilt[best[1]])
    h = float(person_m / shares[best])
    floor = _floor(corners, f, t, h)
    others = np.array(
        [
            _floor(corners, float(focal[r]), float(tilt[c]), float(m))
            for r, c, m in zip(rows, columns, heights, strict=True)
        ]
    )
    return Heights(
        focal=f,
        tilt=t,
        height_m=h,
        focal_error=float(focal[rows].std()),
        tilt_error=float(tilt[columns].std()),
        height_error_m=float(np.hypot(heights.std(), h * PERSON_ERROR_M / person_m)),
        relative=_disagreement(floor, others, person_m),
        picture=corners,
        floor=floor,
        scatter=float(scatter[best]),
        people=len(foot),
    )


def _disagreement(floor: Grid, others: Grid, person_m: float) -> float:
    """How much the distances between corners differ over likely cameras, as a share."""
    first, second = np.triu_indices(4, 1)
    mine = np.hypot(*(floor[first] - floor[second]).T)
    theirs = np.hypot(*np.moveaxis(others[:, first] - others[:, second], -1, 0))
    off = np.nan_to_num(theirs / mine - 1, nan=1.0).clip(-1, 1)
    return float(np.sqrt((off**2).mean() + (PERSON_ERROR_M / person_m) ** 2))


def _floor(points: Grid, focal: float, tilt: float, height_m: float) -> Grid:
    """Where points (across, down from the middle) are on the floor: x to the right, y ahead."""
    across, down = points.T
    below = focal * np.sin(tilt) + down * np.cos(tilt)
    away = focal * np.cos(tilt) - down * np.sin(tilt)
    scale = height_m / np.where(below > 1e-6, below, np.nan)
    return np.stack([across * scale, away * scale], axis=1)
