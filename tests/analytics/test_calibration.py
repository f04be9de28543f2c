"""A floor is found from points and from people, and judged before anybody relies on it."""

import numpy as np
import pytest
from upright import ASPECT, boxes_of

from sightline.analytics.calibration import (
    accuracy,
    from_people,
    from_points,
    ground_of,
    metre_lines,
)
from sightline.errors import ConfigError
from sightline.results import Detections

PICTURE = [(0.05, 0.95), (0.95, 0.95), (0.7, 0.35), (0.3, 0.35)]
FLOOR = [(0.0, 0.0), (4.0, 0.0), (4.0, 6.0), (0.0, 6.0)]


def test_near_points_are_known_better_than_far_ones() -> None:
    sure = accuracy(from_points(PICTURE, FLOOR, 0.005))
    assert 0 < sure.best_m < sure.worst_m < 1
    assert sure.residual_m == pytest.approx(0, abs=1e-9)


def test_who_clicks_less_well_is_told_so() -> None:
    well, badly = (accuracy(from_points(PICTURE, FLOOR, error)) for error in (0.002, 0.02))
    assert badly.worst_m == pytest.approx(10 * well.worst_m)


def test_a_fifth_point_that_does_not_fit_shows() -> None:
    picture, floor = [*PICTURE, (0.5, 0.5)], [*FLOOR, (2.0, 3.0)]
    assert accuracy(from_points(picture, floor, 0.005)).residual_m > 0.1


@pytest.mark.parametrize(
    ("picture", "floor", "sentence"),
    [
        (PICTURE[:3], FLOOR[:3], "at least 4"),
        (PICTURE, [FLOOR[at] for at in (0, 2, 1, 3)], "behind the camera"),
        ([(0.1, 0.1), (0.2, 0.2), (0.3, 0.3), (0.9, 0.1)], FLOOR, "lie on one line"),
        (PICTURE, [(0.0, 0.0)] * 4, "on one line"),
    ],
    ids=["three points", "another order", "in line", "one place"],
)
def test_what_fixes_no_floor_is_refused_in_words(
    picture: list[tuple[float, float]], floor: list[tuple[float, float]], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        from_points(picture, floor, 0.005)


def test_metre_by_metre_lines_meet_where_the_points_are() -> None:
    lines = metre_lines(from_points(PICTURE, FLOOR, 0.005))
    assert len(lines) == 5 + 7
    ends = {tuple(np.round(place, 3)) for line in lines for place in (line[0], line[-1])}
    assert set(PICTURE) <= ends


def test_a_large_floor_has_wider_lines() -> None:
    wide = [(x * 1000, y * 1000) for x, y in FLOOR]
    assert 4 < len(metre_lines(from_points(PICTURE, wide, 0.005))) < 80


def test_people_tell_the_floor_two_looks_a_second() -> None:
    boxes, _ = boxes_of(1.0, np.radians(20), 3.0, 150, 1)
    frames = [
        (number * 250_000_000, Detections(
            box[None].astype(np.float32), np.ones(1, np.float32), np.zeros(1, np.int32),
            np.array([number + 1]),
        ))
        for number, box in enumerate(np.repeat(boxes, 2, axis=0))
    ]  # fmt: skip
    heights = from_people(frames, ["person"], ASPECT, {"person"}, 1.7)
    assert heights.people == len(boxes)
    assert heights.height_m == pytest.approx(3.0, rel=0.25)
    assert accuracy(ground_of(heights)).distance > 0.02
    with pytest.raises(ValueError, match="too few"):
        from_people(frames, ["person"], ASPECT, {"dog"}, 1.7)
