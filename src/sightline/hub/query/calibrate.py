"""The floor of a camera, worked out as `sightline calibrate` does: with its error, before anybody
relies on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from math import degrees

from sqlalchemy import Connection

from sightline.analytics.calibration import (
    Accuracy,
    accuracy,
    from_people,
    from_points,
    ground_of,
    metre_lines,
)
from sightline.analytics.floor import GroundConfig
from sightline.analytics.place import Point
from sightline.errors import ConfigError
from sightline.geometry.heights import Heights
from sightline.hub.query.film import MOST_FRAMES, stored
from sightline.hub.refused import Refused
from sightline.hub.store.segments import Segments
from sightline.results import Detections


@dataclass(frozen=True, slots=True)
class Mounting:
    """How a camera hangs, as people's heights tell, each with its standard error. `people` are
    the boxes that say so, which differ in height by `scatter`."""

    height_m: float
    height_error_m: float
    down_degrees: float
    down_error_degrees: float
    view_degrees: float
    people: int
    scatter: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`ground` is what a configuration would hold; `lines` are the metres of the floor as they
    look on the picture; `mounting` is known where people's heights told it."""

    ground: GroundConfig
    accuracy: Accuracy
    lines: list[list[Point]]
    mounting: Mounting | None = None


def by_points(picture: list[Point], floor: list[Point], error: float) -> Calibration:
    """From places that somebody measured. Raises Refused in words."""
    try:
        return _told(from_points(picture, floor, error))
    except ConfigError as refused:
        raise Refused(str(refused)) from None


def by_people(
    connection: Connection,
    segments: Segments,
    camera: str,
    span: tuple[int, int],
    classes: tuple[str, ...],
    person_m: float,
) -> Calibration:
    """From the heights of people in stored frames. Raises Refused in words."""
    film = stored(connection, segments, camera, *span)
    first = next(film, None)
    if first is None:
        raise Refused("no frames are stored of that time; let people walk by first")
    labels, aspect, stretch = first

    def frames() -> Iterator[tuple[int, Detections]]:
        for one in chain([stretch], (later for _, _, later in film)):
            for number, time_ns in enumerate(one.times.tolist()):
                yield time_ns, one.picture(number)

    try:
        heights = from_people(islice(frames(), MOST_FRAMES), labels, aspect, classes, person_m)
        return _told(ground_of(heights), _mounting(heights))
    except (ValueError, ConfigError) as refused:
        raise Refused(str(refused)) from None


def _told(ground: GroundConfig, mounting: Mounting | None = None) -> Calibration:
    return Calibration(ground, accuracy(ground), metre_lines(ground), mounting)


def _mounting(heights: Heights) -> Mounting:
    return Mounting(
        height_m=heights.height_m,
        height_error_m=heights.height_error_m,
        down_degrees=degrees(heights.tilt),
        down_error_degrees=degrees(heights.tilt_error),
        view_degrees=heights.view_degrees,
        people=heights.people,
        scatter=heights.scatter,
    )
