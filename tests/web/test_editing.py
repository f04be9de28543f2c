"""The parts of the editor in a real browser: its document, and what a pointer means."""

from collections.abc import Callable
from typing import Any

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
