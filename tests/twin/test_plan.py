"""One plan, two cameras, and places in metres."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sightline.analytics.view import View
from sightline.errors import ConfigError
from sightline.twin.config import parse_config
from sightline.twin.plan import Plan
from sightline.twin.questions import questions

GROUND = {
    "picture": [[0.05, 0.95], [0.95, 0.95], [0.7, 0.35], [0.3, 0.35]],
    "floor": [[0, 0], [4, 0], [4, 6], [0, 6]],
}
SQUARE = [[1, 1], [3, 1], [3, 3], [1, 3]]


def config(**more: Any) -> Any:
    return parse_config({"source": "x.mp4", "ground": GROUND, **more}, "test")


def counted(asked: Any, aspect: float) -> list[str]:
    """The names of what is asked, besides what every camera asks of itself."""
    return [
        one.config.name for one in questions(asked, ["person"], aspect) if not isinstance(one, View)
    ]


def test_places_in_metres_are_where_the_camera_sees_them() -> None:
    asked = config(
        zones=[{"name": "till", "unit": "metres", "polygon": SQUARE}],
        lines=[{"name": "door", "unit": "metres", "points": [[0, 2], [4, 2]]}],
        people=[
            {"name": "shop", "entrances": [
                {"name": "door", "unit": "metres", "points": [[0, 2], [4, 2]]}]}
        ],
        queues=[{"name": "q", "unit": "metres", "polygon": SQUARE, "path": [[2, 1]]}],
    )  # fmt: skip
    here = asked.placed()
    ground = asked.ground.ground()
    assert ground.to_floor(np.array(here.zones[0].polygon)) == pytest.approx(np.array(SQUARE))
    assert ground.to_floor(np.array(here.lines[0].points)) == pytest.approx(
        np.array([[0, 2], [4, 2]])
    )
    assert here.people[0].entrances[0].points == here.lines[0].points
    assert ground.to_floor(np.array(here.queues[0].path)) == pytest.approx(np.array([[2, 1]]))
    assert {zone.unit for zone in here.zones} == {"picture"}
    assert len(counted(asked, 1.5)) == 4


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"zones": [{"name": "a", "unit": "metres", "polygon": [[90, 1], [91, 1], [91, 2]]}]},
         "'a' is outside of what the camera sees"),
        ({"zones": [{"name": "a", "unit": "metres", "polygon": [[0, 0], [1, 1]]}]},
         "needs at least 3 points"),
        ({"zones": [{"name": "a", "unit": "metres", "polygon": SQUARE}], "ground": None},
         "'a' is in metres, and nobody said where they are: give `ground`"),
        ({"speeds": [{"name": "fast"}], "ground": None}, "'fast' counts in metres"),
        ({"distances": [{"name": "near"}], "ground": None}, "'near' counts in metres"),
        ({"crowds": [{"name": "c", "density": 1}], "ground": None}, "'c' counts in metres"),
        ({"ground": {**GROUND, "picture": [[0.1, 0.9], [0.5, 0.9], [0.9, 0.9], [0.3, 0.35]]}},
         "points 1, 2 and 3 lie on one line"),
        ({"ground": {**GROUND, "floor": GROUND["floor"][:3]}}, "at least 4"),
        ({"ground": {**GROUND, "floor": [[0, 0], [4, 6], [4, 0], [0, 6]]}}, "same order"),
        ({"ground": {**GROUND, "picture": [[0.05, 1.95], *GROUND["picture"][1:]]}},
         "outside the picture"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        config(**keys)


def plan_of(tmp_path: Path, **more: Any) -> Plan:
    far = {"picture": GROUND["picture"], "floor": [[4, 12], [0, 12], [0, 6], [4, 6]]}
    tree = {"size": [4, 12], "cameras": {"A": GROUND, "B": far}, **more}
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(tree))
    return Plan(path)


def test_the_plan_is_a_camera_from_above(tmp_path: Path) -> None:
    zones = [{"name": "till", "polygon": SQUARE}]
    places = [{"name": "a", "polygon": SQUARE}, {"name": "b", "polygon": [[0, 8], [4, 8], [4, 9]]}]
    paths = [{"name": "ways", "places": places}]
    plan = plan_of(tmp_path, zones=zones, paths=paths, heatmaps=[{"name": "floor"}])
    assert plan.flip
    assert plan.aspect == pytest.approx(4 / 12)
    [zone] = plan.camera.placed().zones
    upside = np.array([[1, 11], [3, 11], [3, 9], [1, 9]]) / [4, 12]
    assert np.array(zone.polygon) == pytest.approx(upside)
    assert len(counted(plan.camera, plan.aspect)) == 3


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"size": [0, 3]}, "size.0: Input should be greater than 0"),
        ({"cameras": {}}, "cameras: "),
        ({"colour": "red"}, "colour: "),
        ({"cameras": {"A": GROUND, "C": {**GROUND, "floor": [[4, 0], [0, 0], [0, 6], [4, 6]]}}},
         "'A' and 'C' see the plan mirrored|'C' and 'A' see the plan mirrored"),
        ({"zones": [{"name": "z", "polygon": [[50, 1], [51, 1], [51, 2]]}]}, "'z' is outside"),
        ({"zones": [{"name": "z", "polygon": [[0, 1], [1, 1]]}]}, "at least 3 points"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be(tmp_path: Path, keys: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        plan_of(tmp_path, **keys)


def test_a_camera_that_the_plan_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no camera 'X', but A, B"):
        plan_of(tmp_path).ground_of("X")


def test_a_camera_gets_its_floor_and_what_it_sees_of_the_plan(tmp_path: Path) -> None:
    aside = [[30, 1], [33, 1], [33, 2]]
    zones = [{"name": "near", "polygon": SQUARE}, {"name": "aside", "polygon": aside}]
    lines = [{"name": "across", "points": [[0, 5.9], [4, 5.9]]}]
    plan = plan_of(tmp_path, size=[40, 12], zones=zones, lines=lines)
    own = {"name": "own", "polygon": [[0, 0], [1, 0], [1, 1]]}
    tree = {"source": "a.mp4", "name": "A", "zones": [own]}
    a = parse_config(plan.added_to(tree, "A"), "test")
    assert [zone.name for zone in a.zones] == ["own", "near"]
    assert [line.name for line in a.lines] == ["across"]
    assert a.ground is not None
    assert a.zones[0].unit == "picture"
    b = parse_config(plan.added_to({"source": "b.mp4"}, "B"), "test")
    assert b.ground is not None
    assert b.ground.floor[0] == (4, 12)
    assert "aside" not in [zone.name for zone in b.zones]
    with pytest.raises(ConfigError, match="no camera 'X'"):
        plan.added_to({"source": "x.mp4"}, "X")
