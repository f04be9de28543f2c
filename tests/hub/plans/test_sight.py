"""A camera's own metres and the plan's: however they are given, the same place is meant."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.analytics.floor import GroundConfig
from sightline.hub.plans.layout import Layout, Placed
from sightline.hub.plans.sight import Mirrored, Sheet, Sight, outline

PICTURE = ((0.05, 0.95), (0.95, 0.95), (0.7, 0.35), (0.3, 0.35))
OWN = np.array([[-1.0, 2.0], [1.0, 2.0], [1.5, 8.0], [-1.5, 8.0]])  # x to the right, y ahead
FEET = np.array([[0.5, 0.9], [0.2, 0.6], [0.6, 0.4]])
metres = st.floats(-20, 20)
degrees = st.floats(-360, 360)


def ground(floor: object) -> GroundConfig:
    return GroundConfig(picture=PICTURE, floor=tuple(map(tuple, np.asarray(floor).tolist())))


def sheet(upwards: bool) -> Sheet:
    return Sheet.of(Layout(size=(12, 9), origin=(-2, 1), upwards=upwards))


@given(metres, metres, degrees)
def test_its_own_metres_turned_are_those_that_calibrate_at_gives(
    x: float, y: float, turn: float
) -> None:
    cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    told = OWN @ np.array([[cosine, -sine], [sine, cosine]]) + [x, y]  # as --at X,Y,DEGREES does
    own = Placed(camera="a", x=x, y=y, turn=turn, metres="camera")
    by_itself = Sight(ground(OWN), own, sheet(True)).on_paper(FEET)
    by_plan = Sight(ground(told), Placed(camera="a", x=0, y=0), sheet(True)).on_paper(FEET)
    assert by_itself == pytest.approx(by_plan, abs=1e-6)


@given(metres, metres, degrees)
def test_which_way_y_runs_changes_nothing_on_the_paper(x: float, y: float, turn: float) -> None:
    up, down = sheet(True), sheet(False)
    here = up.in_metres(down.on_paper(np.array([[x, y]])))[0]
    found = [
        Sight(
            ground(OWN), Placed(camera="a", x=at[0], y=at[1], turn=turn, metres="camera"), paper
        ).on_paper(FEET)
        for paper, at in ((down, (x, y)), (up, here))
    ]
    assert found[0] == pytest.approx(found[1], abs=1e-6)


def test_looking_along_the_plan() -> None:
    """A camera at the left edge that looks to the right sees what is ahead on the right."""
    placed = Placed(camera="a", x=-2, y=5, turn=90, metres="camera")
    found = Sight(ground(OWN), placed, sheet(False)).on_paper(np.array([PICTURE[0], PICTURE[1]]))
    assert found == pytest.approx(np.array([[2, 3], [2, 5]]), abs=1e-6)  # left hand is up


@given(st.floats(0, 12), st.floats(0, 9))
def test_what_it_sees_is_within_its_outline_and_nothing_else(x: float, y: float) -> None:
    placed = Placed(camera="a", x=4, y=9, metres="camera")
    seen = Sight(ground(OWN), placed, sheet(False))
    corners = seen.outline()
    assert len(corners) > 3
    ahead = np.roll(corners, -1, axis=0) - corners
    to = np.array([x, y]) - corners
    side = ahead[:, 0] * to[:, 1] - ahead[:, 1] * to[:, 0]
    if np.abs(side).min() < 0.05:
        return  # on the edge, where rounding decides
    assert seen.sees(np.array([[x, y]]))[0] == bool((side > 0).all() or (side < 0).all())


@given(degrees)
def test_its_matrix_leads_to_the_same_places(turn: float) -> None:
    placed = Placed(camera="a", x=3, y=2, turn=turn, metres="camera")
    for paper in (sheet(True), sheet(False)):
        seen = Sight(ground(OWN), placed, paper)
        across, along, depth = seen.matrix @ np.concatenate([FEET, np.ones((3, 1))], axis=1).T
        assert (depth > 0).all()
        found = np.stack([across / depth, along / depth], axis=1)
        assert paper.on_paper(found) == pytest.approx(seen.on_paper(FEET), abs=1e-6)
        assert (seen.matrix @ [0.5, -9, 1])[2] < 0  # above the horizon


def test_a_plan_that_is_seen_mirrored_is_refused() -> None:
    with pytest.raises(Mirrored, match="other way"):
        Sight(ground(OWN), Placed(camera="a", x=0, y=0), sheet(False))
    Sight(ground(OWN), Placed(camera="a", x=0, y=0), sheet(True))


def test_who_looks_elsewhere_sees_nothing_of_it() -> None:
    away = Placed(camera="a", x=500, y=500, metres="camera")
    assert outline(ground(OWN), away, sheet(False)) == ()
