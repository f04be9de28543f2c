"""Where cameras see the floor: as they are told, else as they came; what is unsound is none."""

from typing import Any

import pytest
from sqlalchemy import Connection

from sightline.hub.twin import twins
from sightline.hub.twin.grounds import grounds
from sightline.hub.twin.twins import Author
from sightline.wire.control import Desired, Reported

SOUND: dict[str, Any] = {
    "picture": [[0, 1], [1, 1], [0.7, 0.3], [0.3, 0.3]],
    "floor": [[0, 0], [4, 0], [4, 6], [0, 6]],
}
BEFORE = SOUND | {"floor": [[0, 0], [8, 0], [8, 6], [0, 6]]}
FLAT = SOUND | {"floor": [[0, 0], [1, 0], [2, 0], [3, 0]]}


def tell(connection: Connection, camera: str, config: dict[str, Any]) -> None:
    twins.change(connection, camera, lambda _: Desired(0, config), Author("ada", 1))


def test_what_is_asked_of_a_camera_goes_before_what_it_came_with(connection: Connection) -> None:
    twins.report(connection, "door", Reported(0, "applied", {"ground": BEFORE}), 1)
    assert grounds(connection, ["door"])["door"].floor[1] == (8, 0)
    tell(connection, "door", {"ground": SOUND, "lines": []})
    assert grounds(connection, ["door"])["door"].floor[1] == (4, 0)
    tell(connection, "door", {"lines": []})
    assert grounds(connection, ["door"]) == {}


@pytest.mark.parametrize("told", [None, FLAT, {"picture": []}, "there", 3, []])
def test_what_is_no_calibration_is_none(connection: Connection, told: Any) -> None:
    tell(connection, "door", {"ground": told})
    assert grounds(connection, ["door", "nobody"]) == {}


def test_many_are_asked_at_once(connection: Connection) -> None:
    names = [f"camera-{number}" for number in range(600)]
    for name in names:
        tell(connection, name, {"ground": SOUND})
    assert set(grounds(connection, names)) == set(names)
