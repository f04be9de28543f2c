"""The demonstration's floor plan: who walks in its scenes walks in its shop."""

import numpy as np
import pytest

from sightline.cli.demo_cameras import SPOTS, camera_config, demo_layout
from sightline.cli.demo_plan import Stand
from sightline.hub.plans.layout import Layout
from sightline.hub.plans.sight import Sheet, outline
from sightline.source.scene import scene_of, truths

ROOMS = {  # left, top, right, bottom, in metres
    "shop-entrance": (4, 7, 22, 19), "checkout": (0, 3, 11, 17),
    "loading-bay": (19.4, 0.6, 36.3, 16), "aisle": (2, 0.6, 9, 5),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOTS)
def test_people_of_a_scene_are_in_its_part_of_the_shop(name: str) -> None:
    config = camera_config(name)
    assert config.ground is not None
    feet = [
        item["foot"]
        for _, truth in truths(f"scene:{SPOTS[name].scene}?seconds=30&fps=1&busy=2")
        for item in truth["objects"]
        if item["label"] == "person" and all(0 < value < 1 for value in item["foot"])
    ]
    x, y = config.ground.ground().to_floor(np.array(feet)).T
    left, top, right, bottom = ROOMS[name]
    assert len(feet) > 10
    assert ((x > left) & (x < right) & (y > top) & (y < bottom)).mean() > 0.97


@pytest.mark.parametrize("name", SPOTS)
def test_a_camera_knows_its_floor_to_a_centimetre(name: str) -> None:
    spot, config = SPOTS[name], camera_config(name)
    assert config.ground is not None
    places = np.array([[0.4, 3.5], [-0.9, 4.5], [0.7, 6.0]])
    seen = scene_of(f"scene:{spot.scene}").view.fractions(np.column_stack([places, np.zeros(3)]))
    found = config.ground.ground().to_floor(seen)
    assert found == pytest.approx(spot.stand.on_plan(places), abs=0.02)


@pytest.mark.parametrize(
    ("turn", "place"), [(0, (12, 18)), (90, (12, 22)), (180, (8, 22)), (270, (8, 18))]
)
def test_ways_to_look(turn: int, place: tuple[float, float]) -> None:
    assert Stand(10, 20, turn).on_plan(np.array([[2.0, 2.0]]))[0] == pytest.approx(place)


def test_the_plan_is_one_that_a_hub_takes_and_every_camera_sees_of_it() -> None:
    plan = Layout.model_validate(demo_layout())
    for placed in plan.cameras:
        ground = camera_config(placed.camera).ground
        assert ground is not None
        assert len(outline(ground, placed, Sheet.of(plan))) > 3
