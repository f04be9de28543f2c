"""The parts of the editor in a real browser: its document, and what a pointer means."""

from collections.abc import Callable
from typing import Any

import pytest

from sightline.web.assets import assets

BASE = f"/assets/{assets().version}/editing/"
Script = Callable[..., Any]

CONFIG = {
    "source": "scene:",
    "lines": [{"name": "door", "points": [[0.5, 0], [0.5, 1]], "classes": ["person"]}],
    "zones": [{"name": "till", "polygon": [[0.1, 0.1], [0.4, 0.1], [0.4, 0.5]]}],
    "privacy": {"policy": "none"},
}


def test_a_document_without_changes_gives_the_configuration_back(script: Script) -> None:
    same = script(
        "editing/document.js", "(m, config) => new m.Document(config).into(config)", CONFIG
    )
    assert same == CONFIG


def test_moving_a_corner_changes_only_that_corner_and_can_be_undone(script: Script) -> None:
    moved, back, again = script(
        "editing/document.js",
        """(m, config) => {
            const one = new m.Document(config);
            one.move(one.shapes[0].id, 1, [0.62344, 0.9]);
            const moved = one.into(config);
            one.undo();
            const back = one.into(config);
            one.redo();
            return [moved, back, one.into(config)];
        }""",
        CONFIG,
    )
    assert moved["lines"][0] == {**CONFIG["lines"][0], "points": [[0.5, 0], [0.6234, 0.9]]}  # type: ignore[index]
    assert moved["zones"] == CONFIG["zones"]
    assert back == CONFIG
    assert again == moved


def test_a_drag_of_many_steps_is_undone_at_once(script: Script) -> None:
    back = script(
        "editing/document.js",
        """(m, config) => {
            const one = new m.Document(config);
            for (let step = 0; step < 30; step += 1)
                one.move(one.shapes[0].id, 0, [0.5 + step / 100, 0], { joined: step > 0 });
            one.undo();
            return one.into(config);
        }""",
        CONFIG,
    )
    assert back == CONFIG


def test_a_shape_is_shifted_as_far_as_the_picture_goes(script: Script) -> None:
    points = script(
        "editing/document.js",
        """(m, config) => {
            const one = new m.Document(config);
            const zone = one.shapes[1];
            one.shift(zone.id, m.pointsOf(zone), 5, -5);
            return m.pointsOf(one.find(zone.id));
        }""",
        CONFIG,
    )
    assert points == [[0.7, 0], [1, 0], [1, 0.4]]


def test_the_last_corners_of_a_zone_take_it_with_them(script: Script) -> None:
    left = script(
        "editing/document.js",
        """(m, config) => {
            const one = new m.Document(config);
            one.dropCorner(one.shapes[1].id, 0);
            return one.into(config).zones;
        }""",
        CONFIG,
    )
    assert left == []


def test_new_names_are_free(script: Script) -> None:
    names = script(
        "editing/document.js",
        """(m, config) => {
            const one = new m.Document(config);
            one.add("lines", [[0, 0], [1, 1]]);
            one.add("lines", [[0, 0], [1, 1]]);
            return one.into(config).lines.map((line) => line.name);
        }""",
        CONFIG,
    )
    assert names == ["door", "line 1", "line 2"]


def test_a_pointer_snaps_to_corners_edges_and_straight_lines(script: Script) -> None:
    found = script(
        "editing/snapping.js",
        """(m) => [
            m.snapped([0.501, 0.502], { others: [[0.5, 0.5]], size: [800, 600] }),
            m.snapped([0.004, 0.3], { size: [800, 600] }),
            m.snapped([0.7, 0.42], { from: [0.2, 0.4], straight: true, size: [800, 600] }),
            m.snapped([0.3, 0.3], { others: [[0.5, 0.5]], size: [800, 600] }),
        ]""",
    )
    assert found == [[0.5, 0.5], [0, 0.3], [0.7, 0.4], [0.3, 0.3]]


def test_what_is_under_a_pointer(script: Script) -> None:
    found = script(
        "editing/snapping.js",
        """(m) => {
            const points = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.5], [0.1, 0.5]];
            const shapes = [{ id: "z", points, closed: true }];
            const at = (place) => m.under(place, shapes, { size: [1000, 1000] });
            return [at([0.1, 0.1]), at([0.3, 0.1]), at([0.3, 0.3]), at([0.9, 0.9])];
        }""",
    )
    assert found == [
        {"shape": "z", "corner": 0},
        {"shape": "z", "side": 0},
        {"shape": "z", "inside": True},
        None,
    ]


def test_a_zone_that_crosses_itself_is_seen(script: Script) -> None:
    crossed = script(
        "editing/snapping.js",
        "(m) => [[[0,0],[1,1],[1,0],[0,1]], [[0,0],[1,0],[1,1],[0,1]]].map(m.crossesItself)",
    )
    assert crossed == [True, False]


FAULTS = {
    "few": ("zones", {"name": "a", "polygon": [[0, 0], [1, 1]]}),
    "double": ("lines", {"name": "a", "points": [[0.5, 0.5], [0.5, 0.5]]}),
    "crosses": ("dwell", {"name": "a", "polygon": [[0, 0], [1, 1], [1, 0], [0, 1]]}),
    "thin": ("queues", {"name": "a", "polygon": [[0, 0], [0.5, 0.5], [1, 1]]}),
    "dented": ("shelves", {"name": "a", "polygon": [[0, 0], [1, 0], [0.2, 0.2], [0, 1]]}),
    "unmeasured": ("ground", {"picture": [[0, 0], [1, 0], [1, 1], [0, 1]], "floor": [None] * 4}),
    "nameless": ("zones", {"name": " ", "polygon": [[0, 0], [1, 0], [1, 1]]}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_the_camera_would_refuse_is_found_while_it_is_drawn(
    script: Script, fault: str
) -> None:
    kind, value = FAULTS[fault]
    config = {kind: value if kind == "ground" else [value]}
    key = script(
        "editing/faults.js",
        """async (m, [config, base]) => {
            const { shapesOf } = await import(new URL("kinds.js", location.origin + base));
            const shapes = shapesOf(config);
            return m.faultOf(shapes[0], shapes)?.key;
        }""",
        [config, BASE],
    )
    assert key == f"fault.{fault}"


def test_what_is_sound_has_no_fault(script: Script) -> None:
    keys = script(
        "editing/document.js",
        """async (m, [config, base]) => {
            const { faultOf } = await import(new URL("faults.js", location.origin + base));
            const one = new m.Document(config);
            one.add("shelves", [[0.9, 0.9], [0.5, 0.9], [0.9, 0.5], [0.5, 0.5]]);
            one.add("queues", [[0.1, 0.1], [0.4, 0.1], [0.4, 0.5]]);
            return one.shapes.map((shape) => faultOf(shape, one.shapes));
        }""",
        [CONFIG, BASE],
    )
    assert keys == [None] * 4


MERGED = """(m, [config, mine, theirs, prefer]) => {
    const one = new m.Document(config);
    for (const [verb, at, ...more] of mine)
        one[verb](at === null ? "zones" : one.shapes[at].id, ...more);
    const conflicts = one.rebase(theirs, prefer);
    return [one.into(theirs), conflicts.map(({ kind, name }) => `${kind} ${name}`)];
}"""  # fmt: skip
HERS = [[0.2, 0.2], [0.4, 0.1], [0.4, 0.5]]
NEW = [[0.6, 0.6], [0.9, 0.6], [0.9, 0.9]]


def test_what_two_people_changed_apart_is_put_together(script: Script) -> None:
    theirs = {**CONFIG, "zones": [{"name": "till", "polygon": HERS}, {"name": "a", "polygon": NEW}]}
    merged, conflicts = script(
        "editing/document.js", MERGED,
        [CONFIG, [["move", 0, 0, [0.6, 0]], ["add", None, NEW]], theirs, "mine"],
    )  # fmt: skip
    assert conflicts == []
    assert merged["lines"][0]["points"] == [[0.6, 0], [0.5, 1]]
    assert merged["zones"] == [
        {"name": "till", "polygon": HERS},
        {"name": "zone 1", "polygon": NEW},
        {"name": "a", "polygon": NEW},
    ]


@pytest.mark.parametrize(("prefer", "left"), [("mine", [0.3, 0.1]), ("theirs", [0.2, 0.2])])
def test_what_both_changed_is_named_and_goes_one_way(
    script: Script, prefer: str, left: list[float]
) -> None:
    theirs = {**CONFIG, "zones": [{"name": "till", "polygon": HERS}]}
    merged, conflicts = script(
        "editing/document.js", MERGED, [CONFIG, [["move", 1, 0, [0.3, 0.1]]], theirs, prefer]
    )
    assert conflicts == ["zones till"]
    assert merged["zones"][0]["polygon"][0] == left


@pytest.mark.parametrize(
    ("mine", "theirs", "conflicts", "left"),
    [
        ([], {**CONFIG, "zones": []}, [], []),
        ([["remove", 1]], CONFIG, [], []),
        ([["move", 1, 0, [0.3, 0.1]]], {**CONFIG, "zones": []}, ["zones till"], ["till"]),
        ([["remove", 1]], {**CONFIG, "zones": [{"name": "till", "polygon": HERS}]},
         ["zones till"], []),
        ([["set", 1, {"name": "desk"}]], CONFIG, [], ["desk"]),
        ([["add", None, NEW]], {**CONFIG, "zones": [*CONFIG["zones"],  # type: ignore[misc]
         {"name": "zone 1", "polygon": HERS}]}, [], ["till", "zone 1 2", "zone 1"]),
    ],
    ids=["they removed", "I removed", "I changed what they removed", "I removed what they changed",
         "I renamed", "both made one of that name"],
)  # fmt: skip
def test_who_removed_and_who_changed(
    script: Script, mine: Any, theirs: Any, conflicts: list[str], left: list[str]
) -> None:
    merged, found = script("editing/document.js", MERGED, [CONFIG, mine, theirs, "mine"])
    assert found == conflicts
    assert [zone["name"] for zone in merged["zones"]] == left


def test_what_is_given_in_metres_is_left_alone(script: Script) -> None:
    metric = {"name": "aisle", "unit": "metres", "polygon": [[1, 1], [5, 1], [5, 3]]}
    config = {**CONFIG, "zones": [metric, *CONFIG["zones"]]}  # type: ignore[misc]
    drawn, same = script(
        "editing/document.js",
        "(m, config) => [new m.Document(config).drawn.length, new m.Document(config).into(config)]",
        config,
    )
    assert (drawn, same) == (2, config)


def test_a_floor_keeps_metres_with_its_points(script: Script) -> None:
    points = [[0.1, 0.9], [0.9, 0.9], [0.7, 0.4], [0.3, 0.4], [0.5, 0.6]]
    metres = [[0, 0], [4, 0], [4, 6], [0, 6], [2, 3]]
    ground = script(
        "editing/document.js",
        """(m, ground) => {
            const one = new m.Document({ ground });
            one.dropCorner(one.shapes[0].id, 1);
            return one.into({ ground }).ground;
        }""",
        {"picture": points, "floor": metres},
    )
    assert ground == {
        "picture": [points[0], *points[2:]], "floor": [metres[0], *metres[2:]]
    }  # fmt: skip


def test_a_queue_takes_its_head_along(script: Script) -> None:
    queue = script(
        "editing/document.js",
        """(m) => {
            const one = new m.Document({});
            const id = one.add("queues", [[0.1, 0.1], [0.3, 0.1], [0.3, 0.5], [0.1, 0.5]]);
            one.shift(id, m.pointsOf(one.find(id)), 0.5, 5);
            return one.into({}).queues[0];
        }""",
    )
    assert queue["path"] == [[0.7, 0.6]]
    assert queue["polygon"][0] == [0.6, 0.6]


def test_a_shelf_in_perspective_has_its_cells_where_they_look(script: Script) -> None:
    corners = [[0.1, 0.2], [0.8, 0.1], [0.9, 0.9], [0.2, 0.7]]
    found = script(
        "canvas/grids.js",
        "(m, corners) => [[0,0],[1,0],[1,1],[0,1]].map(m.square(corners))",
        corners,
    )
    for place, corner in zip(found, corners, strict=True):
        assert place == pytest.approx(corner)
