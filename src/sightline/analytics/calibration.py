"""Finding the floor of a camera, and saying how sure that is: from known points, or from the
heights of people who walked there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from sightline.analytics.floor import GroundConfig
from sightline.analytics.place import Point
from sightline.errors import ConfigError
from sightline.geometry.heights import Heights, from_heights
from sightline.results import Detections

_LOOK_NS = 500_000_000  # people move on between two looks
_LINE_STEPS = 24
_MOST_LINES = 60

Grid = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well a floor is known where its points are.

    best_m, worst_m  standard error of a place
    distance         standard error of a short distance, as a share of it, at the worst of them
    residual_m       how far the points miss their places on average; 0 for four
    """

    best_m: float
    worst_m: float
    distance: float
    residual_m: float


def accuracy(ground: GroundConfig) -> Accuracy:
    """Of a floor. Raises ConfigError where the points hardly fix one."""
    known, corners = ground.ground(), np.array(ground.picture)
    with np.errstate(all="ignore"):
        errors = known.error_m(corners)
        found = (errors.min(), errors.max(), known.scale_error(corners).max(), known.residual_m())
    if not np.isfinite(found).all():
        raise ConfigError("these points hardly fix a floor: spread them further apart")
    return Accuracy(*map(float, found))


def from_points(picture: Sequence[Point], floor: Sequence[Point], error: float) -> GroundConfig:
    """From places that somebody measured. Raises ConfigError where they fix no floor."""
    try:
        return GroundConfig(picture=tuple(picture), floor=tuple(floor), error=error)
    except ValidationError as refused:
        first = refused.errors(include_url=False)[0]
        raise ConfigError(str(first["msg"]).removeprefix("Value error, ")) from None


def from_people(
    frames: Iterable[tuple[int, Detections]],
    labels: Sequence[str],
    aspect: float,
    classes: Collection[str],
    person_m: float,
) -> Heights:
    """From tracks over time, two looks a second. `labels` may grow meanwhile.

    Raises ValueError in words where they do not suffice.
    """
    boxes: list[Any] = []
    people: set[int] = set()
    due_ns = None
    for time_ns, seen in frames:
        if due_ns is not None and time_ns < due_ns:
            continue
        due_ns = time_ns + _LOOK_NS
        wanted = np.array([label in classes for label in labels] or [True])
        rows = np.flatnonzero(wanted[seen.labels] & (seen.scores > 0))
        boxes.append(seen.boxes[rows])
        assert seen.track_ids is not None
        people |= set(seen.track_ids[rows].tolist())
    whole = np.concatenate(boxes) if boxes else np.empty((0, 4))
    return from_heights(whole, aspect, person_m, len(people))


def ground_of(heights: Heights, at: tuple[float, float, float] | None = None) -> GroundConfig:
    """The floor that people's heights tell.

    at  where the camera hangs (metres) and where it looks (degrees clockwise from up); else the
        origin is below it and y ahead
    """
    floor = heights.floor
    if at is not None:
        x, y, degrees = at
        turn = np.radians(degrees)
        cosine, sine = np.cos(turn), np.sin(turn)
        floor = floor @ np.array([[cosine, -sine], [sine, cosine]]) + [x, y]
    return GroundConfig(
        picture=_rounded(heights.picture, 4),
        floor=_rounded(floor, 3),
        relative=round(heights.relative, 4),
    )


def metre_lines(ground: GroundConfig) -> list[list[Point]]:
    """Lines over the floor between the points, metre by metre (or wider, where that is many), as
    they look on the picture: what shows at a glance whether a floor lies right."""
    known, floor = ground.ground(), np.array(ground.floor)
    low, high = floor.min(axis=0), floor.max(axis=0)
    step = 1.0
    while ((high - low) / step).sum() > _MOST_LINES:
        step *= 2
    first, last = np.ceil(low / step) * step, np.floor(high / step) * step
    along = np.linspace(0, 1, _LINE_STEPS)[:, None]
    lines = []
    for axis in (0, 1):
        for at in np.arange(first[axis], last[axis] + step / 2, step):
            ends = np.array([low, high])
            ends[:, axis] = at
            lines += _seen(known.homogeneous(ends[0] + along * (ends[1] - ends[0])))
    return lines


def _seen(places: Grid) -> list[list[Point]]:
    """The part of a line that is before the camera, on the picture."""
    ahead = places[places[:, 2] > 1e-9]
    on = ahead[:, :2] / ahead[:, 2:]
    on = on[(np.abs(on - 0.5) <= 1).all(axis=1)]
    return [[(round(float(x), 4), round(float(y), 4)) for x, y in on]] if len(on) > 1 else []


def _rounded(points: Any, digits: int) -> tuple[Point, ...]:
    return tuple((round(float(x), digits), round(float(y), digits)) for x, y in points)
