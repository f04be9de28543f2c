"""Shelves on the picture: cells with how full they are, live and in a replay."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hubkit import SECOND, Speaker
from hubrun import RunningHub
from place import let_in, staffed_place
from visits import Visit

from sightline.hub.twin.twins import Author
from sightline.wire.messages import Event, Measure

FRONT = [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]
SHELF = {"name": "drinks", "polygon": FRONT, "rows": 1, "columns": 2}
NARRATOR = """
window.said = [];
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...more) {
  if (window.said.at(-1) !== text) window.said.push(text);
  return write.call(this, text, ...more);
};
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[RunningHub]:
    with staffed_place(tmp_path_factory.mktemp("site")) as running:
        let_in(running, "aisle")
        twins = running.services.twins
        running.do(twins.put("aisle", {"shelves": [SHELF]}, Author("ada", time.time_ns())))
        now = time.time_ns() - 90 * SECOND
        speaker = Speaker("aisle", now_ns=now)
        look = {"cells": [1.0, 0.6], "columns": 2}
        told = (
            Measure("shelf.fill", "drinks", now - 30 * SECOND, now, 0.8, data=look),
            Event("shelf.out_of_stock", now + 8 * SECOND, "drinks", data={"cell": [0, 1]}),
        )
        running.hear(speaker.announce(), speaker.say(*told), speaker.frames([1] * 300))
        yield running


@pytest.fixture
def page(browser: Any, hub: RunningHub) -> Iterator[Any]:
    seen = Visit(browser, hub.url, "viewer")
    seen.context.add_init_script(NARRATOR)
    yield seen
    assert seen.complaints == []
    seen.context.close()


def test_a_camera_shows_how_full_its_shelf_is_by_the_last_look(page: Visit) -> None:
    page.go("/cameras/aisle").wait_for_function("() => window.said.includes('drinks: 80 % full')")


def test_a_replay_shows_it_as_it_was_and_what_changed(page: Visit) -> None:
    one = page.go("/events")
    one.get_by_role("button", name="Replay").click()
    one.wait_for_function("() => window.said.includes('drinks: 80 % full')")
    one.wait_for_function("() => window.said.includes('drinks: 50 % full')")


def test_what_came_later_counts(script: Any) -> None:
    function = """(module) => {
      const look = (end_ns, cells) => ({ name: "a", end_ns, data: { cells, columns: 2 } });
      const looks = [look(3e6, [0.2, 0.2, null]), look(1e6, [1, 1, 1])];
      const out = { kind: "shelf.out_of_stock", name: "a", time_ns: 2e6, data: { cell: [1, 0] } };
      const at = (ms) => module.shelvesAt(looks, [out], ms).of("a");
      return [at(0.5), at(1.5), at(2.5), at(3.5), module.mean(at(3.5)), module.mean([null])];
    }"""
    assert script("canvas/shelves.js", function) == [
        None, [1, 1, 1], [1, 1, 0], [0.2, 0.2, None], 0.2, None,
    ]  # fmt: skip


def test_what_a_stranger_says_of_a_shelf_breaks_nothing(script: Any) -> None:
    function = """(module) => {
      const look = (cells) => ({ name: "a", end_ns: 1e6, data: { cells, columns: 2 } });
      const kind = "shelf.out_of_stock";
      const out = (cell) => ({ kind, name: "a", time_ns: 2e6, data: { cell } });
      const none = new module.Shelves().take([look("full"), look(7), { name: "a", end_ns: 1e6 }]);
      const some = new module.Shelves().take([look([0.5, "half", {}])]);
      const heard = [7, [9, 9], ["x", null], null].map((cell) => some.hear(out(cell)));
      return [none.of("a"), heard, some.of("a")];
    }"""
    assert script("canvas/shelves.js", function) == [
        None, [False, False, False, False], [0.5, None, None],
    ]  # fmt: skip


def test_a_cell_out_of_stock_is_crossed_and_others_fill_from_below(script: Any) -> None:
    function = """(module, shelf) => {
      const drawn = [];
      const context = { beginPath: () => drawn.push([]), stroke: () => drawn.push("crossed"),
        fill: () => drawn.push("filled"), moveTo: (x, y) => drawn.at(-1).push([x, y]),
        lineTo: (x, y) => drawn.at(-1).push([x, y]) };
      module.fills({ context, at: (x, y) => [x, y] }, shelf, [0.02, 0.5]);
      return drawn;
    }"""
    cross, crossed, bar, filled = script("canvas/grids.js", function, SHELF)
    assert (crossed, filled) == ("crossed", "filled")
    assert len(cross) == 4
    assert {round(y, 3) for _, y in bar} == {0.506, 0.776}  # 0.2 + 0.6 * (0.96 - 0.9 * 0.5), 0.96
